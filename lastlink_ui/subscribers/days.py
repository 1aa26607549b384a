"""The calendar day of an instant in São Paulo, worked out by the database."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, String, and_, case, literal_column, or_
from sqlalchemy import func as sql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from lastlink_ui.core.clock import SAO_PAULO

_FIRST, _LAST = date(1970, 1, 1), date(2050, 1, 1)
_STANDARD_HOURS = -3


class sao_paulo_day_in_sql(FunctionElement[date]):  # noqa: N801 - it is written and read as a function
    """The São Paulo day of a column of aware UTC instants."""

    type = Date()
    inherit_cache = True


class month_start_in_sql(FunctionElement[date]):  # noqa: N801 - as above
    """The first day of the month of a column of days."""

    type = Date()
    inherit_cache = True


@compiles(sao_paulo_day_in_sql, "postgresql")
def _day_postgresql(element: sao_paulo_day_in_sql, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"CAST(timezone('{SAO_PAULO.key}', {compiler.process(element.clauses, **options)}) AS date)"


@compiles(sao_paulo_day_in_sql, "sqlite")
def _day_sqlite(element: sao_paulo_day_in_sql, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    # SQLite knows no time zones; what São Paulo's clocks did is written out for it. The constants are part
    # of the text, never parameters: a compiled statement is kept and used again with other parameters.
    (instant,) = element.clauses
    summers = or_(
        *(and_(instant >= _stored(begin), instant < _stored(end)) for begin, end in _summer_times())
    )
    shift = case((summers, _text(f"{_STANDARD_HOURS + 1} hours")), else_=_text(f"{_STANDARD_HOURS} hours"))
    return compiler.process(sql.date(instant, shift), **options)


@compiles(month_start_in_sql, "postgresql")
def _month_postgresql(element: month_start_in_sql, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"CAST(date_trunc('month', {compiler.process(element.clauses, **options)}) AS date)"


@compiles(month_start_in_sql, "sqlite")
def _month_sqlite(element: month_start_in_sql, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"date({compiler.process(element.clauses, **options)}, 'start of month')"


@cache
def _summer_times() -> list[tuple[datetime, datetime]]:
    """The stretches in which São Paulo was (or will be) an hour ahead of its standard time."""
    stretches: list[tuple[datetime, datetime]] = []
    begin: datetime | None = None
    hour = datetime(_FIRST.year, 1, 1, tzinfo=UTC)
    end = datetime(_LAST.year, 1, 1, tzinfo=UTC)
    while hour < end:
        ahead = _is_summer(hour)
        # A day at a time, and hour by hour only through the days on which the clocks changed.
        if ahead != (begin is not None):
            hour -= timedelta(days=1)
            while _is_summer(hour) != ahead:
                hour += timedelta(hours=1)
            if begin is None:
                begin = hour
            else:
                stretches.append((begin, hour))
                begin = None
        hour += timedelta(days=1)
    return stretches


def _stored(instant: datetime) -> ColumnElement[str]:
    """`instant` as SQLite's columns of instants hold it."""
    return _text(f"{instant:%Y-%m-%d %H:%M:%S}.000000")


def _text(constant: str) -> ColumnElement[str]:
    return literal_column(f"'{constant}'", String())


def _is_summer(instant: datetime) -> bool:
    return instant.astimezone(SAO_PAULO).utcoffset() == timedelta(hours=_STANDARD_HOURS + 1)
