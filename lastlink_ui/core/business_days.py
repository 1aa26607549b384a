"""Brazilian banking days: what a boleto's due date and its tolerance are counted in."""

from datetime import date, timedelta

import holidays

_SATURDAY = 5
# The stock exchange closes on the banks' holidays (Carnival and Corpus Christi included).
_CLOSED = holidays.financial_holidays("BVMF")


def is_business_day(day: date) -> bool:
    """Whether banks in Brazil work on `day`."""
    return day.weekday() < _SATURDAY and day not in _CLOSED


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
