"""Stretches of time that follow one another, each with about as many rows as are soon looked through.

Under a search that finds many, a filtered view is read stretch by stretch until its page is full: how dense
the matches are among the rows of the filters nobody knows beforehand.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import func as sql
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.core.clock import day_end, day_start
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.models import Counter, Grain
from lastlink_ui.subscribers.selection import kind_of

FIRST_ROWS = 1_000
"""About so many rows are looked through first; then each time more, up to `_MOST_ROWS`."""
_MOST_ROWS = 32_000
_GROWTH = 2
_MOST_PIECES = 1_000

Window = tuple[datetime, datetime]
"""From the first instant up to, and without, the second."""


async def windows(
    connection: AsyncConnection,
    creator: CreatorId,
    filters: Filters,
    now: datetime,
    *,
    beside: datetime | None,
    newest_first: bool,
) -> list[Window]:
    """The stretches in the order in which they are to be read; `beside` is where the page before ended."""
    rows = await connection.execute(
        select(col(Counter.starts_on), sql.sum(col(Counter.subscriptions)))
        .where(
            col(Counter.creator_id) == creator,
            col(Counter.grain) == Grain.MONTH,
            *kind_of(filters, Counter),
        )
        .group_by(col(Counter.starts_on))
        .order_by(col(Counter.starts_on).desc() if newest_first else col(Counter.starts_on))
    )
    first, last = filters.days(now)
    begin, end = first and day_start(first), last and day_end(last)
    if beside and newest_first:
        behind = beside + timedelta(microseconds=1)
        end = min(end or behind, behind)
    elif beside:
        begin = max(begin or beside, beside)
    months = [(month, int(number)) for month, number in rows]
    return list(cut(months, begin, end, now, newest_first=newest_first))


def cut(
    months: Iterable[tuple[date, int]],
    begin: datetime | None,
    end: datetime | None,
    now: datetime,
    *,
    newest_first: bool,
) -> Iterator[Window]:
    """What lies from `begin` up to `end` of the months, in stretches of more and more rows.

    `months` are first days, each with how many rows its month has, in the order of reading.
    """
    wanted, waiting = FIRST_ROWS, 0
    window: Window | None = None
    for month, number in months:
        pieces = _pieces(month, number // wanted, now)
        share = number // len(pieces)
        within = [
            piece
            for piece in pieces
            if (begin is None or piece[1] > begin) and (end is None or piece[0] < end)
        ]
        for piece in reversed(within) if newest_first else within:
            window = piece if window is None else (min(window[0], piece[0]), max(window[1], piece[1]))
            waiting += share
            if waiting >= wanted:
                yield window
                window, waiting = None, 0
                wanted = min(wanted * _GROWTH, _MOST_ROWS)
    if window:
        yield window


def _pieces(month: date, count: int, now: datetime) -> list[Window]:
    """The month in `count` parts. Nothing says where it is full: it is taken for even, up to `now`."""
    begin, end = day_start(month), day_start((month + timedelta(days=32)).replace(day=1))
    count = min(max(count, 1), _MOST_PIECES)
    step = ((now if begin < now < end else end) - begin) / count
    return list(pairwise([*(begin + step * part for part in range(count)), end]))
