"""The inbox: each event of the provider is stored first, and acted on until it is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, ColumnElement, bindparam, select, update
from sqlmodel import col

from lastlink_ui.billing.arrivals import Arrivals, key_of, stored
from lastlink_ui.billing.gateway import Gateways, ProviderEvent
from lastlink_ui.billing.models import InboxEvent
from lastlink_ui.billing.sync import Synchroniser, Written
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.crash import CrashPoints
from lastlink_ui.core.ids import CreatorId, parse_id
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
    "invoice.payment_action_required",
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

_OF_WHAT_MOVED_BACK = {kind for kind in HANDLED if kind.startswith(("refund.", "charge.dispute."))}

# Written once: building a statement takes longer than asking it.
_OWNERS: BindParameter[CreatorId] = bindparam("owners", expanding=True)
_WHOSE = select(col(Subscription.creator_id), col(Subscription.provider_subscription_id))
_BY_SUBSCRIPTION = _WHOSE.where(
    col(Subscription.creator_id).in_(_OWNERS),
    col(Subscription.provider_subscription_id) == bindparam("named"),
)
_BY_PAYMENT = _WHOSE.join(Payment, col(Payment.subscription_id) == col(Subscription.id)).where(
    col(Payment.creator_id).in_(_OWNERS), col(Payment.provider_payment_intent_id) == bindparam("named")
)
_DONE = (
    update(InboxEvent)
    .where(
        col(InboxEvent.account) == bindparam("of_account"),
        col(InboxEvent.provider_event_id) == bindparam("of_event"),
        col(InboxEvent.done_at).is_(None),
    )
    .values(done_at=bindparam("at"), last_error="")
)


@dataclass(frozen=True, slots=True)
class _About:
    """The subscription that an event is about, by whose it is and its id at the provider."""

    creator: CreatorId
    provider_id: str


class Inbox:
    """Takes events in any order and any number, and brings each to its end once."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        gateways: Gateways,
        synchroniser: Synchroniser,
        crash: CrashPoints,
    ) -> None:
        self._database = database
        self._clock = clock
        self._gateways = gateways
        self._synchroniser = synchroniser
        self._crash = crash
        self._arrivals = Arrivals(database, clock, gateways, lambda event: event.type not in HANDLED, crash)

    async def take(self, event: ProviderEvent) -> Written | None:
        """Store the event and act on it; returns when both are committed, also when they were before.

        What came of it, or None where it was acted on before or is about nothing that was sold here.

        Raises: whatever kept it from being acted on, which is stored with the event; a redelivery resumes it.
        """
        if await self._is_done_after_recording(event):
            return None
        self._crash.reach("inbox.recorded")
        try:
            written = await self._finish(event)
        except Exception as error:
            await self._note(event, error)
            raise
        self._crash.reach("inbox.done")
        return written

    async def not_done(self, events: Sequence[ProviderEvent]) -> list[ProviderEvent]:
        """Those that have not been acted on, the oldest first: they never came, or are unfinished."""
        async with self._database.looking() as connection:
            done = await stored(connection, events)
        fresh = [event for event in events if not done.get(key_of(event))]
        return sorted(fresh, key=lambda event: event.created_at)

    async def unfinished(self, *, at_most: int) -> list[ProviderEvent]:
        """Stored events that could not be acted on; those that failed least often first."""
        async with self._database.reading() as session:
            found = await session.scalars(
                select(InboxEvent)
                .where(col(InboxEvent.done_at).is_(None))
                .order_by(col(InboxEvent.attempts), col(InboxEvent.received_at))
                .limit(at_most)
            )
            return [_event(row) for row in found]

    async def _is_done_after_recording(self, event: ProviderEvent) -> bool:
        """Whether nothing is left to be done for the event; it is stored from now on."""
        return await self._arrivals.store(event)

    async def _finish(self, event: ProviderEvent) -> Written | None:
        async def mark_done(uow: UnitOfWork) -> None:
            account, event_id = key_of(event)
            connection = await uow.session.connection()
            await connection.execute(
                _DONE, {"of_account": account, "of_event": event_id, "at": self._clock.now()}
            )

        about = await self._about(event)
        if about:
            return await self._synchroniser.sync(
                about.creator, about.provider_id, mark_done, may_glance=event.type not in _OF_WHAT_MOVED_BACK
            )
        async with self._database.unit_of_work() as uow:
            await mark_done(uow)
        return None

    async def _about(self, event: ProviderEvent) -> _About | None:
        """The subscription to look at; None where it is none that was sold here."""
        if event.type not in HANDLED:
            return None
        provider_id, intent = event.subject.get("subscription"), event.subject.get("payment_intent")
        if not provider_id and not intent:
            return None
        named = event.account or parse_id(event.subject.get("creator", ""))
        if provider_id and named:
            return _About(CreatorId(named), provider_id)
        known = await self._known(event.account, provider_id, intent)
        return known or await self._looked_up(event, provider_id, intent or "")

    async def _known(
        self, account: CreatorId | None, provider_id: str | None, intent: str | None
    ) -> _About | None:
        """The same from what is here already."""
        async with self._database.looking() as connection:
            # In the shared account, whose it is has to be found out first.
            owners = [account] if account else await self._gateways.sharing(connection)
            wanted = _BY_SUBSCRIPTION if provider_id else _BY_PAYMENT
            found = await connection.execute(wanted, {"owners": list(owners), "named": provider_id or intent})
            row = found.first()
        return _About(row[0], str(row[1])) if row else None

    async def _looked_up(self, event: ProviderEvent, provider_id: str | None, intent: str) -> _About | None:
        """The same from what the provider says."""
        gateway = await (
            self._gateways.for_creator(event.account) if event.account else self._gateways.shared()
        )
        provider_id = provider_id or await gateway.subscription_of_payment(intent)
        if provider_id is None:
            return None
        if event.account:
            return _About(event.account, provider_id)
        creator = parse_id((await gateway.subscription(provider_id)).metadata.get("creator_id", ""))
        return _About(CreatorId(creator), provider_id) if creator else None

    async def _note(self, event: ProviderEvent, error: Exception) -> None:
        async with self._database.unit_of_work() as uow:
            row = await _row(uow, event)
            if row:
                row.attempts += 1
                row.last_error = f"{type(error).__name__}: {error}"[:500]
                uow.session.add(row)


async def _row(uow: UnitOfWork, event: ProviderEvent) -> InboxEvent | None:
    found = await uow.session.scalars(select(InboxEvent).where(*_is_it(event)).with_for_update())
    return found.one_or_none()


def _is_it(event: ProviderEvent) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    account, event_id = key_of(event)
    return col(InboxEvent.account) == account, col(InboxEvent.provider_event_id) == event_id


def _event(row: InboxEvent) -> ProviderEvent:
    account = parse_id(row.account)
    return ProviderEvent(
        row.provider_event_id,
        row.type,
        row.occurred_at,
        row.subject,
        CreatorId(account) if account else None,
    )
