"""The audit log refuses what could name a person."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from lastlink_ui.accounts import audit
from lastlink_ui.accounts.models import AuditEntry
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.ids import new_id
from lastlink_ui.core.requests import begin_request, resuming
from lastlink_ui.db import Database
from tests.support.clock import NOW
from tests.support.guards import unguard
from tests.support.world import World


@pytest.mark.parametrize("text", ["Ana Demo", "ana@example.com", "R$ 5", "João", "x" * 65])
async def test_free_text_is_refused_and_nothing_written(database: Database, world: World, text: str) -> None:
    creator = await world.creator()
    with pytest.raises(ValueError, match="no free text"):
        async with database.unit_of_work() as uow:
            await audit.record(uow, creator.id, SYSTEM, "plan.edited", at=NOW, details={"name": text})
    async with database.reading() as session:
        assert await session.scalar(select(AuditEntry)) is None


async def test_ids_codes_numbers_and_dates_are_taken(database: Database, world: World) -> None:
    creator = await world.creator()
    details = {
        "plan": str(new_id()),
        "amount": 2990,
        "from": NOW.isoformat(),
        "kept": True,
        "period": "monthly",
    }
    async with database.unit_of_work() as uow:
        await audit.record(uow, creator.id, SYSTEM, "plan.edited", at=NOW, details=details)
    async with database.reading() as session:
        assert (await session.scalars(select(AuditEntry))).one().details == details


async def test_an_entry_names_its_request_also_when_it_is_taken_up_later(
    database: Database, world: World
) -> None:
    creator = await world.creator()

    async def write() -> None:
        async with database.unit_of_work() as uow:
            await audit.record(uow, creator.id, SYSTEM, "plan.edited", at=NOW)

    asked = begin_request()
    await write()
    begin_request()
    with resuming(asked):
        await write()
    await write()
    async with database.reading() as session:
        entries = (await session.scalars(select(AuditEntry))).all()
    assert [entry.request_id == asked for entry in entries].count(True) == 2
    assert all(entry.request_id for entry in entries)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_log SET action = 'plan.forged'", "DELETE FROM audit_log"],
    ids=["change", "delete"],
)
async def test_the_database_lets_nobody_change_or_delete_an_entry(
    database: Database, world: World, statement: str
) -> None:
    creator = await world.creator()
    async with database.unit_of_work() as uow:
        await audit.record(uow, creator.id, SYSTEM, "plan.edited", at=NOW)

    async def tamper() -> None:
        async with database.unit_of_work() as uow:
            await uow.session.execute(text(statement))

    with pytest.raises(DBAPIError, match="only grows"):
        await tamper()
    async with database.reading() as session:
        assert (await session.scalars(select(AuditEntry))).one().action == "plan.edited"


async def test_without_the_guard_an_entry_could_be_deleted(database: Database, world: World) -> None:
    await unguard(database, "audit_log")
    creator = await world.creator()
    async with database.unit_of_work() as uow:
        await audit.record(uow, creator.id, SYSTEM, "plan.edited", at=NOW)
    async with database.unit_of_work() as uow:
        await uow.session.execute(text("DELETE FROM audit_log"))
    async with database.reading() as session:
        assert await session.scalar(select(AuditEntry)) is None
