"""The page "Para fazer na lista": what is to be done by hand, what was, and courtesies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, column, func, literal, select, table, tuple_
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lastlink_ui.accounts import audit
from lastlink_ui.accounts.models import Creator
from lastlink_ui.core.actor import Actor
from lastlink_ui.core.clock import Clock, day_end, sao_paulo_day
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId, FanId, ListTaskId
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.db.types import Id, UtcDateTime
from lastlink_ui.live import Change, Feed, creator_channel
from lastlink_ui.subscribers import courtesy, fans, membership
from lastlink_ui.subscribers.courtesy import Courtesy, CourtesyDraft
from lastlink_ui.subscribers.models import (
    Entitlement,
    Fan,
    ListTask,
    Membership,
    MembershipReason,
    Subscription,
    Wish,
)
from lastlink_ui.subscribers.normalise import search_text
from lastlink_ui.subscribers.selection import CREATOR

PAGE = 50

# Billing owns this table and stands on this package, so that its model cannot be imported here.
_withdrawals = table(
    "withdrawals",
    column("creator_id", Id()),
    column("due_at", UtcDateTime()),
    column("done_at", UtcDateTime()),
)

# Asked at each look of a page, and written once: to build a statement takes longer than to ask it.
_COUNT = select(
    select(func.count())
    .where(col(ListTask.creator_id) == CREATOR, col(ListTask.done_at).is_(None))
    .scalar_subquery()
    + select(func.count())
    .where(
        _withdrawals.c.creator_id == CREATOR,
        _withdrawals.c.due_at.is_not(None),
        _withdrawals.c.done_at.is_(None),
    )
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A profile to add to the list, or to remove from it, by hand."""

    id: ListTaskId
    handle: str
    name: str
    wish: Wish
    reason: MembershipReason
    created_at: datetime

    @property
    def profile_link(self) -> str:
        """Where the profile is looked up."""
        return f"https://instagram.com/{self.handle}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of tasks ended: the last one's keys."""

    created_at: datetime
    id: ListTaskId


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Some open tasks, newest first, and where to go on; None at the end."""

    tasks: Sequence[OpenTask]
    next: Place | None


@dataclass(frozen=True, slots=True)
class Granted:
    """What a courtesy came to."""

    fan_id: FanId
    joins: bool
    """Whether the fan comes into the list by it; else the fan was there already."""


class Lists:
    """The creator's side of the list that is worked by hand."""

    def __init__(self, database: Database, clock: Clock, feed: Feed) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed

    async def count(self, creator: CreatorId) -> int:
        """How much is to be done by hand: profiles to move, and transfers that are owed."""
        async with self._database.looking() as connection:
            return await connection.scalar(_COUNT, {"creator": creator}) or 0

    async def open_tasks(
        self, creator: CreatorId, after: Place | None = None, *, limit: int = PAGE
    ) -> TaskPage:
        """The open tasks, newest first, from `after` on."""
        query = (
            select(ListTask, col(Fan.handle), col(Fan.name))
            .join(Fan, col(Fan.id) == col(ListTask.fan_id))
            .where(_is_open(creator))
            .order_by(col(ListTask.created_at).desc(), col(ListTask.id).desc())
            .limit(limit + 1)
        )
        if after:
            query = query.where(
                tuple_(col(ListTask.created_at), col(ListTask.id))
                < tuple_(literal(after.created_at, UtcDateTime), literal(after.id, Id))
            )
        async with self._database.reading() as session:
            found = [
                OpenTask(task.id, handle, name, task.wish, task.reason, task.created_at)
                for task, handle, name in await session.execute(query)
            ]
        page = found[:limit]
        more = len(found) > limit
        return TaskPage(page, Place(page[-1].created_at, page[-1].id) if more else None)

    async def done(self, creator: CreatorId, task_id: ListTaskId, actor: Actor) -> None:
        """Write down that the task was done by hand. Nothing happens to one that is done.

        Raises: NotFound, also when a newer wish for the same fan has replaced it.
        """
        async with self._database.unit_of_work() as uow:
            task = await _owned(uow, creator, task_id)
            if task.done_at is None:
                task.done_at = self._clock.now()
                await _forget_profile(uow, task)
                await self._changed(uow, task, actor, "list_task.done")

    async def reopen(self, creator: CreatorId, task_id: ListTaskId, actor: Actor) -> None:
        """Take "Feito" back. Nothing happens when a newer wish for the same fan is waiting already.

        Raises: NotFound.
        """
        try:
            async with self._database.unit_of_work() as uow:
                task = await _owned(uow, creator, task_id)
                if task.done_at is not None:
                    task.done_at = None
                    await uow.session.flush()
                    await self._changed(uow, task, actor, "list_task.reopened")
        except IntegrityError:
            return

    async def grant_courtesy(self, creator: CreatorId, draft: CourtesyDraft, actor: Actor) -> Granted:
        """Give a profile access without payment, through the last day; one who was removed comes back.

        A known profile keeps its name. Granting the very same again changes nothing.
        Raises: InvalidCourtesy.
        """
        now = self._clock.now()
        given = courtesy.read(draft, sao_paulo_day(now))
        async with self._database.unit_of_work() as uow:
            fan = await _fan_of(uow, creator, given, now)
            if await _grant(uow, fan, given, now):
                await audit.record(
                    uow,
                    creator,
                    actor,
                    "courtesy.granted",
                    at=now,
                    subject_kind="fan",
                    subject_id=fan.id,
                    details={"ends_on": given.ends_on.isoformat()},
                )
            cause = membership.Cause(MembershipReason.COURTESY, actor, now)
            joins = await membership.settle(uow, fan, cause)
            known = await uow.session.get_one(Membership, fan.id)
            if not joins and not known.in_list:
                # Only the creator's own removal stands against it, and it is the creator who asks.
                await membership.readd(uow, fan, cause)
                joins = True
            await self._tell(uow, fan.creator_id, fan.id)
        return Granted(fan.id, joins)

    async def _changed(self, uow: UnitOfWork, task: ListTask, actor: Actor, action: str) -> None:
        await audit.record(
            uow,
            task.creator_id,
            actor,
            action,
            at=self._clock.now(),
            subject_kind="list_task",
            subject_id=task.id,
            details={"fan": str(task.fan_id), "wish": task.wish},
        )
        await self._tell(uow, task.creator_id, task.fan_id)

    async def _tell(self, uow: UnitOfWork, creator: CreatorId, fan_id: FanId) -> None:
        rows = await uow.session.scalars(
            select(col(Subscription.id)).where(col(Subscription.fan_id) == fan_id)
        )
        change = Change(subscriptions=frozenset(rows), list_tasks=True)
        uow.after_commit(lambda: self._feed.publish(creator_channel(creator), change))


