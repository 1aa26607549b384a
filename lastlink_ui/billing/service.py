"""What a creator may do with a subscription's money and access."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts import audit
from lastlink_ui.billing import requesting
from lastlink_ui.billing.checkouts import Checkouts, Form
from lastlink_ui.billing.duplicates import is_live_of
from lastlink_ui.billing.models import Operation, OperationKind
from lastlink_ui.core.actor import Actor
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId, OperationId, PlanId, SubscriptionId
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.live import Change, Feed, creator_channel
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers import membership
from lastlink_ui.subscribers.membership import Cause
from lastlink_ui.subscribers.models import Fan, MembershipReason, Subscription
from lastlink_ui.subscribers.recording import facts_in, last_paid, payments_of
from lastlink_ui.subscribers.rules import (
    ActionRefused,
    CancelRefusal,
    ChangeRefusal,
    RefundRefusal,
    UndoRefusal,
    why_not_cancelable,
    why_not_changeable,
    why_not_readdable,
    why_not_refundable,
    why_not_removable,
    why_not_undoable,
)

Enqueue = Callable[[OperationId], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Owned:
    """A subscription of the creator with its fan, who is locked."""

    fan: Fan
    subscription: Subscription


class BillingService:
    """The creator's actions on a row. Each checks the owner and the rule, and is whole or not there."""

    def __init__(
        self, database: Database, clock: Clock, feed: Feed, enqueue: Enqueue, checkouts: Checkouts
    ) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed
        self._enqueue = enqueue
        self._checkouts = checkouts

    async def start_checkout(self, creator: CreatorId, form: Form) -> str:
        """The address of the provider's payment page for a filled-in form; see `Checkouts.start`."""
        return await self._checkouts.start(creator, form)

    async def refund(self, creator: CreatorId, subscription_id: SubscriptionId, actor: Actor) -> Operation:
        """Return the last payment in full; the durable worker carries it out.

        Asking twice, or twice at once, finds the first operation. Raises: NotFound, ActionRefused.
        """
        async with self._database.unit_of_work() as uow:
            owned = await self._owned(uow, creator, subscription_id)
            paid = last_paid(await payments_of(uow, owned.subscription))
            reason = why_not_refundable(
                owned.subscription.status,
                owned.subscription.method,
                facts_in(paid) if paid else None,
                self._clock.now(),
            )
            if reason or paid is None:
                raise ActionRefused(reason or RefundRefusal.NOTHING_PAID)
            operation = self._new(owned, OperationKind.REFUND, actor)
            operation.payment_id, operation.unique_key = paid.id, f"refund:{paid.id}"
            return await self._request(uow, operation)

    async def cancel(
        self, creator: CreatorId, subscription_id: SubscriptionId, actor: Actor, *, at_once: bool = False
    ) -> Operation:
        """End the subscription with its paid period, or at once; the durable worker carries it out.

        Raises: NotFound, ActionRefused.
        """
        async with self._database.unit_of_work() as uow:
            owned = await self._owned(uow, creator, subscription_id)
            return await self._request_cancel(uow, owned, actor, at_once=at_once)

    async def undo_cancel(
        self, creator: CreatorId, subscription_id: SubscriptionId, actor: Actor
    ) -> Operation:
        """Let a subscription that ends with its paid period renew again; the durable worker carries it out.

        Raises: NotFound, ActionRefused.
        """
        async with self._database.unit_of_work() as uow:
            owned = await self._owned(uow, creator, subscription_id)
            subscription = owned.subscription
            reason = why_not_undoable(
                subscription.status,
                cancel_at_period_end=subscription.cancel_at_period_end,
                has_ended=subscription.ended_at is not None,
                access_until=subscription.access_until,
                now=self._clock.now(),
            )
            operation = self._new(owned, OperationKind.UNDO_CANCEL, actor)
            operation.unique_key = f"{operation.kind.value}:{subscription.id}"
            if reason or await requesting.others_under_way(uow, operation):
                raise ActionRefused(reason or UndoRefusal.UNDER_WAY)
            return await self._request(uow, operation)

    async def change_plan(
        self, creator: CreatorId, subscription_id: SubscriptionId, plan_id: PlanId, actor: Actor
    ) -> Operation:
        """Have the next charge be for another plan, at its price of today; the worker tells the provider.

        Until that charge is paid the fan has what was paid for. Raises: NotFound, ActionRefused.
        """
        async with self._database.unit_of_work() as uow:
            owned = await self._owned(uow, creator, subscription_id)
            subscription = owned.subscription
            plan = await uow.session.get(Plan, plan_id)
            if plan is None or plan.creator_id != creator:
                raise NotFound
            reason = why_not_changeable(
                subscription.status,
                subscription.period,
                coming=subscription.next_plan_id or subscription.plan_id,
                wanted=plan.id,
                wanted_period=plan.period,
                is_offered=plan.archived_at is None,
            )
            if reason is None and await _has_elsewhere(uow, subscription, plan.id):
                reason = ChangeRefusal.HAS_IT
            operation = self._new(owned, OperationKind.CHANGE_PLAN, actor)
            operation.plan_id, operation.unique_key = plan.id, f"change:{subscription.id}:{plan.id}"
            if reason is None and await requesting.others_under_way(uow, operation):
                reason = ChangeRefusal.UNDER_WAY
            if reason:
                raise ActionRefused(reason)
            return await self._request(uow, operation)

    async def remove(
        self, creator: CreatorId, subscription_id: SubscriptionId, actor: Actor, *, also_cancel: bool = False
    ) -> None:
        """Take the fan out of the list; billing goes on unless it is to be cancelled in the same step.

        Raises: NotFound, ActionRefused; then neither was done.
        """
        async with self._database.unit_of_work() as uow:
            owned = await self._owned(uow, creator, subscription_id)
            if reason := why_not_removable(in_list=owned.subscription.in_list):
                raise ActionRefused(reason)
            cause = Cause(MembershipReason.REMOVED_BY_CREATOR, actor, self._clock.now())
            await membership.remove(uow, owned.fan, cause)
            await self._written(uow, owned, "membership.removed", actor)
            if also_cancel:
                await self._request_cancel(uow, owned, actor, at_once=False)

    async def readd(self, creator: CreatorId, subscription_id: SubscriptionId, actor: Actor) -> None:
        """Put an entitled fan back, or deliver access again. Raises: NotFound, ActionRefused."""
        async with self._database.unit_of_work() as uow:
            owned = await self._owned(uow, creator, subscription_id)
            now = self._clock.now()
            subscription = owned.subscription
            if reason := why_not_readdable(subscription.status, subscription.access_until, now):
                raise ActionRefused(reason)
            cause = Cause(MembershipReason.READDED_BY_CREATOR, actor, now)
            await membership.readd(uow, owned.fan, cause)
            await self._written(uow, owned, "membership.readded", actor)

    async def _owned(self, uow: UnitOfWork, creator: CreatorId, subscription_id: SubscriptionId) -> _Owned:
        """The creator's subscription, read after its fan is locked. Raises: NotFound."""
        mine = select(Subscription).where(
            col(Subscription.id) == subscription_id, col(Subscription.creator_id) == creator
        )
        subscription = (await uow.session.scalars(mine)).one_or_none()
        if subscription is None:
            raise NotFound
        fan = await membership.lock_fan(uow, creator, subscription.fan_id)
        await uow.session.refresh(subscription)
        return _Owned(fan, subscription)

    async def _request_cancel(
        self, uow: UnitOfWork, owned: _Owned, actor: Actor, *, at_once: bool
    ) -> Operation:
        subscription = owned.subscription
        has_ended = subscription.ended_at is not None
        if reason := why_not_cancelable(subscription.status, has_ended=has_ended, at_once=at_once):
            raise ActionRefused(reason)
        # A cancellation that overtakes its own undoing would be undone by it.
        if OperationKind.UNDO_CANCEL in await requesting.under_way(uow, subscription.id):
            raise ActionRefused(CancelRefusal.UNDER_WAY)
        kind = OperationKind.CANCEL_NOW if at_once else OperationKind.CANCEL_AT_PERIOD_END
        operation = self._new(owned, kind, actor)
        operation.unique_key = f"{kind.value}:{subscription.id}"
        return await self._request(uow, operation)

    def _new(self, owned: _Owned, kind: OperationKind, actor: Actor) -> Operation:
        return requesting.new_operation(owned.subscription, kind, actor, self._clock.now())

    async def _request(self, uow: UnitOfWork, wanted: Operation) -> Operation:
        """Write the operation down; once committed, enqueue it and tell the dashboards."""
        operation = await requesting.request(uow, wanted)
        if operation is wanted:
            # The sweep finds it if this never runs.
            uow.after_commit(lambda: self._enqueue(operation.id))
            self._tell(uow, operation.creator_id, operation.subscription_id)
        return operation

    async def _written(self, uow: UnitOfWork, owned: _Owned, action: str, actor: Actor) -> None:
        await audit.record(
            uow,
            owned.fan.creator_id,
            actor,
            action,
            at=self._clock.now(),
            subject_kind="fan",
            subject_id=owned.fan.id,
            details={"subscription": str(owned.subscription.id)},
        )
        rows = await uow.session.scalars(
            select(col(Subscription.id)).where(col(Subscription.fan_id) == owned.fan.id)
        )
        for subscription_id in rows:
            self._tell(uow, owned.fan.creator_id, subscription_id)

    def _tell(self, uow: UnitOfWork, creator: CreatorId, subscription_id: SubscriptionId) -> None:
        change = Change(subscriptions=frozenset({subscription_id}), list_tasks=True)
        uow.after_commit(lambda: self._feed.publish(creator_channel(creator), change))


async def _has_elsewhere(uow: UnitOfWork, subscription: Subscription, plan_id: PlanId) -> bool:
    """Whether the fan has that plan, or chose it, by another subscription that is paid for."""
    found = await uow.session.scalars(
        select(col(Subscription.id))
        .where(
            col(Subscription.fan_id) == subscription.fan_id,
            col(Subscription.id) != subscription.id,
            *is_live_of(plan_id),
        )
        .limit(1)
    )
    return found.first() is not None
