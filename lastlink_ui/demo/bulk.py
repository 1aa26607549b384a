"""Many rows into one table at the database's own pace, without an object for each."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier
from sqlalchemy import Enum, Table, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from lastlink_ui.db.types import Id, UtcDateTime

_Convert = Callable[[Any], Any] | None


async def insert_rows(
    session: AsyncSession, model: type[SQLModel], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert `rows`, whose values stand in the order of `columns`. Must see no row twice."""
    if not rows:
        return
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    table = cast("Table", inspect(model).local_table)
    converters = [_converter(table.c[name].type, is_sqlite=is_sqlite) for name in columns]
    written = [
        [
            value if convert is None or value is None else convert(value)
            for value, convert in zip(row, converters, strict=True)
        ]
        for row in rows
    ]
    connection = await session.connection()
    if is_sqlite:
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our names
        await connection.exec_driver_sql(statement, [tuple(row) for row in written])
        return
    raw = await connection.get_raw_connection()
    driver = cast("AsyncConnection[Any]", raw.driver_connection)
    copy = SQL("COPY {} ({}) FROM STDIN").format(
        Identifier(table.name), SQL(", ").join(map(Identifier, columns))
    )
    async with driver.cursor() as cursor, cursor.copy(copy) as stream:
        for row in written:
            await stream.write_row(row)


def _converter(kind: Any, *, is_sqlite: bool) -> _Convert:  # noqa: ANN401 - any column type
    if isinstance(kind, Enum):
        return lambda code: code.value
    if is_sqlite and isinstance(kind, Id):
        return _bytes
    if is_sqlite and isinstance(kind, UtcDateTime):
        return _stored
    return None


def _bytes(value: UUID) -> bytes:
    return value.bytes


def _stored(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
