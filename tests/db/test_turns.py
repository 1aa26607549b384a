"""Writers of one process take turns on SQLite: none waits for itself, and whoever waits can be called off."""

import asyncio

import pytest
from sqlalchemy import text

from lastlink_ui.db import Database, turns
from lastlink_ui.db.turns import NestedUnitOfWork

_ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
_LONG = 60


async def _writes(database: Database, order: list[str], name: str) -> None:
    async with database.unit_of_work() as uow:
        await uow.session.execute(text("SELECT 1"))
        order.append(name)


async def test_a_unit_of_work_within_another_is_refused_at_once(database: Database) -> None:
    async with asyncio.timeout(_LONG):
        async with database.unit_of_work():
            with pytest.raises(NestedUnitOfWork):
                await _writes(database, [], "inner")
        order: list[str] = []
        await _writes(database, order, "next")
    assert order == ["next"]


async def test_what_happens_after_the_commit_may_write(database: Database) -> None:
    order: list[str] = []
    async with asyncio.timeout(_LONG), database.unit_of_work() as uow:
        uow.after_commit(lambda: _writes(database, order, "after"))
    assert order == ["after"]


@_ON_SQLITE
async def test_unless_it_is_refused_it_waits_for_itself(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: nobody knows whose turn it is."""
    monkeypatch.setattr(turns.asyncio, "current_task", object)
    async with database.unit_of_work():
        inner = asyncio.create_task(_writes(database, [], "inner"))
        done, _ = await asyncio.wait({inner}, timeout=0.1)
        assert not done
        inner.cancel()


@_ON_SQLITE
async def test_a_writer_that_waits_can_be_called_off(database: Database) -> None:
    order: list[str] = []
    async with asyncio.timeout(_LONG):
        async with database.unit_of_work():
            impatient, patient = (
                asyncio.create_task(_writes(database, order, name)) for name in ("impatient", "patient")
            )
            await asyncio.sleep(0)
            impatient.cancel()
            with pytest.raises(asyncio.CancelledError):
                await impatient
            assert order == []
        await patient
    assert order == ["patient"]


@_ON_SQLITE
async def test_a_writer_called_off_in_its_turn_leaves_it_to_the_next(database: Database) -> None:
    begun = asyncio.Event()
    order: list[str] = []

    async def for_ever() -> None:
        async with database.unit_of_work():
            begun.set()
            await asyncio.Event().wait()

    async with asyncio.timeout(_LONG):
        holder = asyncio.create_task(for_ever())
        await begun.wait()
        waiting = asyncio.create_task(_writes(database, order, "next"))
        holder.cancel()
        await waiting
    assert order == ["next"]