def _is_open(creator: CreatorId) -> ColumnElement[bool]:
    return and_(col(ListTask.creator_id) == creator, col(ListTask.done_at).is_(None))


async def _owned(uow: UnitOfWork, creator: CreatorId, task_id: ListTaskId) -> ListTask:
    found = await uow.session.scalar(
        select(ListTask)
        .where(col(ListTask.id) == task_id, col(ListTask.creator_id) == creator)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


async def _forget_profile(uow: UnitOfWork, task: ListTask) -> None:
    """The profile of somebody whose data was deleted was kept for this task alone."""
    fan = await uow.session.get_one(Fan, task.fan_id)
    if fan.erased_at and task.wish is Wish.REMOVE:
        fan.handle, fan.search_text = "", search_text(fan.name, "", None)


async def _fan_of(uow: UnitOfWork, creator: CreatorId, given: Courtesy, now: datetime) -> Fan:
    # Nothing in the table keeps a profile unique: two who add the same one at once take turns here.
    await uow.session.execute(
        select(col(Creator.id)).where(col(Creator.id) == creator).with_for_update(key_share=True)
    )
    known = await uow.session.scalars(
        select(Fan)
        .where(col(Fan.creator_id) == creator, col(Fan.handle) == given.handle, col(Fan.erased_at).is_(None))
        .order_by(col(Fan.created_at), col(Fan.id))
        .limit(1)
        .with_for_update()
    )
    if fan := known.first():
        return fan
    return await fans.find_or_make(uow, creator, fans.Person(given.name, given.handle), now)


async def _grant(uow: UnitOfWork, fan: Fan, given: Courtesy, now: datetime) -> bool:
    """Write the entitlement, unless the very same is there; whether it was written."""
    ends_at = day_end(given.ends_on)
    same = await uow.session.scalar(
        select(func.count())
        .select_from(Entitlement)
        .where(
            col(Entitlement.fan_id) == fan.id,
            col(Entitlement.subscription_id).is_(None),
            col(Entitlement.ends_at) == ends_at,
            col(Entitlement.note) == given.reason,
        )
    )
    if same:
        return False
    uow.session.add(
        Entitlement(
            creator_id=fan.creator_id, fan_id=fan.id, starts_at=now, ends_at=ends_at, note=given.reason
        )
    )
    await uow.session.flush()
    return True
