"""A database that dies, is cut off, is held or is full: nothing is half there, nothing told again is lost."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import event as on
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lastlink_ui.billing.models import InboxEvent
from lastlink_ui.db import Database, engine
from lastlink_ui.subscribers import counters
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.subscribers.models import Subscription
from tests.faults.conftest import Provider
from tests.faults.shop import ON_SQLITE, Shop
from tests.support.proxy import FaultProxy, fault_proxy
from tests.support.rows import rows

ON_POSTGRESQL = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


async def _whole(shop: Shop) -> list[tuple[Status, int]]:
    """Each subscription's status and how often it was written; the counters agree with the rows."""
    async with shop.database.unit_of_work() as uow:
        assert await counters.recount(uow, shop.creator.id) == []
    assert all(stored.done_at for stored in await rows(shop.database, InboxEvent))
    return [(row.status, row.revision) for row in await rows(shop.database, Subscription)]


@ON_POSTGRESQL
async def test_postgresql_killed_between_the_event_and_its_effect(shop: Shop) -> None:
    await shop.sell()
    news = shop.events()[-1]
    async with shop.database.reading() as session:
        backend = await session.scalar(text("SELECT pg_backend_pid()"))
    # Its postmaster ends every other backend then, and recovers from the log, as after a power cut.
    shop.deaths.at["inbox.recorded"] = lambda: os.kill(int(backend or 0), signal.SIGKILL)
    with pytest.raises(SQLAlchemyError):
        await shop.inbox.take(news)
    await _answers_again(shop)
    await shop.inbox.take(news)
    assert await _whole(shop) == [(Status.ACTIVE, 1)]


async def _answers_again(shop: Shop) -> None:
    for _ in range(200):
        try:
            async with shop.database.reading() as session:
                await session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            await asyncio.sleep(0.05)
        else:
            return
    pytest.fail("PostgreSQL did not come back")


@pytest.fixture
def line(database: Database) -> Iterator[FaultProxy]:
    """A bad line to PostgreSQL."""
    with fault_proxy(int(database.engine.url.port or 0)) as between:
        yield between


async def _cut_in_the_commit(shop: Shop, line: FaultProxy) -> list[tuple[Status, int]]:
    """The effect's COMMIT arrives and is carried out; that it was, nobody hears."""
    far = Database(str(shop.database.engine.url.set(port=line.port).render_as_string(hide_password=False)))
    try:
        there = await Shop(far, shop.sandbox, shop.clock_file).move_in(shop)
        await shop.sell()
        news = shop.events()[-1]
        line.cut_at = [b"INSERT INTO payments", b"COMMIT"]
        with pytest.raises(SQLAlchemyError):
            await there.inbox.take(news)
        assert line.cuts == 1
        assert await _whole(shop) == [(Status.ACTIVE, 1)]
        await there.inbox.take(news)
    finally:
        await far.dispose()
    return await _whole(shop)


@ON_POSTGRESQL
async def test_cut_off_in_the_middle_of_a_commit(shop: Shop, line: FaultProxy) -> None:
    assert await _cut_in_the_commit(shop, line) == [(Status.ACTIVE, 1)]


@ON_SQLITE
async def test_sqlite_held_by_another_writer(
    shop: Shop, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.sell()
    news = shop.events()[-1]
    path = str(shop.database.engine.url.database)
    monkeypatch.setattr(engine, "_BUSY_MS", 100)
    hasty = Database(f"sqlite+aiosqlite:///{path}")
    try:
        there = await Shop(hasty, provider.sandbox, provider.clock_file).move_in(shop)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(SQLAlchemyError, match="locked"):
                await there.inbox.take(news)
            assert await rows(shop.database, InboxEvent) == []
            waiting = asyncio.create_task(shop.inbox.take(news))  # this one has more patience
            await asyncio.sleep(0.2)
            assert not waiting.done()
            other.execute("ROLLBACK")
        await waiting
    finally:
        await hasty.dispose()
    assert await _whole(shop) == [(Status.ACTIVE, 1)]


@ON_SQLITE
async def test_sqlite_on_a_full_disk(shop: Shop) -> None:
    for _ in range(2):
        await shop.sell()
    url = str(shop.database.engine.url)
    small = Database(url)

    @on.listens_for(small.engine.sync_engine, "connect")
    def no_room(connection: Any, _entry: Any) -> None:  # noqa: ANN401 # pyright: ignore[reportUnusedFunction]
        cursor = connection.cursor()
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 1}")

    try:
        there = await Shop(small, shop.sandbox, shop.clock_file).move_in(shop)
        with pytest.raises(SQLAlchemyError, match="full"):
            await _sell_and_hear_for_ever(there)
    finally:
        await small.dispose()
    async with shop.database.unit_of_work() as uow:
        assert await counters.recount(uow, shop.creator.id) == []
    await shop.hear(shop.events())
    assert {status for status, _ in await _whole(shop)} == {Status.ACTIVE}


async def _sell_and_hear_for_ever(shop: Shop) -> None:
    while True:
        await shop.sell()
        await shop.hear(shop.events())
