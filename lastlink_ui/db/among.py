"""Rows by many ids in one statement whose text does not depend on how many they are."""

from typing import Any

from sqlalchemy import ColumnElement, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY

from lastlink_ui.db.types import Id


def among(column: Any, name: str, *, is_sqlite: bool) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped column
    """That `column`, an id, is one of the list that the statement is given as `name`.

    PostgreSQL takes the list as one value; SQLite, which knows no lists, as many.
    """
    if is_sqlite:
        return column.in_(bindparam(name, expanding=True))
    return column == any_(bindparam(name, type_=ARRAY(Id())))
