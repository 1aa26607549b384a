"""How long a creator keeps who somebody was after they left, and the forgetting when that time is over."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import col

from lastlink_ui.accounts import audit
from lastlink_ui.accounts.models import Creator
from lastlink_ui.core.actor import SYSTEM, Actor
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.ids import CreatorId, FanId
from lastlink_ui.db import Database
from lastlink_ui.privacy.rules import RETENTION_MONTHS, ErasureRefused, kept_since
from lastlink_ui.privacy.service import Privacy
from lastlink_ui.subscribers.models import Entitlement, Fan, Membership, Subscription

_AT_A_TIME = 200

log = structlog.get_logger()


class Retention:
    """Each creator's choice, and what follows from it."""

    def __init__(self, database: Database, clock: Clock, privacy: Privacy) -> None:
        self._database = database
        self._clock = clock
        self._privacy = privacy

    async def months(self, creator: CreatorId) -> int | None:
        """How long the creator keeps people who left; None for as long as nobody asks otherwise."""
        async with self._database.reading() as session:
            return await session.scalar(
                select(col(Creator.retention_months)).where(col(Creator.id) == creator)
            )

    async def choose(self, creator: CreatorId, months: int | None, actor: Actor) -> None:
        """Keep people for `months` from now on; the next sweep acts on it. Raises: InvalidInput."""
        if months is not None and months not in RETENTION_MONTHS:
            raise InvalidInput("retention.unknown")
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get_one(Creator, creator, with_for_update=True)
            if row.retention_months == months:
                return
            row.retention_months = months
            uow.session.add(row)
            details = {"months": months}
            await audit.record(uow, creator, actor, "retention.chosen", at=self._clock.now(), details=details)

    async def due_under(self, creator: CreatorId, months: int) -> int:
        """How many people would be forgotten now if they were kept for `months`."""
        before = kept_since(self._clock.now(), months)
        async with self._database.reading() as session:
            wanted = select(func.count()).where(col(Fan.creator_id) == creator, *_left_before(before))
            return await session.scalar(wanted) or 0

    async def act(self) -> int:
        """Forget everybody whose time is over; how many there were.

        Each in a transaction of its own. Whom money still keeps is left for the next time.
        """
        forgotten = 0
        for creator, months in await self._chosen():
            before, last = kept_since(self._clock.now(), months), None
            while batch := await self._due(creator, before, after=last):
                for fan in batch:
                    forgotten += await self._is_forgotten(creator, fan)
                last = batch[-1]
        return forgotten

    async def _chosen(self) -> Sequence[tuple[CreatorId, int]]:
        """Who chose a time: nobody else's people are looked through."""
        months = col(Creator.retention_months)
        async with self._database.looking() as connection:
            found = await connection.execute(select(col(Creator.id), months).where(months.is_not(None)))
            return [(creator, kept) for creator, kept in found if kept]

    async def _due(self, creator: CreatorId, before: datetime, *, after: FanId | None) -> Sequence[FanId]:
        wanted = (
            select(col(Fan.id))
            .where(col(Fan.creator_id) == creator, *_left_before(before))
            .order_by(col(Fan.id))
            .limit(_AT_A_TIME)
        )
        if after is not None:
            wanted = wanted.where(col(Fan.id) > after)
        async with self._database.looking() as connection:
            return (await connection.scalars(wanted)).all()

    async def _is_forgotten(self, creator: CreatorId, fan: FanId) -> bool:
        try:
            await self._privacy.delete_fan(creator, fan, SYSTEM)
        except ErasureRefused as refused:
            log.info("kept_longer", fan_id=str(fan), reason=refused.reason.value)
            return False
        return True


def _left_before(before: datetime) -> Sequence[ColumnElement[bool]]:
    """Of whom nothing renews, nothing gives access, and nothing has happened since."""
    of_fan = col(Subscription.fan_id) == col(Fan.id)
    goes_on = or_(col(Subscription.ended_at).is_(None), col(Subscription.ended_at) >= before)
    entitled = select(col(Entitlement.id)).where(
        col(Entitlement.fan_id) == col(Fan.id), col(Entitlement.ends_at) >= before
    )
    in_list = select(col(Membership.fan_id)).where(
        col(Membership.fan_id) == col(Fan.id), col(Membership.in_list)
    )
    return (
        col(Fan.erased_at).is_(None),
        col(Fan.created_at) < before,
        ~select(col(Subscription.id)).where(of_fan, goes_on).exists(),
        ~entitled.exists(),
        ~in_list.exists(),
    )
