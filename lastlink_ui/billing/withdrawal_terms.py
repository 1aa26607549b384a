"""What a creator lets fans withdraw from beyond what the law says: renewals."""

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts import audit
from lastlink_ui.accounts.models import Creator
from lastlink_ui.core.actor import Actor
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database
from lastlink_ui.live import Change, Feed, creator_channel


class WithdrawalTerms:
    """Each creator's choice. What counts is the choice in force when a fan withdraws."""

    def __init__(self, database: Database, clock: Clock, feed: Feed) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed

    async def covers_renewals(self, creator: CreatorId) -> bool:
        """Whether fans may withdraw from each renewal too."""
        async with self._database.reading() as session:
            wanted = select(col(Creator.covers_renewals)).where(col(Creator.id) == creator)
            return bool(await session.scalar(wanted))

    async def cover_renewals(self, creator: CreatorId, actor: Actor, *, on: bool) -> None:
        """Let fans withdraw from renewals too, or from the first charge alone; their pages say so at once."""
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get_one(Creator, creator, with_for_update=True)
            if row.covers_renewals is on:
                return
            row.covers_renewals = on
            uow.session.add(row)
            action = f"withdrawal.renewals_{'on' if on else 'off'}"
            await audit.record(uow, creator, actor, action, at=self._clock.now())
            uow.after_commit(lambda: self._feed.publish(creator_channel(creator), Change(plans=True)))
