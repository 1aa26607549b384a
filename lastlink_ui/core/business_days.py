"""Brazilian banking days: what a boleto's due date and its tolerance are counted in."""

from collections.abc import Container
from datetime import date, timedelta
from functools import cache

_SATURDAY = 5


def is_business_day(day: date) -> bool:
    """Whether banks in Brazil work on `day`."""
    return day.weekday() < _SATURDAY and day not in _closed()


def next_business_day(day: date) -> date:
    """`day` itself when banks work on it, else the first one after it on which they do."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def add_business_days(day: date, count: int) -> date:
    """The business day that comes `count` business days after `day`."""
    day = next_business_day(day)
    for _ in range(count):
        day = next_business_day(day + timedelta(days=1))
    return day


@cache
def _closed() -> Container[date]:
    """The stock exchange closes on the banks' holidays, Carnival and Corpus Christi included."""
    import holidays  # noqa: PLC0415 - every country's calendar: a third of a second at each start

    return holidays.financial_holidays("BVMF")
