"""Who is in the list, and what is to be done by hand for it: every change of it goes through here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlmodel import col

from lastlink_ui.core.actor import Actor
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId, FanId
from lastlink_ui.db import UnitOfWork
from lastlink_ui.subscribers import counters
from lastlink_ui.subscribers.models import (
    Entitlement,
    Fan,
    ListTask,
    Membership,
    MembershipChange,
    MembershipReason,
    Subscription,
    Wish,
)

# Written once: building a statement takes longer than asking it.
_LOCKED = (
    select(Fan).where(col(Fan.id) == bindparam("fan"), col(Fan.creator_id) == bindparam("creator"))
).with_for_update()


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a membership may have to change: the reason to write, who and when."""

    reason: MembershipReason
    actor: Actor
    at: datetime


def belongs(*, is_entitled: bool, in_list: bool, last_reason: MembershipReason | None) -> bool:
    """Whether a fan should be in the list. A creator's removal wins until the creator puts the fan back."""
    if not in_list and last_reason is MembershipReason.REMOVED_BY_CREATOR:
        return False
    return is_entitled


async def lock_fan(uow: UnitOfWork, creator: CreatorId, fan_id: FanId) -> Fan:
    """The creator's fan, held until the transaction ends: whoever changes anything of a fan does this first.

    Raises: NotFound.
    """
    found = await uow.session.execute(_LOCKED, {"fan": fan_id, "creator": creator})
    if (fan := found.scalar_one_or_none()) is None:
        raise NotFound
    return fan


async def settle(uow: UnitOfWork, fan: Fan, cause: Cause) -> bool:
    """Bring the membership to what the fan's entitlements amount to; whether it changed."""
    known = await uow.session.get(Membership, fan.id)
    in_list = known is not None and known.in_list
    wanted = belongs(
        is_entitled=fan.erased_at is None and await is_entitled(uow, fan.id, cause.at),
        in_list=in_list,
        last_reason=known.reason if known else None,
    )
    if wanted != in_list:
        await _change(uow, fan, known, in_list=wanted, cause=cause)
    return wanted != in_list


async def remove(uow: UnitOfWork, fan: Fan, cause: Cause) -> None:
    """Take the fan out of the list, whatever is paid for."""
    await _change(uow, fan, await uow.session.get(Membership, fan.id), in_list=False, cause=cause)


async def readd(uow: UnitOfWork, fan: Fan, cause: Cause) -> None:
    """Put the fan into the list; where they already are, have access delivered to them again."""
    await _change(uow, fan, await uow.session.get(Membership, fan.id), in_list=True, cause=cause)


async def is_entitled(uow: UnitOfWork, fan_id: FanId, at: datetime) -> bool:
    """Whether any subscription or courtesy gives the fan access at that instant."""
    found = await uow.session.execute(
        select(func.count())
        .select_from(Entitlement)
        .where(
            col(Entitlement.fan_id) == fan_id,
            col(Entitlement.starts_at) <= at,
            col(Entitlement.ends_at) > at,
        )
    )
    return found.scalar_one() > 0


async def _change(
    uow: UnitOfWork, fan: Fan, known: Membership | None, *, in_list: bool, cause: Cause
) -> None:
    moved = in_list != (known is not None and known.in_list)
    membership = known or Membership(
        fan_id=fan.id,
        creator_id=fan.creator_id,
        in_list=in_list,
        since=cause.at,
        reason=cause.reason,
        actor_kind=cause.actor.kind,
    )
    membership.in_list = in_list
    if moved:
        membership.since = cause.at
    membership.reason = cause.reason
    membership.actor_kind, membership.actor_id = cause.actor.kind, cause.actor.id
    uow.session.add(membership)
    uow.session.add(
        MembershipChange(
            creator_id=fan.creator_id,
            fan_id=fan.id,
            at=cause.at,
            in_list=in_list,
            reason=cause.reason,
            actor_kind=cause.actor.kind,
            actor_id=cause.actor.id,
        )
    )
    await _wish(uow, fan, Wish.ADD if in_list else Wish.REMOVE, cause)
    if moved:
        await _move_rows(uow, fan.id, in_list=in_list)


async def _wish(uow: UnitOfWork, fan: Fan, wish: Wish, cause: Cause) -> None:
    """Ask for the change by hand; a newer wish for a fan replaces the one that is still open."""
    await uow.session.execute(
        delete(ListTask).where(col(ListTask.fan_id) == fan.id, col(ListTask.done_at).is_(None))
    )
    uow.session.add(
        ListTask(
            creator_id=fan.creator_id, fan_id=fan.id, wish=wish, reason=cause.reason, created_at=cause.at
        )
    )


async def _move_rows(uow: UnitOfWork, fan_id: FanId, *, in_list: bool) -> None:
    """Keep the rows' copy of the membership, and the counters, in step."""
    await uow.session.flush()
    rows = await uow.session.scalars(select(Subscription).where(col(Subscription.fan_id) == fan_id))
    for subscription in rows:
        before = counters.cell_of(subscription)
        subscription.in_list = in_list
        await counters.move(uow, before, counters.cell_of(subscription))
    await uow.session.flush()
