"""Which rows stand on a page: keyset paging, so that page 15,000 costs what page 1 costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.expression import ColumnElement
from sqlmodel import col

from lastlink_ui.core.ids import CreatorId, SubscriptionId
from lastlink_ui.subscribers.cursors import Cursor
from lastlink_ui.subscribers.filters import Filters, Sort, SortKey
from lastlink_ui.subscribers.models import Fan, Subscription
from lastlink_ui.subscribers.reading import Reading, Way, choose, ordered
from lastlink_ui.subscribers.selection import Bound, selected
from lastlink_ui.subscribers.windows import windows


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of the table that one index walk gives in order."""

    keys: tuple[Any, ...]
    only: ColumnElement[bool] | None = None
    """What sets it apart from the other stretch."""
    starts_with_nothing: bool = False
    """Whether these are the rows without the value that is sorted by."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The ids of consecutive rows in the order of the table, with what each is sorted by."""

    ids: tuple[SubscriptionId, ...]
    values: tuple[tuple[Any, ...], ...]
    has_more: bool
    """Whether the table goes on in the direction that was walked."""


async def walk(
    connection: AsyncConnection,
    creator: CreatorId,
    filters: Filters,
    now: datetime,
    *,
    beside: Cursor | None,
    backwards: bool,
    size: int,
) -> Slice:
    """Up to `size` rows behind `beside`, or in front of it; from the table's start or end without it."""
    reading = await choose(connection, creator, filters, now, size)
    stretches = _stretches(filters.sort)
    found: list[tuple[SubscriptionId, tuple[Any, ...]]] = []
    for stretch in reversed(stretches) if backwards else stretches:
        if beside and _is_passed(stretch, beside, backwards=backwards):
            continue
        starts_here = beside is not None and stretch.starts_with_nothing == (beside.values[0] is None)
        conditions = [] if stretch.only is None else [stretch.only]
        descending, bound = filters.sort.descending != backwards, Bound.NONE
        if beside and starts_here:
            here, keys = _beside(stretch, beside), tuple_(*stretch.keys)
            conditions.append(keys < here if descending else keys > here)
            if filters.sort.key is SortKey.STARTED:
                bound = Bound.LAST if descending else Bound.FIRST
        nothing = (None,) if stretch.starts_with_nothing else ()
        for only in await _parts(connection, reading, beside, newest_first=descending):
            query = reading.query(
                stretch.keys,
                [*conditions, *only],
                descending=descending,
                limit=size + 1 - len(found),
                bound=Bound.BOTH if only else bound,
            )
            found += [(row[0], (*nothing, *row[1:])) for row in await connection.execute(query)]
            if len(found) > size:
                break
        if len(found) > size:
            break
    has_more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    return Slice(tuple(row[0] for row in found), tuple(row[1] for row in found), has_more)


async def _parts(
    connection: AsyncConnection, reading: Reading, beside: Cursor | None, *, newest_first: bool
) -> list[list[ColumnElement[bool]]]:
    """The conditions of what is read one after the other: everything at once, or stretch by stretch."""
    if reading.way is not Way.DAYS:
        return [[]]
    here = cast("datetime", beside.values[0]) if beside else None
    started_at = col(Subscription.started_at)
    return [
        [started_at >= begin, started_at < end]
        for begin, end in await windows(
            connection, reading.creator, reading.filters, reading.now, beside=here, newest_first=newest_first
        )
    ]


def in_order(
    columns: list[Any], creator: CreatorId, filters: Filters, now: datetime
) -> Iterator[Select[*tuple[Any, ...]]]:
    """Queries that give `columns` of every row, fans' among them, one query's rows after the other's."""
    for stretch in _stretches(filters.sort):
        query = selected(columns, creator, filters, now, with_fans=True)
        if stretch.only is not None:
            query = query.where(stretch.only)
        yield query.order_by(*ordered(stretch.keys, descending=filters.sort.descending))


def _stretches(sort: Sort) -> tuple[_Stretch, ...]:
    identity = col(Subscription.id)
    if sort.key is SortKey.NAME:
        return (_Stretch((col(Fan.sort_name), col(Fan.id), identity)),)
    if sort.key is SortKey.AMOUNT:
        return (_Stretch((col(Subscription.amount), identity)),)
    if sort.key is SortKey.STARTED:
        return (_Stretch((col(Subscription.started_at), identity)),)
    # Who never had access comes last in either direction.
    until = col(Subscription.access_until)
    return (
        _Stretch((until, identity), only=until.is_not(None)),
        _Stretch((identity,), only=until.is_(None), starts_with_nothing=True),
    )


def _is_passed(stretch: _Stretch, beside: Cursor, *, backwards: bool) -> bool:
    cursor_in_last = beside.values[0] is None
    if stretch.starts_with_nothing == cursor_in_last:
        return False
    return stretch.starts_with_nothing if backwards else not stretch.starts_with_nothing


def _beside(stretch: _Stretch, beside: Cursor) -> Any:  # noqa: ANN401 - a row of bound values
    values = beside.values[1:] if stretch.starts_with_nothing else beside.values
    return tuple_(*values, types=[key.type for key in stretch.keys])
