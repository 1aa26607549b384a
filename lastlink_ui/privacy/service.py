"""A copy of what is kept of a fan, and its deletion: for the fan, the creator and the operator alike."""

from sqlalchemy import select, update
from sqlmodel import col

from lastlink_ui.accounts import audit
from lastlink_ui.billing import requesting
from lastlink_ui.billing.models import OperationKind, Withdrawal
from lastlink_ui.billing.service import Enqueue
from lastlink_ui.core.actor import Actor
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId, FanId
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.live import Change, Feed, creator_channel
from lastlink_ui.privacy.export import Document, document_of
from lastlink_ui.privacy.rules import Dues, ErasureRefused, keeps_handle, why_not_erasable
from lastlink_ui.subscribers import membership
from lastlink_ui.subscribers.lifecycle import DisputeStatus, RefundStatus
from lastlink_ui.subscribers.membership import Cause
from lastlink_ui.subscribers.models import (
    Entitlement,
    Fan,
    ListTask,
    Membership,
    MembershipReason,
    Payment,
    Subscription,
)
from lastlink_ui.subscribers.normalise import search_text, sort_name
from lastlink_ui.text import t


class Privacy:
    """What LGPD art. 18 gives a person. Each method is whole or not there."""

    def __init__(self, database: Database, clock: Clock, feed: Feed, enqueue: Enqueue) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed
        self._enqueue = enqueue

    async def export_of_fan(self, creator: CreatorId, fan_id: FanId) -> Document:
        """Everything that is kept of the creator's fan, as plain values. Raises: NotFound."""
        async with self._database.reading() as session:
            fan = await session.scalar(
                select(Fan).where(col(Fan.id) == fan_id, col(Fan.creator_id) == creator)
            )
            if fan is None:
                raise NotFound
            return await document_of(session, fan)

    async def delete_fan(self, creator: CreatorId, fan_id: FanId, actor: Actor) -> None:
        """Forget who the fan is; what renews is ended at once, and access with it.

        Sales stay as ids, amounts and dates. The profile stays until it is taken out of the list by hand
        (`Lists.done`). Doing it again changes nothing. Raises: NotFound, ErasureRefused.
        """
        async with self._database.unit_of_work() as uow:
            fan = await membership.lock_fan(uow, creator, fan_id)
            if fan.erased_at:
                return
            if reason := why_not_erasable(await _dues(uow, fan)):
                raise ErasureRefused(reason)
            now = self._clock.now()
            fan.erased_at = now
            await self._end_subscriptions(uow, fan, actor)
            await _end_access(uow, fan, Cause(MembershipReason.PERIOD_ENDED, actor, now))
            await _forget(uow, fan)
            await audit.record(
                uow, creator, actor, "fan.erased", at=now, subject_kind="fan", subject_id=fan.id
            )
            await self._tell(uow, fan)

    async def _end_subscriptions(self, uow: UnitOfWork, fan: Fan, actor: Actor) -> None:
        running = await uow.session.scalars(
            select(Subscription).where(
                col(Subscription.fan_id) == fan.id, col(Subscription.ended_at).is_(None)
            )
        )
        for subscription in running:
            kind = OperationKind.CANCEL_NOW
            wanted = requesting.new_operation(subscription, kind, actor, self._clock.now())
            wanted.unique_key = f"{kind.value}:{subscription.id}"
            operation = await requesting.request(uow, wanted)
            uow.after_commit(lambda operation=operation: self._enqueue(operation.id))

    async def _tell(self, uow: UnitOfWork, fan: Fan) -> None:
        rows = await uow.session.scalars(
            select(col(Subscription.id)).where(col(Subscription.fan_id) == fan.id)
        )
        change = Change(subscriptions=frozenset(rows), list_tasks=True)
        uow.after_commit(lambda: self._feed.publish(creator_channel(fan.creator_id), change))


async def _dues(uow: UnitOfWork, fan: Fan) -> Dues:
    payments = await uow.session.scalars(
        select(Payment)
        .join(Subscription, col(Subscription.id) == col(Payment.subscription_id))
        .where(col(Subscription.fan_id) == fan.id)
    )
    moving = any(
        each.refund_status is RefundStatus.PENDING or each.dispute_status is DisputeStatus.OPEN
        for each in payments
    )
    transfers = await uow.session.scalars(
        select(col(Withdrawal.id)).where(
            col(Withdrawal.fan_id) == fan.id,
            col(Withdrawal.due_at).is_not(None),
            col(Withdrawal.done_at).is_(None),
        )
    )
    return Dues(moving, transfers_open=transfers.first() is not None)


async def _end_access(uow: UnitOfWork, fan: Fan, cause: Cause) -> None:
    """No entitlement lasts longer, and the list has to follow."""
    await uow.session.execute(
        update(Entitlement)
        .where(col(Entitlement.fan_id) == fan.id, col(Entitlement.ends_at) > cause.at)
        .values(ends_at=cause.at, settled_at=cause.at)
    )
    await membership.settle(uow, fan, cause)


async def _forget(uow: UnitOfWork, fan: Fan) -> None:
    """Empty what names the person; a courtesy's note may say who it was for."""
    await uow.session.execute(update(Entitlement).where(col(Entitlement.fan_id) == fan.id).values(note=""))
    known = await uow.session.get(Membership, fan.id)
    tasks = await uow.session.scalars(
        select(col(ListTask.id)).where(col(ListTask.fan_id) == fan.id, col(ListTask.done_at).is_(None))
    )
    if not keeps_handle(in_list=known is not None and known.in_list, open_tasks=tasks.all()):
        fan.handle = ""
    fan.name = t("privacy.erased_name")
    fan.email = fan.tax_id = fan.transfer_to = fan.provider_customer_id = None
    fan.sort_name, fan.search_text = sort_name(fan.name), search_text(fan.name, fan.handle, None)
    uow.session.add(fan)
