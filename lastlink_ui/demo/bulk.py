"""Many rows into one table at the database's own pace, without an object for each."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier
from sqlalchemy import Enum, Table, bindparam, inspect, text
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


@asynccontextmanager
async def without_indexes(session: AsyncSession, models: Sequence[type[SQLModel]]) -> AsyncGenerator[None]:
    """Take the tables' indexes away and make them again at the end: once for all rows costs a tenth.

    Constraints stay. All of it is part of the session's transaction.
    """
    names = [cast("Table", inspect(model).local_table).name for model in models]
    found = _SQLITE_INDEXES if session.get_bind().dialect.name == "sqlite" else _POSTGRESQL_INDEXES
    indexes = (await session.execute(found, {"tables": names})).all()
    for name, _ in indexes:
        await session.execute(text(f"DROP INDEX {name}"))
    yield
    for _, definition in indexes:
        await session.execute(text(definition))


_SQLITE_INDEXES = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN :tables"
).bindparams(bindparam("tables", expanding=True))
_POSTGRESQL_INDEXES = text(
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename IN :tables"
    " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)"
).bindparams(bindparam("tables", expanding=True))


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
