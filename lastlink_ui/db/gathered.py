"""The rows that belong to a row, brought along in a column of it instead of by a statement of their own."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, Dialect, Enum, select, type_coerce
from sqlalchemy import func as sql
from sqlalchemy.types import TypeDecorator, TypeEngine

from lastlink_ui.db.types import UtcDateTime, instant_in_json


def gathered(
    columns: Sequence[Any], *conditions: ColumnElement[bool], is_sqlite: bool
) -> ColumnElement[list[list[Any]]]:
    """`columns` of every row for which `conditions` hold, a list for each row, in no order.

    `columns` are mapped ones. Numbers, text, codes and instants come as they would by themselves; other
    types are not gathered.
    """
    one, every = (sql.json_array, sql.json_group_array) if is_sqlite else (sql.json_build_array, sql.json_agg)
    rows = type_coerce(every(one(*columns)), _Rows(tuple(column.type for column in columns)))
    return select(rows).where(*conditions).scalar_subquery()


class _Rows(TypeDecorator[list[list[Any]]]):
    """JSON of rows, read as the types of their columns."""

    impl = JSON
    cache_ok = True

    def __init__(self, types: tuple[TypeEngine[Any], ...]) -> None:
        super().__init__()
        self.types = types

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ANN401, ARG002 - as it is overridden
        """From the database's JSON."""
        is_sqlite = dialect.name == "sqlite"
        converted = list(_conversions(self.types, is_sqlite=is_sqlite))

        def rows(value: Any) -> list[list[Any]]:  # noqa: ANN401 - text, or what PostgreSQL's driver made of it
            found: list[list[Any]] = (json.loads(value) if is_sqlite else value) or []
            for row in found:
                for place, convert in converted:
                    row[place] = convert(row[place])
            return found

        return rows


def _conversions(
    types: Sequence[TypeEngine[Any]], *, is_sqlite: bool
) -> Iterator[tuple[int, Callable[[Any], Any]]]:
    """The places whose values JSON does not have, with what makes them."""
    for place, kind in enumerate(types):
        if isinstance(kind, UtcDateTime):
            yield place, instant_in_json(is_sqlite=is_sqlite)
        elif isinstance(kind, Enum) and kind.enum_class:
            yield place, {member.value: member for member in kind.enum_class}.get
