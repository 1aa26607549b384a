"""Who was in the list on a day gone by, and why: read from the changes of the membership alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.core.actor import ActorKind
from lastlink_ui.core.clock import day_end, day_start
from lastlink_ui.core.ids import CreatorId, FanId
from lastlink_ui.subscribers.models import MembershipChange, MembershipReason
from lastlink_ui.subscribers.selection import owned


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a fan's membership. Of those at one instant, the smaller id was made first."""

    at: datetime
    id: UUID
    in_list: bool
    reason: MembershipReason
    actor: ActorKind


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch of time that a fan spent in the list."""

    entered: Change
    left: Change | None
    """None while it goes on."""

    def touches(self, begins: datetime, ends: datetime) -> bool:
        """Whether any of it, were it a moment, lies from `begins` to before `ends`."""
        until = self.left.at if self.left else None
        if until is not None and until <= self.entered.at:
            return False
        return self.entered.at < ends and (until is None or until > begins)


@dataclass(frozen=True, slots=True)
class DayInList:
    """What the history says of one fan on one day."""

    had_access: bool
    stay: Stay | None
    """The latest one on the day, or else the last that ended before it; None for who had never been there."""


def stays(changes: Iterable[Change]) -> list[Stay]:
    """The stretches in the list, the earliest first; whoever is put in again meanwhile just stays."""
    found: list[Stay] = []
    entered: Change | None = None
    for change in sorted(changes, key=lambda each: (each.at, each.id)):
        if change.in_list:
            entered = entered or change
        elif entered:
            found.append(Stay(entered, change))
            entered = None
    return [*found, Stay(entered, None)] if entered else found


def on_day(changes: Iterable[Change], day: date) -> DayInList:
    """Whether somebody with these `changes` was in the list at any moment of `day` in São Paulo."""
    begins, ends = day_start(day), day_end(day)
    known = [stay for stay in stays(changes) if stay.entered.at < ends]
    touching = [stay for stay in known if stay.touches(begins, ends)]
    if touching:
        return DayInList(had_access=True, stay=touching[-1])
    return DayInList(had_access=False, stay=known[-1] if known else None)


async def changes_of(connection: AsyncConnection, creator: CreatorId, fan: FanId) -> Sequence[Change]:
    """Every change of the creator's fan."""
    found = await connection.execute(
        select(*CHANGE).where(
            owned(col(MembershipChange.creator_id), creator), col(MembershipChange.fan_id) == fan
        )
    )
    return [Change(*row) for row in found]


CHANGE = (
    col(MembershipChange.at),
    col(MembershipChange.id),
    col(MembershipChange.in_list),
    col(MembershipChange.reason),
    col(MembershipChange.actor_kind),
)
"""The columns of a `Change`, in its order."""
