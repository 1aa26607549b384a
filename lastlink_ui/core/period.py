"""Billing periods: what a plan's price is paid for."""

import calendar
from datetime import datetime
from enum import StrEnum


class Period(StrEnum):
    """How often a subscription renews."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMIANNUAL = "semiannual"
    ANNUAL = "annual"

    @property
    def months(self) -> int:
        """The length of one period in calendar months."""
        return _MONTHS[self]


_MONTHS = {Period.MONTHLY: 1, Period.QUARTERLY: 3, Period.SEMIANNUAL: 6, Period.ANNUAL: 12}


def add_months(instant: datetime, months: int) -> datetime:
    """`instant` moved by calendar months, on the month's last day where the day does not exist.

    Stripe anchors billing the same way: https://docs.stripe.com/billing/subscriptions/billing-cycle
    """
    index = instant.year * 12 + instant.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return instant.replace(year=year, month=month, day=min(instant.day, calendar.monthrange(year, month)[1]))
