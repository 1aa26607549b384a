"""Time: whole seconds since the epoch, and the calendar arithmetic of billing periods."""

import calendar
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], float]

MINUTE, HOUR, DAY = 60, 3_600, 86_400
_MONTHS = {"month": 1, "year": 12}
_DAYS = {"day": 1, "week": 7}


def system_clock() -> float:
    """Return the computer's time in seconds since the epoch."""
    return time.time()


def plus_periods(anchor: int, interval: str, interval_count: int, periods: int) -> int:
    """Return the instant ``periods`` billing periods after ``anchor``.

    Counted from the anchor each time, so that 31 January bills on 28 February and then on 31 March.
    """
    start = datetime.fromtimestamp(anchor, UTC)
    if interval in _DAYS:
        return int((start + timedelta(days=_DAYS[interval] * interval_count * periods)).timestamp())
    months = start.month - 1 + _MONTHS[interval] * interval_count * periods
    year, month = start.year + months // 12, months % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())


def period_after(anchor: int, interval: str, interval_count: int, start: int) -> int:
    """Return the first period boundary after ``start``."""
    periods = 1
    while (boundary := plus_periods(anchor, interval, interval_count, periods)) <= start:
        periods += 1
    return boundary
