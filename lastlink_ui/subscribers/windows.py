"""Stretches of time that follow one another, each with about as many rows as are soon looked through.

Under a search a view is read stretch by stretch until its page is full: how dense the matches are among the
rows of the filters nobody knows beforehand.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy import func as sql
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.core.clock import day_end, day_start, sao_paulo_day
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.models import Counter, Grain, Subscription
from lastlink_ui.subscribers.selection import CREATOR, KINDS, asked_of, counters_of

FIRST_ROWS = 1_000
"""About so many rows are looked through first; then each time more, up to `_MOST_ROWS`."""
_MOST_ROWS = 32_000
_GROWTH = 2
_MOST_PIECES = 1_000


class Window(NamedTuple):
    """From the first instant up to, and without, the second."""

    begin: datetime
    end: datetime
    rows: int
    """About how many there are."""

    def joined(self, other: "Window") -> "Window":
        """Both, and what lies between them."""
        return Window(min(self.begin, other.begin), max(self.end, other.end), self.rows + other.rows)


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
    asked = asked_of(creator, filters)
    counted = (await connection.execute(_counting(Grain.MONTH, newest_first=newest_first), asked)).all()
    months = [
        Window(day_start(month), day_start(_following(month)), int(number)) for month, number, _ in counted
    ]
    months = [each for each in months if (not begin or each.end > begin) and (not end or each.begin < end)]
    if not months:
        return []
    # Where reading begins, and as a rule ends, it is told to the day where the rows are.
    month = sao_paulo_day(months[0].begin)
    asked |= {"first": month, "following": _following(month)}
    days = [
        Window(day_start(day), day_end(day), int(number))
        for day, number, _ in await connection.execute(_counting(Grain.DAY, newest_first=newest_first), asked)
    ]
    latest = counted[0][2] or now
    return list(cut([*days, *months[1:]], begin, end, latest, newest_first=newest_first))


@cache
def _counting(grain: Grain, *, newest_first: bool) -> Select[date, int, datetime]:
    """How many rows of the kinds each month has, or each day of one; in the order of reading.

    With each comes when the creator's latest row began.
    """
    starts_on, started_at = col(Counter.starts_on), col(Subscription.started_at)
    latest = select(started_at).where(col(Subscription.creator_id) == CREATOR)
    latest = latest.order_by(started_at.desc()).limit(1).scalar_subquery()
    query = select(starts_on, sql.sum(col(Counter.subscriptions)), latest)
    query = query.where(*counters_of(CREATOR, grain, KINDS)).group_by(starts_on)
    if grain is Grain.DAY:
        query = query.where(starts_on >= bindparam("first"), starts_on < bindparam("following"))
    return query.order_by(starts_on.desc() if newest_first else starts_on)


def cut(
    stretches: Iterable[Window],
    begin: datetime | None,
    end: datetime | None,
    latest: datetime,
    *,
    newest_first: bool,
) -> Iterator[Window]:
    """What lies from `begin` up to `end` of the stretches, in windows of more and more rows.

    The stretches come in the order of reading; `latest` is when the last row of any began.
    """
    wanted = FIRST_ROWS
    window: Window | None = None
    for first, last, number in stretches:
        pieces = _pieces(first, last, number // wanted, latest)
        share = number // len(pieces)
        for piece in reversed(pieces) if newest_first else pieces:
            start, stop = max(piece[0], begin or piece[0]), min(piece[1], end or piece[1])
            if start >= stop:
                continue
            more = Window(start, stop, share)
            window = more if window is None else window.joined(more)
            if window.rows >= wanted:
                yield window
                window, wanted = None, min(wanted * _GROWTH, _MOST_ROWS)
    if window:
        yield window


def _pieces(begin: datetime, end: datetime, count: int, latest: datetime) -> list[tuple[datetime, datetime]]:
    """The stretch in `count` parts. Nothing says where it is full: it is taken for even, up to `latest`."""
    count = min(max(count, 1), _MOST_PIECES)
    step = ((latest if begin < latest < end else end) - begin) / count
    return list(pairwise([*(begin + step * part for part in range(count)), end]))


def _following(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
