"""The inbox: each event of the provider is stored first, and acted on until it is done."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lastlink_ui.billing.gateway import Gateway, ProviderEvent
from lastlink_ui.billing.models import InboxEvent
from lastlink_ui.billing.sync import Synchroniser
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.crash import CrashPoints
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.subscribers.models import Payment, Subscription

# Whatever one of these says, the answer is the same: look at the subscription as it is now.
HANDLED = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.voided",
    "invoice.marked_uncollectible",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)


class Inbox:
    """Takes events in any order and any number, and brings each to its end once."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        gateway: Gateway,
        synchroniser: Synchroniser,
        crash: CrashPoints,
    ) -> None:
        self._database = database
        self._clock = clock
        self._gateway = gateway
        self._synchroniser = synchroniser
        self._crash = crash

    async def take(self, event: ProviderEvent) -> None:
        """Store the event and act on it; returns when both are committed, also when they were before.

        Raises: whatever kept it from being acted on, which is stored with the event; a redelivery resumes it.
        """
        if await self._is_done_after_recording(event):
            return
        self._crash.reach("inbox.recorded")
        try:
            await self._finish(event)
        except Exception as error:
            await self._note(event, error)
            raise
        self._crash.reach("inbox.done")

    async def _is_done_after_recording(self, event: ProviderEvent) -> bool:
        """Whether the event was acted on before; it is stored from now on."""
        try:
            async with self._database.unit_of_work() as uow:
                known = await _row(uow, event)
                if known is None:
                    uow.session.add(
                        InboxEvent(
                            provider_event_id=event.id,
                            type=event.type,
                            subject=dict(event.subject),
                            occurred_at=event.created_at,
                            received_at=self._clock.now(),
                        )
                    )
                return known is not None and known.done_at is not None
        except IntegrityError:  # delivered twice at the same moment: the other one stored it
            return False

    async def _finish(self, event: ProviderEvent) -> None:
        async def mark_done(uow: UnitOfWork) -> None:
            row = await _row(uow, event)
            if row and row.done_at is None:
                row.done_at, row.last_error = self._clock.now(), ""
                uow.session.add(row)

        provider_id = await self._subscription(event)
        if provider_id:
            await self._synchroniser.sync(provider_id, mark_done)
        else:
            async with self._database.unit_of_work() as uow:
                await mark_done(uow)

    async def _subscription(self, event: ProviderEvent) -> str | None:
        """The provider's subscription that the event is about; None where it is about none."""
        if event.type not in HANDLED:
            return None
        if provider_id := event.subject.get("subscription"):
            return provider_id
        intent = event.subject.get("payment_intent")
        if not intent:
            return None
        async with self._database.reading() as session:
            found = await session.scalars(
                select(col(Subscription.provider_subscription_id))
                .join(Payment, col(Payment.subscription_id) == col(Subscription.id))
                .where(col(Payment.provider_payment_intent_id) == intent)
            )
            known = found.first()
        return known or await self._gateway.subscription_of_payment(intent)

    async def _note(self, event: ProviderEvent, error: Exception) -> None:
        async with self._database.unit_of_work() as uow:
            row = await _row(uow, event)
            if row:
                row.attempts += 1
                row.last_error = f"{type(error).__name__}: {error}"[:500]
                uow.session.add(row)


async def _row(uow: UnitOfWork, event: ProviderEvent) -> InboxEvent | None:
    found = await uow.session.scalars(
        select(InboxEvent).where(col(InboxEvent.provider_event_id) == event.id).with_for_update()
    )
    return found.one_or_none()
