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

from lastlink_ui.core.clock import day_end, day_start, sao_paulo_day
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.models import Counter, Grain
from lastlink_ui.subscribers.selection import Kinds

FIRST_ROWS = 1_000
"""About so many rows are looked through first; then each time more, up to `_MOST_ROWS`."""
_MOST_ROWS = 32_000
_GROWTH = 2
_MOST_PIECES = 1_000

Window = tuple[datetime, datetime]
"""From the first instant up to, and without, the second."""
Stretch = tuple[datetime, datetime, int]
"""The same, and how many rows it has."""


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
    first, last = filters.days(now)
    begin, end = first and day_start(first), last and day_end(last)
    if beside and newest_first:
        behind = beside + timedelta(microseconds=1)
        end = min(end or behind, behind)
    elif beside:
        begin = max(begin or beside, beside)
    stretches = [
        (day_start(month), day_start(_following(month)), number)
        for month, number in await _counted(
            connection, creator, filters, Grain.MONTH, newest_first=newest_first
        )
    ]
    stretches = [each for each in stretches if (not begin or each[1] > begin) and (not end or each[0] < end)]
    # Where reading begins, and as a rule ends, it is told to the day where the rows are.
    month = sao_paulo_day(stretches[0][0]) if stretches else None
    days = [
        (day_start(day), day_end(day), number)
        for day, number in await _counted(
            connection, creator, filters, Grain.DAY, month, newest_first=newest_first
        )
    ]
    return list(cut([*days, *stretches[1:]], begin, end, now, newest_first=newest_first))


async def _counted(
    connection: AsyncConnection,
    creator: CreatorId,
    filters: Filters,
    grain: Grain,
    month: date | None = None,
    *,
    newest_first: bool,
) -> list[tuple[date, int]]:
    """How many rows of the kinds each day of the month has, or each month; in the order of reading."""
    starts_on = col(Counter.starts_on)
    query = select(starts_on, sql.sum(col(Counter.subscriptions))).where(
        col(Counter.creator_id) == creator, col(Counter.grain) == grain, *Kinds.of(filters).among()
    )
    if month:
        query = query.where(starts_on >= month, starts_on < _following(month))
    order = starts_on.desc() if newest_first else starts_on
    rows = await connection.execute(query.group_by(starts_on).order_by(order))
    return [(day, int(number)) for day, number in rows]


def cut(
    stretches: Iterable[Stretch],
    begin: datetime | None,
    end: datetime | None,
    now: datetime,
    *,
    newest_first: bool,
) -> Iterator[Window]:
    """What lies from `begin` up to `end` of the stretches, in windows of more and more rows.

    The stretches come in the order of reading.
    """
    wanted, waiting = FIRST_ROWS, 0
    window: Window | None = None
    for first, last, number in stretches:
        pieces = _pieces(first, last, number // wanted, now)
        share = number // len(pieces)
        for piece in reversed(pieces) if newest_first else pieces:
            start, stop = max(piece[0], begin or piece[0]), min(piece[1], end or piece[1])
            if start >= stop:
                continue
            window = (start, stop) if window is None else (min(window[0], start), max(window[1], stop))
            waiting += share
            if waiting >= wanted:
                yield window
                window, waiting = None, 0
                wanted = min(wanted * _GROWTH, _MOST_ROWS)
    if window:
        yield window


def _pieces(begin: datetime, end: datetime, count: int, now: datetime) -> list[Window]:
    """The stretch in `count` parts. Nothing says where it is full: it is taken for even, up to `now`."""
    count = min(max(count, 1), _MOST_PIECES)
    step = ((now if begin < now < end else end) - begin) / count
    return list(pairwise([*(begin + step * part for part in range(count)), end]))


def _following(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
