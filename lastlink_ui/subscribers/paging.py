"""Which rows stand on a page: keyset paging, so that page 15,000 costs what page 1 costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection

from lastlink_ui.core.ids import CreatorId, SubscriptionId
from lastlink_ui.subscribers.counting import count_everybody
from lastlink_ui.subscribers.cursors import Cursor
from lastlink_ui.subscribers.filters import Filters, SortKey
from lastlink_ui.subscribers.normalise import search_term
from lastlink_ui.subscribers.orders import Stretch, ordered, stretches
from lastlink_ui.subscribers.reading import Reading, choose, is_far, looking_up
from lastlink_ui.subscribers.selection import selected
from lastlink_ui.subscribers.windows import Window, windows

_Found = tuple[SubscriptionId, tuple[Any, ...]]


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
    by_days = filters.sort.key is SortKey.STARTED
    going = _Walk(connection, beside, backwards, filters.sort.descending != backwards, size)
    found = await (going.search(reading) if search_term(filters.q) and by_days else going.read(reading))
    has_more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    return Slice(tuple(row[0] for row in found), tuple(row[1] for row in found), has_more)


@dataclass(frozen=True, slots=True)
class _Walk:
    """From where, in which direction and how far the table is walked."""

    connection: AsyncConnection
    beside: Cursor | None
    backwards: bool
    descending: bool
    size: int
    """One row more is read: whether there is one."""

    async def read(self, reading: Reading) -> list[_Found]:
        """The rows of one stretch after the other."""
        found: list[_Found] = []
        parts = stretches(reading.filters.sort.key)
        for stretch in reversed(parts) if self.backwards else parts:
            if not (self.beside and _is_passed(stretch, self.beside, backwards=self.backwards)):
                found += await self._ask(reading, stretch, _place(stretch, self.beside), len(found))
            if len(found) > self.size:
                break
        return found

    async def search(self, reading: Reading) -> list[_Found]:
        """The rows of one stretch of time after the other, for as long as that finds enough soon.

        Then it is asked once how many the search finds at all: few are sooner looked up.
        """
        (stretch,) = stretches(SortKey.STARTED)
        found: list[_Found] = []
        place, looked_through, is_decided = _place(stretch, self.beside), 0, False
        for window in await self._windows(reading):
            if looked_through and not is_decided:
                everybody = await count_everybody(self.connection, reading.creator)
                missing = self.size + 1 - len(found)
                if is_far(reading.filters, missing, len(found), looked_through, everybody):
                    if sooner := await looking_up(self.connection, reading, self.size):
                        return await self.read(sooner)
                    is_decided = True
            found += await self._ask(reading, stretch, place, len(found), window)
            looked_through += window.rows
            # Whatever is in the next window comes after it anyway.
            place = ()
            if len(found) > self.size:
                break
        return found

    async def _ask(
        self,
        reading: Reading,
        stretch: Stretch,
        place: Sequence[Any],
        already: int,
        window: Window | None = None,
    ) -> list[_Found]:
        asked = reading.question(
            stretch,
            descending=self.descending,
            limit=self.size + 1 - already,
            beside=place,
            window=window,
        )
        nothing = (None,) if stretch.starts_with_nothing else ()
        rows = await self.connection.execute(asked.statement, asked.values)
        return [(row[0], (*nothing, *row[1:])) for row in rows]

    async def _windows(self, reading: Reading) -> list[Window]:
        return await windows(
            self.connection,
            reading.creator,
            reading.filters,
            reading.now,
            beside=cast("datetime", self.beside.values[0]) if self.beside else None,
            newest_first=self.descending,
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
