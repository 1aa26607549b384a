"""By which index the rows of a view are read, so that no view reads much more than it shows.

A subscription's *kind* is its plan, status, method and whether it is in the list: what filters tell apart.
Which kinds there are is in the counters, and each kind has its rows in order in an index. So a filtered view
is the first rows of each of its kinds, put in order: a kind that is rare, or not there at all, costs a look.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from math import isqrt
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db.planning import for_these_values
from lastlink_ui.subscribers.counting import count_everybody, count_selected
from lastlink_ui.subscribers.filters import Filters, Sheet, SortKey
from lastlink_ui.subscribers.kinds import Asking, first_rows, same_kind, values
from lastlink_ui.subscribers.models import Counter, Fan, Grain, Subscription
from lastlink_ui.subscribers.normalise import search_term
from lastlink_ui.subscribers.orders import Stretch, beyond, ordered
from lastlink_ui.subscribers.search import are_few_found, found, matches, patterns
from lastlink_ui.subscribers.selection import (
    Bound,
    Kinds,
    counters_of,
    looked_up,
    selected,
    within,
    within_days,
)
from lastlink_ui.subscribers.windows import FIRST_ROWS, Window

MOST_FOUND = 10_000
"""So many matches of a search are looked up one by one at the most, in whatever order they are wanted."""
_ROWS_PER_MATCH = 3
"""So many of the newest rows are looked through while one match is looked up, on either database. Their fans
lie beside each other; those of a filtered view are as far apart as those of the matches."""
MOST_GATHERED = 100_000
"""So many rows of a stretch of days are put in another order. Of more, the first in order soon are enough."""


class Way(Enum):
    """How rows are come by."""

    ALONG = auto()
    """Along the creator's index in the order of the view."""
    KINDS = auto()
    """The first of each kind, along the kind's index in the order of the view."""
    GATHERED = auto()
    """Everything of the kinds in the days, few rows, then put in order."""
    FOUND = auto()
    """What the search found, few rows, then put in order."""


@dataclass(frozen=True, slots=True)
class Question:
    """A statement, and the values that it is asked with."""

    statement: Select[*tuple[Any, ...]]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """One view of one creator's rows, and how it is come by."""

    creator: CreatorId
    filters: Filters
    now: datetime
    way: Way
    is_sqlite: bool

    def question(
        self,
        stretch: Stretch,
        *,
        descending: bool,
        limit: int,
        beside: Sequence[Any] = (),
        window: Window | None = None,
    ) -> Question:
        """The id and keys of up to `limit` rows of a stretch, in the order of its keys.

        `beside` are the keys of the row that they come after, if any. A `window`, for an order by days alone,
        is where they have to lie; it lies within the days of the filters.
        """
        if self.way is Way.KINDS:
            looked_for = len(patterns(self.filters.q))
            asking = Asking(stretch, descending, bool(beside), looked_for, self.is_sqlite)
            asked_with = values(
                self.creator, self.filters, self.now, limit=limit, beside=beside, window=window
            )
            return Question(first_rows(asking), asked_with)
        columns, bound = [col(Subscription.id), *stretch.keys], Bound.NONE
        conditions = stretch.conditions
        if beside:
            conditions = [*conditions, beyond(stretch.keys, beside, descending=descending)]
            if stretch.key is SortKey.STARTED:
                bound = Bound.behind(descending=descending)
        if window and self.way is Way.ALONG:
            conditions = [*conditions, *within(window.begin, window.end, bound)]
            bound = Bound.BOTH
        if self.way is Way.GATHERED:
            query = self._gathered(columns, bound)
        elif self.way is Way.FOUND:
            query = self._found(columns)
        else:
            query = selected(columns, self.creator, self.filters, self.now, bound=bound)
        order = ordered(stretch.keys, descending=descending)
        return Question(query.where(*conditions).order_by(*order).limit(limit), {})

    def _gathered(self, columns: list[Any], bound: Bound) -> Select[*tuple[Any, ...]]:
        search = matches(self.filters.q)
        query: Select[*tuple[Any, ...]] = (
            select(*columns)
            .select_from(Counter)
            .join(Subscription, and_(*same_kind(Counter)))
            .where(*counters_of(self.creator, Grain.ALL, Kinds.of(self.filters)))
            .where(*within_days(self.filters, self.now, bound))
        )
        if search is not None or self.filters.sort.key is SortKey.NAME:
            query = query.join(Fan, col(Fan.id) == col(Subscription.fan_id))
        return query if search is None else query.where(search)

    def _found(self, columns: list[Any]) -> Select[*tuple[Any, ...]]:
        fans = found(self.creator, self.filters.q, MOST_FOUND, is_sqlite=self.is_sqlite).subquery("found")
        query = looked_up(columns, self.creator, self.filters, self.now)
        query = query.join(fans, col(Subscription.fan_id) == fans.c.id)
        if self.filters.sort.key is SortKey.NAME:
            query = query.join(Fan, col(Fan.id) == fans.c.id)
        return query


