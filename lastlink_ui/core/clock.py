"""Time as everything here means it: an aware UTC instant, asked of a clock that tests may swap."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
_SHORTEST_SUMMER = timedelta(days=28)
_FIRST_INSTANT, _LAST_INSTANT = datetime(1900, 1, 1, tzinfo=UTC), datetime(2201, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Whoever needs the time is given one of these."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own time, moved by `offset` where a test wants another day."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC) + self._offset


class FollowingClock:
    """The machine's time, moved by as many seconds as a file says at the moment; by none without the file."""

    def __init__(self, machine: Clock, file: Path) -> None:
        self._machine = machine
        self._file = file

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        try:
            moved = int(self._file.read_text())
        except FileNotFoundError:
            moved = 0
        return self._machine.now() + timedelta(seconds=moved)


def sao_paulo_day(instant: datetime) -> date:
    """The calendar day of `instant` (aware) as people in São Paulo see it."""
    return instant.astimezone(SAO_PAULO).date()


def day_start(day: date) -> datetime:
    """00:00 of `day` in São Paulo, as an aware UTC instant."""
    return datetime.combine(day, time.min, SAO_PAULO).astimezone(UTC)


def day_end(day: date) -> datetime:
    """The first instant after `day` in São Paulo, as an aware UTC instant."""
    return day_start(day + timedelta(days=1))


@cache
def offsets() -> Sequence[tuple[datetime, timedelta]]:
    """How far São Paulo is from UTC, and since which aware UTC instant: the earliest first, from 1900 on.

    For those who format days by other means than Python's, such as a database.
    """
    changes = [(_FIRST_INSTANT, _offset(_FIRST_INSTANT))]
    instant = _FIRST_INSTANT
    while instant < _LAST_INSTANT:
        later = instant + _SHORTEST_SUMMER
        if _offset(later) != _offset(instant):
            changes.append(_change(instant, later))
        instant = later
    return tuple(changes)


def _change(before: datetime, after: datetime) -> tuple[datetime, timedelta]:
    """The first second with the offset of `after`."""
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if _offset(middle) == _offset(before) else (before, middle)
    return after, _offset(after)


def _offset(instant: datetime) -> timedelta:
    return instant.astimezone(SAO_PAULO).utcoffset() or timedelta()
