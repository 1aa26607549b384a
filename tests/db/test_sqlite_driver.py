"""The cursor that brings its rows along is one like any other, however long the answer is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Integer, column, text
from sqlalchemy.exc import IntegrityError, OperationalError

from lastlink_ui.db import Database
from lastlink_ui.db.sqlite_driver import PromptConnection, connected

MANY = 1_250
"""More than a statement brings along, and no multiple of it."""


@pytest.fixture
async def numbers(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'numbers.sqlite'}")
    async with database.unit_of_work() as uow:
        connection = await uow.session.connection()
        await connection.execute(text("CREATE TABLE numbers (n INTEGER UNIQUE)"))
        await connection.execute(text("INSERT INTO numbers VALUES (:n)"), [{"n": n} for n in range(MANY)])
    yield database
    await database.dispose()


async def test_every_row_comes_once_and_in_order(numbers: Database) -> None:
    async with numbers.reading() as session:
        found = await session.scalars(text("SELECT n FROM numbers ORDER BY n"))
        assert found.all() == list(range(MANY))
        connection = await session.connection()
        streamed: list[int] = []
        in_pieces = text("SELECT n FROM numbers ORDER BY n").columns(column("n", Integer))
        async with connection.stream(in_pieces, execution_options={"yield_per": 70}) as rows:
            async for part in rows.partitions():
                assert len(part) <= 70
                streamed += [row[0] for row in part]
        assert streamed == list(range(MANY))


async def test_one_row_at_a_time_and_what_is_left_is_given_up(numbers: Database) -> None:
    connection = await connected(numbers.engine.url.database)
    assert isinstance(connection, PromptConnection)
    cursor = connection.cursor()
    await cursor.execute("SELECT n FROM numbers ORDER BY n")
    assert [await cursor.fetchone() for _ in range(3)] == [(0,), (1,), (2,)]
    assert len(await cursor.fetchmany(600)) == 600
    assert len(await cursor.fetchall()) == MANY - 603
    assert await cursor.fetchone() is None
    await cursor.execute("SELECT n FROM numbers ORDER BY n")
    await cursor.close()
    assert await cursor.fetchall() == []
    # A statement that still had rows would keep the table from being dropped.
    await cursor.execute("DROP TABLE numbers")
    await connection.close()


async def test_a_look_that_nobody_waits_for_any_more_ends(numbers: Database) -> None:
    connection = await connected(numbers.engine.url.database)
    assert isinstance(connection, PromptConnection)
    connection.begin(to_write=False)
    endless = "WITH RECURSIVE m(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM m) SELECT count(*) FROM m"
    asked = asyncio.create_task(connection.cursor().execute(endless))
    async with asyncio.timeout(20):
        while not connection.is_busy:  # noqa: ASYNC110 - another thread's work
            await asyncio.sleep(0)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        await connection.rollback()
        connection.begin(to_write=False)
        found = await connection.cursor().execute("SELECT count(*) FROM numbers")
        assert await found.fetchall() == [(MANY,)]
    await connection.close()


async def test_how_many_rows_were_changed_is_known(numbers: Database) -> None:
    async with numbers.unit_of_work() as uow:
        connection = await uow.session.connection()
        changed = await connection.execute(text("UPDATE numbers SET n = -n WHERE n > 10"))
        assert changed.rowcount == MANY - 11
        returned = await connection.execute(text("DELETE FROM numbers RETURNING n"))
        assert len(returned.all()) == MANY


async def test_what_the_database_refuses_is_told_and_the_next_statement_works(numbers: Database) -> None:
    async with numbers.unit_of_work() as uow:
        connection = await uow.session.connection()
        with pytest.raises(IntegrityError):
            await connection.execute(text("INSERT INTO numbers VALUES (7)"))
        with pytest.raises(OperationalError):
            await connection.execute(text("SELECT nonsense"))
        assert await connection.scalar(text("SELECT count(*) FROM numbers")) == MANY