async def choose(
    connection: AsyncConnection, creator: CreatorId, filters: Filters, now: datetime, size: int
) -> Reading:
    """How to read pages of `size` rows of the view; of a search by days, what it is looked through by."""
    way = await _way(connection, creator, filters, now, size)
    return Reading(creator, filters, now, way, connection.dialect.name == "sqlite")


async def looking_up(connection: AsyncConnection, reading: Reading, size: int) -> Reading | None:
    """How the view of a search by days is read by what the search finds; None where that takes longer."""
    most = await _sooner_found(connection, reading, size)
    few = await are_few_found(connection, reading.creator, reading.filters.q, min(most, MOST_FOUND))
    return replace(reading, way=Way.FOUND) if few else None


def is_far(filters: Filters, missing: int, found: int, looked_through: int, everybody: int) -> bool:
    """Whether as many rows as are `missing` are still far, by what was `found` among those `looked_through`.

    Far is what takes longer than to look up all that the search is to find among `everybody`.
    """
    if not found:
        return True
    to_come, matches = missing * looked_through / found, everybody * found / looked_through
    return to_come > _rows_per_match(filters) * matches + FIRST_ROWS


def _rows_per_match(filters: Filters) -> int:
    return 1 if filters.searching("").is_filtered else _ROWS_PER_MATCH


async def _way(
    connection: AsyncConnection, creator: CreatorId, filters: Filters, now: datetime, size: int
) -> Way:
    key = filters.sort.key
    has_days = filters.days(now) != (None, None)
    has_kinds = any((filters.status, filters.plan, filters.method, filters.in_list))
    has_kinds = has_kinds or filters.sheet is not Sheet.ALL
    if search_term(filters.q):
        await for_these_values(connection)
    if key is SortKey.STARTED:
        return Way.KINDS if has_kinds else Way.ALONG
    if search_term(filters.q) and await are_few_found(connection, creator, filters.q, MOST_FOUND):
        return Way.FOUND
    if key is SortKey.NAME:
        return (
            await _way_by_name(connection, creator, filters, now, size)
            if has_kinds or has_days
            else Way.ALONG
        )
    if has_days and await count_selected(connection, creator, filters.searching(""), now) <= MOST_GATHERED:
        return Way.GATHERED
    return Way.KINDS


async def _sooner_found(connection: AsyncConnection, reading: Reading, size: int) -> int:
    """Up to how many matches of a search are sooner looked up than rows are looked through for a page.

    Of f matches among n rows a page of s has been come by after s * n / f rows, or after all that are shown.
    """
    everybody = await count_everybody(connection, reading.creator)
    without = reading.filters.searching("")
    if not without.is_filtered:
        return isqrt(size * everybody // _ROWS_PER_MATCH)
    shown = await count_selected(connection, reading.creator, without, reading.now)
    return min(isqrt(size * everybody), shown)


async def _way_by_name(
    connection: AsyncConnection, creator: CreatorId, filters: Filters, now: datetime, size: int
) -> Way:
    """Along the names until the page is full, unless everything that is shown is sooner read."""
    shown = await count_selected(connection, creator, filters.searching(""), now)
    everybody = await count_everybody(connection, creator)
    return Way.GATHERED if shown * shown <= size * everybody else Way.ALONG
