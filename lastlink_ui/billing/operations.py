"""Operations: requested once, carried out until the provider has answered, with one key for each call."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import col

from lastlink_ui.accounts import audit
from lastlink_ui.billing.catalogue import Catalogue
from lastlink_ui.billing.gateway import Gateways, ProviderError, ProviderRefused, ProviderUnavailable
from lastlink_ui.billing.models import Operation, OperationKind, OperationStatus, ProviderCall
from lastlink_ui.billing.requesting import actor_of
from lastlink_ui.billing.sync import StillMoving, Synchroniser
from lastlink_ui.core.actor import ActorKind
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.crash import CrashPoints
from lastlink_ui.core.ids import OperationId
from lastlink_ui.core.requests import resuming
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.live import Change, Feed, creator_channel
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.lifecycle import RefundStatus
from lastlink_ui.subscribers.models import Payment, Subscription

OVERDUE = timedelta(minutes=10)
"""After how long without a result somebody is told of an operation."""
KEY_LIFE = timedelta(hours=24)
"""How long the provider remembers an idempotency key: https://docs.stripe.com/api/idempotent_requests"""


class OperationRunner:
    """Carries operations out, step by step, with nothing held open while the provider is asked."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        feed: Feed,
        gateways: Gateways,
        synchroniser: Synchroniser,
        crash: CrashPoints,
    ) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed
        self._gateways = gateways
        self._synchroniser = synchroniser
        self._crash = crash
        self._catalogue = Catalogue(database, clock, gateways)

    async def unfinished(self) -> list[OperationId]:
        """Every operation without a result, the oldest first."""
        async with self._database.reading() as session:
            found = await session.scalars(
                select(col(Operation.id))
                .where(col(Operation.status) == OperationStatus.REQUESTED)
                .order_by(col(Operation.requested_at))
            )
            return list(found)

    async def overdue(self) -> list[tuple[OperationId, str]]:
        """Operations that have had no result for long, with what last kept them from one."""
        async with self._database.reading() as session:
            found = await session.execute(
                select(col(Operation.id), col(Operation.last_error)).where(
                    col(Operation.status) == OperationStatus.REQUESTED,
                    col(Operation.requested_at) < self._clock.now() - OVERDUE,
                )
            )
            return [(row[0], row[1]) for row in found]

    async def attempt(self, operation_id: OperationId) -> bool:
        """Try to bring the operation to its end; False when the provider could not be asked."""
        async with self._database.reading() as session:
            operation = await session.get(Operation, operation_id)
            subscription = await session.get(Subscription, operation.subscription_id) if operation else None
            payment = (
                await session.get(Payment, operation.payment_id)
                if operation and operation.payment_id
                else None
            )
        if operation is None or subscription is None or operation.status is not OperationStatus.REQUESTED:
            return True
        with resuming(operation.request_id):
            return await self._carry_out(operation, subscription, payment)

    async def _carry_out(
        self, operation: Operation, subscription: Subscription, payment: Payment | None
    ) -> bool:
        try:
            match operation.kind:
                case OperationKind.REFUND:
                    await self._refund(operation, subscription, payment)
                case OperationKind.UNDO_CANCEL:
                    await self._undo_cancel(operation, subscription)
                case OperationKind.CHANGE_PLAN:
                    await self._change_plan(operation, subscription)
                case OperationKind.CANCEL_AT_PERIOD_END | OperationKind.CANCEL_NOW:
                    await self._cancel(operation, subscription)
        except ProviderRefused as refusal:
            await self._finish(operation, OperationStatus.REFUSED, refusal.code)
        except (ProviderUnavailable, StillMoving) as error:
            await self._put_off(operation, error)
            return False
        return True

    async def _refund(
        self, operation: Operation, subscription: Subscription, payment: Payment | None
    ) -> None:
        """Return the payment, end the provider's subscription at once, write down what came of it."""
        if payment is None or payment.provider_payment_intent_id is None:
            raise ProviderRefused("no_payment")
        intent = payment.provider_payment_intent_id
        gateway = await self._gateways.for_creator(operation.creator_id)

        async def refund(key: str) -> Mapping[str, Any]:
            seen = await gateway.refund(intent, str(operation.id), key)
            return {"id": seen.id, "status": seen.status.value}

        async def made_before() -> Mapping[str, Any] | None:
            seen = await gateway.find_refund(intent, str(operation.id))
            return {"id": seen.id, "status": seen.status.value} if seen else None

        try:
            answer = await self._call(operation, "refund", {"payment_intent": intent}, refund, made_before)
        except ProviderRefused as refusal:
            # Returned by other hands, or by a call of ours whose key was forgotten: look before saying no.
            answer = await made_before()
            if answer is None and not await self._was_returned(subscription, payment):
                if operation.actor_kind is ActorKind.SYSTEM:
                    # The second of two for one plan: what was paid may stay (it is disputed), but no more.
                    await self._end_at_provider(operation, subscription, at_once=True)
                raise refusal from None
        if answer is None or answer["status"] != RefundStatus.FAILED.value:
            await self._end_at_provider(operation, subscription, at_once=True)
        await self._sync_and_finish(operation, subscription)

    async def _was_returned(self, subscription: Subscription, payment: Payment) -> bool:
        gateway = await self._gateways.for_creator(subscription.creator_id)
        seen = await gateway.subscription(str(subscription.provider_subscription_id))
        return any(p.invoice_id == payment.provider_invoice_id and p.facts.is_returned for p in seen.payments)

    async def _cancel(self, operation: Operation, subscription: Subscription) -> None:
        await self._end_at_provider(
            operation, subscription, at_once=operation.kind is OperationKind.CANCEL_NOW
        )
        await self._sync_and_finish(operation, subscription)

    async def _undo_cancel(self, operation: Operation, subscription: Subscription) -> None:
        provider_id = str(subscription.provider_subscription_id)
        gateway = await self._gateways.for_creator(operation.creator_id)

        async def resume(key: str) -> Mapping[str, Any]:
            await gateway.resume(provider_id, key)
            return {}

        await self._call(operation, "resume", {"subscription": provider_id}, resume)
        await self._sync_and_finish(operation, subscription)

    async def _change_plan(self, operation: Operation, subscription: Subscription) -> None:
        """At the price that the plan has when the provider is first asked: a key asks for one price only."""
        provider_id = str(subscription.provider_subscription_id)
        gateway = await self._gateways.for_creator(operation.creator_id)
        async with self._database.reading() as session:
            plan = await session.get_one(Plan, operation.plan_id)
            asked = (await session.scalars(_call_of(operation, "change_price"))).one_or_none()
        price = (
            asked.parameters["price"]
            if asked
            else await self._catalogue.price_of(gateway, plan, f"price:{operation.id}")
        )
        wanted = {"subscription": provider_id, "price": price}

        async def change(key: str) -> Mapping[str, Any]:
            await gateway.change_price(provider_id, price, key)
            return {}

        await self._call(operation, "change_price", wanted, change)
        await self._sync_and_finish(operation, subscription)

    async def _end_at_provider(
        self, operation: Operation, subscription: Subscription, *, at_once: bool
    ) -> None:
        provider_id = str(subscription.provider_subscription_id)
        gateway = await self._gateways.for_creator(operation.creator_id)

        async def cancel(key: str) -> Mapping[str, Any]:
            await gateway.cancel(provider_id, at_once=at_once, key=key)
            return {}

        parameters = {"subscription": provider_id, "at_once": at_once}
        await self._call(operation, "cancel", parameters, cancel)

    async def _call(
        self,
        operation: Operation,
        step: str,
        parameters: Mapping[str, Any],
        ask: Callable[[str], Awaitable[Mapping[str, Any]]],
        made_before: Callable[[], Awaitable[Mapping[str, Any] | None]] | None = None,
    ) -> Mapping[str, Any]:
        """The provider's answer to one step: the stored one, else asked for with the key of the first try.

        Once the provider may have forgotten the key, what happened is looked up before asking again.
        """
        call = await self._written_down(operation, step, parameters)
        if call.answered_at:
            return call.answer
        self._crash.reach(f"{operation.kind.value}.{step}.before")
        answer = None
        if made_before and self._clock.now() - call.started_at > KEY_LIFE:
            answer = await made_before()
        if answer is None:
            answer = await ask(call.idempotency_key)
        self._crash.reach(f"{operation.kind.value}.{step}.answered")
        async with self._database.unit_of_work() as uow:
            call.answer, call.answered_at = dict(answer), self._clock.now()
            await uow.session.merge(call)
        return answer

    async def _written_down(
        self, operation: Operation, step: str, parameters: Mapping[str, Any]
    ) -> ProviderCall:
        """The row of the call, committed before the provider hears of it."""
        async with self._database.unit_of_work() as uow:
            found = await uow.session.scalars(_call_of(operation, step))
            call = found.one_or_none() or ProviderCall(
                operation_id=operation.id,
                step=step,
                idempotency_key=f"{operation.id}:{step}",
                parameters=dict(parameters),
                started_at=self._clock.now(),
            )
            uow.session.add(call)
        return call

    async def _sync_and_finish(self, operation: Operation, subscription: Subscription) -> None:
        """The result and what the subscription is now, in one transaction."""

        async def finish(uow: UnitOfWork) -> None:
            await self._write_result(uow, operation, OperationStatus.SUCCEEDED, "")

        await self._synchroniser.sync(
            operation.creator_id,
            str(subscription.provider_subscription_id),
            finish,
            actor=actor_of(operation),
        )

    async def _finish(self, operation: Operation, status: OperationStatus, code: str) -> None:
        async with self._database.unit_of_work() as uow:
            await self._write_result(uow, operation, status, code)

    async def _write_result(
        self, uow: UnitOfWork, operation: Operation, status: OperationStatus, code: str
    ) -> None:
        now = self._clock.now()
        row = await uow.session.get_one(Operation, operation.id, with_for_update=True)
        if row.status is not OperationStatus.REQUESTED:
            return
        row.status, row.finished_at, row.last_error = status, now, code[:200]
        if not (row.kind is OperationKind.REFUND and status is OperationStatus.SUCCEEDED):
            row.unique_key = (
                None  # may be asked for again: the money is still here, or a cancellation was undone
            )
        uow.session.add(row)
        await audit.record(
            uow,
            row.creator_id,
            actor_of(row),
            f"{row.kind.value}.{status.value}",
            at=now,
            subject_kind="subscription",
            subject_id=row.subscription_id,
            details={"operation": str(row.id)},
        )
        self._tell(uow, row)

    async def _put_off(self, operation: Operation, error: Exception) -> None:
        """Say on the row why it waits; it is tried again with the same keys."""
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get_one(Operation, operation.id, with_for_update=True)
            row.attempts += 1
            row.last_error = (error.code if isinstance(error, ProviderError) else "still_moving")[:200]
            uow.session.add(row)
            self._tell(uow, row)

    def _tell(self, uow: UnitOfWork, operation: Operation) -> None:
        change = Change(subscriptions=frozenset({operation.subscription_id}))
        uow.after_commit(lambda: self._feed.publish(creator_channel(operation.creator_id), change))


def _call_of(operation: Operation, step: str) -> Select[ProviderCall]:
    return select(ProviderCall).where(
        col(ProviderCall.operation_id) == operation.id, col(ProviderCall.step) == step
    )
