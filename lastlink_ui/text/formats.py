"""Numbers, money and dates as a person in Brazil reads them."""

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from lastlink_ui.core.clock import SAO_PAULO, sao_paulo_day
from lastlink_ui.core.money import CURRENCY
from lastlink_ui.text import LOCALE, plural, t

_DAYS_TOLD = 60
_HOUR = 3600


def money(centavos: int) -> str:
    """`2990` → `R$ 29,90` (with a no-break space)."""
    return format_currency(Decimal(centavos) / 100, CURRENCY, locale=LOCALE)


def number(value: int) -> str:
    """`1284` → `1.284`."""
    return format_decimal(value, locale=LOCALE)


def day(moment: datetime | date) -> str:
    """The day in São Paulo as `22/11/2026`."""
    return format_date(_day_of(moment), "dd/MM/yyyy", locale=LOCALE)


def day_and_time(moment: datetime) -> str:
    """`22/11/2026 às 09:12`, in São Paulo."""
    return format_datetime(moment, "dd/MM/yyyy 'às' HH:mm", tzinfo=SAO_PAULO, locale=LOCALE)


def ago(moment: datetime, now: datetime) -> str:
    """How long ago: `agora mesmo`, `há 3 horas`, `há 1 dia`, `há 5 meses`; days as São Paulo counts them."""
    seconds = (now - moment).total_seconds()
    days = (sao_paulo_day(now) - sao_paulo_day(moment)).days
    if days <= 0:
        if seconds < 60:  # noqa: PLR2004 - a minute
            return t("time.just_now")
        return (
            plural("time.minutes_ago", int(seconds // 60))
            if seconds < _HOUR
            else plural("time.hours_ago", int(seconds // _HOUR))
        )
    return plural("time.days_ago", days) if days <= _DAYS_TOLD else plural("time.months_ago", days // 30)


def days_left(moment: datetime, now: datetime) -> str:
    """`faltam 41 dias`, `termina hoje` or `encerrado`."""
    if moment <= now:
        return t("time.ended")
    days = (sao_paulo_day(moment) - sao_paulo_day(now)).days
    return plural("time.days_left", days) if days else t("time.ends_today")


def profile(handle: str) -> str:
    """`ana.lima` → `@ana.lima`; nothing for somebody whose data was deleted."""
    return f"@{handle}" if handle else ""


def _day_of(moment: datetime | date) -> date:
    return sao_paulo_day(moment) if isinstance(moment, datetime) else moment
