"""How many subscriptions there are of each kind: kept in the transaction of every change, never counted."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, literal, select, text, union_all
from sqlalchemy import func as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.ids import CreatorId, PlanId
from lastlink_ui.db import UnitOfWork
from lastlink_ui.db.types import code_of
from lastlink_ui.subscribers.days import month_start_in_sql, sao_paulo_day_in_sql
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.subscribers.models import Counter, Grain, Subscription

ALL_TIME = date(1970, 1, 1)
_KEY = ("creator_id", "grain", "starts_on", "status", "plan_id", "method", "in_list")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one subscription is counted as."""

    creator_id: CreatorId
    started_on: date
    """The São Paulo day on which it began."""
    status: Status
    plan_id: PlanId
    method: Method
    in_list: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that a recount found wrong."""

    grain: Grain
    starts_on: date
    status: Status
    plan_id: PlanId
    method: Method
    in_list: bool
    kept: int
    """What the counter said."""
    counted: int
    """What the subscriptions amount to."""


def cell_of(subscription: Subscription) -> Cell:
    """The cell in which `subscription`, as it now is, is counted."""
    return Cell(
        creator_id=subscription.creator_id,
        started_on=sao_paulo_day(subscription.started_at),
        status=subscription.status,
        plan_id=subscription.plan_id,
        method=subscription.method,
        in_list=subscription.in_list,
    )


async def move(uow: UnitOfWork, before: Cell | None, after: Cell | None) -> None:
    """Count a subscription as `after` and no longer as `before`: None where it is new, or gone."""
    await move_all(uow, [(before, after)])


async def move_all(uow: UnitOfWork, moves: Iterable[tuple[Cell | None, Cell | None]]) -> None:
    """Count several changes at once; one statement, whatever their number."""
    deltas: defaultdict[tuple[Any, ...], int] = defaultdict(int)
    for before, after in moves:
        if before != after:
            for cell, step in ((before, -1), (after, +1)):
                for key in _keys(cell) if cell else ():
                    deltas[key] += step
    # In one order everywhere, so that two transactions never wait for each other's counters.
    changed = sorted((key, delta) for key, delta in deltas.items() if delta)
    if not changed:
        return
    dialect = postgresql if uow.session.get_bind().dialect.name == "postgresql" else sqlite
    upsert = dialect.insert(Counter).values(
        [dict(zip(_KEY, key, strict=True)) | {"subscriptions": delta} for key, delta in changed]
    )
    await uow.session.execute(
        upsert.on_conflict_do_update(
            index_elements=list(_KEY),
            set_={"subscriptions": col(Counter.subscriptions) + upsert.excluded.subscriptions},
        )
    )


async def recount(uow: UnitOfWork, creator: CreatorId) -> list[Difference]:
    """Rebuild the counters of `creator` from the subscriptions; the answer says which were wrong."""
    session = uow.session
    if session.get_bind().dialect.name == "postgresql":
        # Whoever is about to count something waits until the rebuilt counters are there to be changed.
        await session.execute(text("LOCK TABLE counters IN SHARE ROW EXCLUSIVE MODE"))
    kept = await _all_of(uow, creator)
    await session.execute(delete(Counter).where(col(Counter.creator_id) == creator))
    await session.execute(_insert_counted(creator))
    counted = await _all_of(uow, creator)
    return [
        Difference(*key[1:], kept=kept.get(key, 0), counted=counted.get(key, 0))
        for key in sorted(kept.keys() | counted.keys())
        if kept.get(key, 0) != counted.get(key, 0)
    ]


def _keys(cell: Cell) -> list[tuple[Any, ...]]:
    kind = (cell.status, cell.plan_id, cell.method, cell.in_list)
    return [
        (cell.creator_id, Grain.DAY, cell.started_on, *kind),
        (cell.creator_id, Grain.MONTH, cell.started_on.replace(day=1), *kind),
        (cell.creator_id, Grain.ALL, ALL_TIME, *kind),
    ]


async def _all_of(uow: UnitOfWork, creator: CreatorId) -> dict[tuple[Any, ...], int]:
    rows = await uow.session.execute(
        select(*(getattr(Counter, name) for name in _KEY), col(Counter.subscriptions)).where(
            col(Counter.creator_id) == creator
        )
    )
    return {tuple(row[:-1]): row[-1] for row in rows}


def _insert_counted(creator: CreatorId) -> Any:  # noqa: ANN401 - an Insert, whose rows no type describes
    kind = [getattr(Subscription, name) for name in ("status", "plan_id", "method", "in_list")]
    day = sao_paulo_day_in_sql(col(Subscription.started_at)).label("starts_on")
    days = (
        select(col(Subscription.creator_id), day, *kind, sql.count().label("subscriptions"))
        .where(col(Subscription.creator_id) == creator)
        .group_by(col(Subscription.creator_id), day, *kind)
        .cte("days")
    )
    grouped = (days.c.creator_id, days.c.status, days.c.plan_id, days.c.method, days.c.in_list)
    total = sql.sum(days.c.subscriptions)
    month = month_start_in_sql(days.c.starts_on)
    grain = code_of(Grain)
    columns = days.c
    rows = union_all(
        select(
            columns.creator_id,
            literal(Grain.DAY, grain),
            columns.starts_on,
            *grouped[1:],
            columns.subscriptions,
        ),
        select(columns.creator_id, literal(Grain.MONTH, grain), month, *grouped[1:], total).group_by(
            *grouped, month
        ),
        select(
            columns.creator_id, literal(Grain.ALL, grain), literal(ALL_TIME), *grouped[1:], total
        ).group_by(*grouped),
    )
    return insert(Counter).from_select([*_KEY, "subscriptions"], rows)
