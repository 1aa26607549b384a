"""Access ends by itself: entitlements whose time is up are acted on, each once."""

from datetime import datetime

import structlog
from sqlalchemy import Select, or_, select
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

log = structlog.get_logger()


class Expiry:
    """Takes fans out of the list when the last thing that entitled them has ended."""

    def __init__(self, database: Database, clock: Clock, feed: Feed, *, at_a_time: int = _AT_A_TIME) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed
        self._at_a_time = at_a_time

    async def act(self) -> int:
        """Act on every entitlement that has ended since the last time; how many there were.

        They are read a batch at a time and ended in a transaction each, so that a long backlog holds nobody
        up; one that cannot be ended is left for the next time and keeps no other one waiting.
        """
        now = self._clock.now()
        ended, last = 0, None
        while batch := await self._due(now, after=last):
            for entitlement in batch:
                ended += await self._is_ended(entitlement.id, now)
            last = batch[-1]
            if len(batch) < self._at_a_time:
                break
        return ended

    async def _due(self, now: datetime, *, after: Entitlement | None) -> list[Entitlement]:
        async with self._database.reading() as session:
            return list(await session.scalars(due(now, after=after, at_most=self._at_a_time)))

    async def _is_ended(self, entitlement_id: EntitlementId, now: datetime) -> bool:
        try:
            async with self._database.unit_of_work() as uow:
                await self._end(uow, entitlement_id, now)
        except Exception:
            log.exception("expiry_failed", entitlement_id=str(entitlement_id))
            return False
        return True

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


def due(now: datetime, *, after: Entitlement | None, at_most: int) -> Select[Entitlement]:
    """Entitlements that have ended by `now` and were not acted on, the oldest end first."""
    ends_at, number = col(Entitlement.ends_at), col(Entitlement.id)
    query = select(Entitlement).where(col(Entitlement.settled_at).is_(None), ends_at <= now)
    if after is not None:
        # The first bound is what the index is entered by.
        query = query.where(ends_at >= after.ends_at, or_(ends_at > after.ends_at, number > after.id))
    return query.order_by(ends_at, number).limit(at_most)
