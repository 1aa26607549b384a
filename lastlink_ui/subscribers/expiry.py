"""Access ends by itself: entitlements whose time is up are acted on, each once."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.ids import EntitlementId
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.live import Change, Feed, creator_channel
from lastlink_ui.subscribers import membership
from lastlink_ui.subscribers.membership import Cause
from lastlink_ui.subscribers.models import Entitlement, MembershipReason, Subscription
from lastlink_ui.subscribers.recording import LEFT_BECAUSE

_AT_A_TIME = 500


class Expiry:
    """Takes fans out of the list when the last thing that entitled them has ended."""

    def __init__(self, database: Database, clock: Clock, feed: Feed) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed

    async def act(self) -> int:
        """Act on entitlements that have ended since the last time; how many there were.

        Each in a transaction of its own, so that a long backlog holds nobody up.
        """
        now = self._clock.now()
        due = await self._due(now)
        for entitlement_id in due:
            async with self._database.unit_of_work() as uow:
                await self._end(uow, entitlement_id, now)
        return len(due)

    async def _due(self, now: datetime) -> list[EntitlementId]:
        async with self._database.reading() as session:
            found = await session.scalars(
                select(col(Entitlement.id))
                .where(col(Entitlement.settled_at).is_(None), col(Entitlement.ends_at) <= now)
                .order_by(col(Entitlement.ends_at))
                .limit(_AT_A_TIME)
            )
            return list(found)

    async def _end(self, uow: UnitOfWork, entitlement_id: EntitlementId, now: datetime) -> None:
        entitlement = await uow.session.get_one(Entitlement, entitlement_id)
        fan = await membership.lock_fan(uow, entitlement.creator_id, entitlement.fan_id)
        await uow.session.refresh(entitlement)
        if entitlement.ends_at > now:
            return  # it was prolonged while we waited for the lock
        entitlement.settled_at = now
        uow.session.add(entitlement)
        subscription = (
            await uow.session.get_one(Subscription, entitlement.subscription_id)
            if entitlement.subscription_id
            else None
        )
        reason = LEFT_BECAUSE[subscription.status] if subscription else MembershipReason.PERIOD_ENDED
        if await membership.settle(uow, fan, Cause(reason, SYSTEM, now)):
            ids = await uow.session.scalars(
                select(col(Subscription.id)).where(col(Subscription.fan_id) == fan.id)
            )
            change = Change(subscriptions=frozenset(ids), list_tasks=True)
            uow.after_commit(lambda: self._feed.publish(creator_channel(fan.creator_id), change))
