"""The exact number beside each filter option, each counted with all the other filters applied."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import FromClause, Select, and_, bindparam, case, or_, select, true
from sqlalchemy import func as sql
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.expression import ColumnElement
from sqlmodel import col

from lastlink_ui.core.clock import day_end, day_start
from lastlink_ui.core.ids import CreatorId, PlanId
from lastlink_ui.subscribers.filters import Filters, InList, Sheet, Since
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.subscribers.models import Counter, Grain, Subscription
from lastlink_ui.subscribers.normalise import search_term
from lastlink_ui.subscribers.search import are_few_found, found
from lastlink_ui.subscribers.selection import CREATOR, owned

COUNTED_MATCHES = 40_000
"""A search that finds more is not counted: a look at each would take longer than anybody waits."""

EVERYBODY = select(sql.sum(col(Counter.subscriptions))).where(
    col(Counter.creator_id) == CREATOR, col(Counter.grain) == Grain.ALL
)

_Days = tuple[date | None, date | None]
_ANY_DAY: _Days = (None, None)


@dataclass(frozen=True, slots=True)
class FilterCounts:
    """How many subscriptions each option would show; an option that is not named shows none."""

    total: int = 0
    """With every filter applied."""
    everybody: int = 0
    """With none."""
    is_known: bool = True
    """False where counting a search was left out: then only `everybody` means anything."""
    statuses: Mapping[Status, int] = field(default_factory=dict[Status, int])
    any_status: int = 0
    since: Mapping[Since, int] = field(default_factory=dict[Since, int])
    any_day: int = 0
    sheets: Mapping[Sheet, int] = field(default_factory=dict[Sheet, int])
    plans: Mapping[PlanId, int] = field(default_factory=dict[PlanId, int])
    any_plan: int = 0
    methods: Mapping[Method, int] = field(default_factory=dict[Method, int])
    any_method: int = 0
    in_list: Mapping[InList, int] = field(default_factory=dict[InList, int])
    in_or_out: int = 0


@dataclass(frozen=True, slots=True)
class _Group:
    """How many subscriptions are alike in everything but their day, within each stretch of days."""

    status: Status
    plan: PlanId
    method: Method
    in_list: bool
    within: Mapping[_Days, int]


async def count(
    connection: AsyncConnection, creator: CreatorId, filters: Filters, now: datetime
) -> FilterCounts:
    """Every count of the page; from the counters alone, unless text is searched for."""
    stretches = {
        _ANY_DAY,
        filters.days(now),
        *(Filters().with_since(since).days(now) for since in Since),
    }
    term = search_term(filters.q)
    if not term:
        groups = await _from_counters(connection, creator, stretches)
        everybody = sum(group.within[_ANY_DAY] for group in groups)
        return _fold(groups, filters, now, everybody)
    everybody = await count_everybody(connection, creator)
    groups = await _from_few_rows(connection, creator, filters.q, stretches)
    if groups is None:
        return FilterCounts(is_known=False, everybody=everybody)
    return _fold(groups, filters, now, everybody)


async def count_selected(
    connection: AsyncConnection, creator: CreatorId, filters: Filters, now: datetime
) -> int:
    """The number with every filter applied, alone; exact under any search."""
    days = filters.days(now)
    if search_term(filters.q):
        groups = await _from_rows(connection, creator, filters.q, {days})
    else:
        groups = await _from_counters(connection, creator, {days})
    return sum(group.within[days] for group in groups if _lets_through(filters, group))


def pieces(days: _Days) -> list[tuple[Grain, date | None, date | None]]:
    """The fewest stretches of counters that cover `days`, bounds inclusive: whole months, and odd days."""
    first, last = days
    if first is None and last is None:
        return [(Grain.ALL, None, None)]
    first_month = first and (first if first.day == 1 else _next_month(first))
    last_month = last and _previous_month(last + timedelta(days=1))
    if first_month and last_month and first_month > last_month:
        return [(Grain.DAY, first, last)]
    found: list[tuple[Grain, date | None, date | None]] = [(Grain.MONTH, first_month, last_month)]
    if first and first_month and first < first_month:
        found.append((Grain.DAY, first, first_month - timedelta(days=1)))
    if last and last_month and _next_month(last_month) <= last:
        found.append((Grain.DAY, _next_month(last_month), last))
    return found


def _fold(groups: Iterable[_Group], filters: Filters, now: datetime, everybody: int) -> FilterCounts:
    shown = filters.days(now)

    def number(other: Filters, days: _Days = shown) -> int:
        return sum(group.within[days] for group in groups if _lets_through(other, group))

    def each(options: Iterable[Any], chosen: Callable[[Any], Filters]) -> dict[Any, int]:
        return {option: number(chosen(option)) for option in options}

    groups = list(groups)
    plans = {group.plan for group in groups}
    return FilterCounts(
        total=number(filters),
        everybody=everybody,
        statuses=each(Status, filters.with_status),
        any_status=number(filters.with_status(None)),
        since={since: number(filters, Filters().with_since(since).days(now)) for since in Since},
        any_day=number(filters, _ANY_DAY),
        sheets=each(Sheet, filters.on_sheet),
        plans=each(plans, filters.with_plan),
        any_plan=number(filters.with_plan(None)),
        methods=each(Method, filters.with_method),
        any_method=number(filters.with_method(None)),
        in_list=each(InList, filters.with_list),
        in_or_out=number(filters.with_list(None)),
    )


def _lets_through(filters: Filters, group: _Group) -> bool:
    return (
        filters.status in {None, group.status}
        and filters.plan in {None, group.plan}
        and filters.method in {None, group.method}
        and (filters.in_list is None or (filters.in_list is InList.IN) == group.in_list)
        and (filters.sheet is not Sheet.ACTIVE or (group.status is Status.ACTIVE and group.in_list))
        and (filters.sheet is not Sheet.INACTIVE or group.status.is_over)
    )


async def count_everybody(connection: AsyncConnection, creator: CreatorId) -> int:
    """How many subscriptions the creator has."""
    return int(await connection.scalar(EVERYBODY, {"creator": creator}) or 0)


async def _from_counters(
    connection: AsyncConnection, creator: CreatorId, stretches: Iterable[_Days]
) -> list[_Group]:
    within: dict[tuple[Any, ...], dict[_Days, int]] = {}
    stretches = list(stretches)
    for days in stretches:
        covered = pieces(days)
        asked: dict[str, Any] = {"creator": creator}
        for number, (_, first, last) in enumerate(covered):
            asked |= {f"first{number}": first or date.min, f"last{number}": last or date.max}
        query = _counted(tuple(grain for grain, _, _ in covered))
        for *key, counted in await connection.execute(query, asked):
            within.setdefault(tuple(key), dict.fromkeys(stretches, 0))[days] = int(counted)
    return [_Group(*key, within=numbers) for key, numbers in within.items()]


@cache
def _counted(grains: tuple[Grain, ...]) -> Select[*tuple[Any, ...]]:
    """How many subscriptions there are of each kind, by counters of these grains from a day to another."""
    kind = (col(Counter.status), col(Counter.plan_id), col(Counter.method), col(Counter.in_list))
    covered = [
        and_(
            col(Counter.grain) == grain,
            col(Counter.starts_on).between(bindparam(f"first{number}"), bindparam(f"last{number}")),
        )
        for number, grain in enumerate(grains)
    ]
    query = select(*kind, sql.sum(col(Counter.subscriptions)))
    return query.where(col(Counter.creator_id) == CREATOR, or_(*covered)).group_by(*kind)


async def _from_rows(
    connection: AsyncConnection, creator: CreatorId, typed: str, stretches: Iterable[_Days]
) -> list[_Group]:
    """What the search finds, however much that is."""
    stretches = list(stretches)
    fans = found(creator, typed, None, is_sqlite=connection.dialect.name == "sqlite").subquery()
    return _grouped(await connection.execute(_among_found(fans, creator, stretches)), stretches)


async def _from_few_rows(
    connection: AsyncConnection, creator: CreatorId, typed: str, stretches: Iterable[_Days]
) -> list[_Group] | None:
    """What the search finds; None where it finds more than are counted."""
    if connection.dialect.name == "sqlite":
        # Its index says how many at a fraction of what it costs to look at them.
        few = await are_few_found(connection, creator, typed, COUNTED_MATCHES)
        return await _from_rows(connection, creator, typed, stretches) if few else None
    stretches = list(stretches)
    fans = found(creator, typed, COUNTED_MATCHES + 1, is_sqlite=False).cte("matches")
    number = select(sql.count().label("number")).select_from(fans).subquery("counted")
    groups = _among_found(fans, creator, stretches).where(number.c.number <= COUNTED_MATCHES)
    groups = groups.correlate(number).lateral("groups")
    rows = (await connection.execute(select(number, *groups.c).join(groups, true(), isouter=True))).all()
    if rows[0].number > COUNTED_MATCHES:
        return None
    return _grouped([row[1:] for row in rows if row[1]], stretches)


def _among_found(
    fans: FromClause, creator: CreatorId, stretches: Sequence[_Days]
) -> Select[*tuple[Any, ...]]:
    """How many of the subscriptions of `fans` there are of each kind, within each of the stretches."""
    kind = [
        col(column)
        for column in (Subscription.status, Subscription.plan_id, Subscription.method, Subscription.in_list)
    ]
    numbers = [sql.sum(case((_is_within(days), 1), else_=0)) for days in stretches]
    return (
        select(*kind, *numbers)
        .join(fans, col(Subscription.fan_id) == fans.c.id)
        .where(owned(col(Subscription.creator_id), creator))
        .group_by(*kind)
    )


def _grouped(rows: Iterable[Any], stretches: Sequence[_Days]) -> list[_Group]:
    return [
        _Group(*values[:4], within=dict(zip(stretches, map(int, values[4:]), strict=True))) for values in rows
    ]


def _is_within(days: _Days) -> ColumnElement[bool]:
    started_at, (first, last) = col(Subscription.started_at), days
    conditions: list[ColumnElement[bool]] = [started_at.is_not(None)]
    if first:
        conditions.append(started_at >= day_start(first))
    if last:
        conditions.append(started_at < day_end(last))
    return and_(*conditions)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _previous_month(day: date) -> date:
    """The first day of the last month that is over before `day`."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
