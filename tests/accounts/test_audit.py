"""The audit log refuses what could name a person."""

import pytest
from sqlalchemy import select

from lastlink_ui.accounts import audit
from lastlink_ui.accounts.models import AuditEntry
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.ids import new_id
from lastlink_ui.db import Database
from tests.support.clock import NOW
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
