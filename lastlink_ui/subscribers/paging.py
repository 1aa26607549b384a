"""Which rows stand on a page: keyset paging, so that page 15,000 costs what page 1 costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection

from lastlink_ui.core.ids import CreatorId, SubscriptionId
from lastlink_ui.subscribers.cursors import Cursor
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.orders import Stretch, ordered, stretches
from lastlink_ui.subscribers.reading import Reading, Way, choose
from lastlink_ui.subscribers.selection import selected
from lastlink_ui.subscribers.windows import Window, windows


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
    found: list[tuple[SubscriptionId, tuple[Any, ...]]] = []
    parts, descending = stretches(filters.sort.key), filters.sort.descending != backwards
    for stretch in reversed(parts) if backwards else parts:
        if beside and _is_passed(stretch, beside, backwards=backwards):
            continue
        nothing = (None,) if stretch.starts_with_nothing else ()
        place = _place(stretch, beside)
        for window in await _windows(connection, reading, beside, newest_first=descending):
            asked = reading.question(
                stretch,
                descending=descending,
                limit=size + 1 - len(found),
                beside=place,
                window=window,
            )
            rows = await connection.execute(asked.statement, asked.values)
            found += [(row[0], (*nothing, *row[1:])) for row in rows]
            # Whatever is in the next window comes after it anyway.
            place = ()
            if len(found) > size:
                break
        if len(found) > size:
            break
    has_more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    return Slice(tuple(row[0] for row in found), tuple(row[1] for row in found), has_more)


async def _windows(
    connection: AsyncConnection, reading: Reading, beside: Cursor | None, *, newest_first: bool
) -> Sequence[Window | None]:
    """What is read one after the other: everything at once, or stretch of time by stretch of time."""
    if reading.way is not Way.DAYS:
        return [None]
    here = cast("datetime", beside.values[0]) if beside else None
    return await windows(
        connection, reading.creator, reading.filters, reading.now, beside=here, newest_first=newest_first
    )


def in_order(
    columns: list[Any], creator: CreatorId, filters: Filters, now: datetime
) -> Iterator[Select[*tuple[Any, ...]]]:
    """Queries that give `columns` of every row, fans' among them, one query's rows after the other's."""
    for stretch in stretches(filters.sort.key):
        query = selected(columns, creator, filters, now, with_fans=True).where(*stretch.conditions)
        yield query.order_by(*ordered(stretch.keys, descending=filters.sort.descending))


def _is_passed(stretch: Stretch, beside: Cursor, *, backwards: bool) -> bool:
    cursor_in_last = beside.values[0] is None
    if stretch.starts_with_nothing == cursor_in_last:
        return False
    return stretch.starts_with_nothing if backwards else not stretch.starts_with_nothing


def _place(stretch: Stretch, beside: Cursor | None) -> tuple[Any, ...]:
    """The keys of the row in this stretch that is walked on from; nothing where it is walked from its end."""
    if beside is None or stretch.starts_with_nothing != (beside.values[0] is None):
        return ()
    return beside.values[1:] if stretch.starts_with_nothing else beside.values
