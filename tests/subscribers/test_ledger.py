"""What happened to subscriptions and to the list can be added to, and nothing else, even by ourselves."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from lastlink_ui.core.actor import ActorKind
from lastlink_ui.db import Database
from lastlink_ui.subscribers.history import Happening
from lastlink_ui.subscribers.models import MembershipChange, SubscriptionChange
from tests.support.clock import NOW
from tests.support.guards import unguard
from tests.support.world import World

LEDGERS = {"subscription_changes": SubscriptionChange, "membership_changes": MembershipChange}


async def _something_happens(database: Database, world: World) -> None:
    sold = await world.subscriber(await world.plan(await world.creator()))
    row = sold.subscription
    async with database.unit_of_work() as uow:
        uow.session.add(
            SubscriptionChange(
                creator_id=row.creator_id,
                subscription_id=row.id,
                at=NOW,
                what=Happening.PAID,
                amount=row.amount,
                actor_kind=ActorKind.SYSTEM,
            )
        )


async def _count(database: Database, table: str) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(LEDGERS[table])) or 0


async def _tamper(database: Database, statement: str) -> None:
    async with database.unit_of_work() as uow:
        await uow.session.execute(text(statement))


@pytest.mark.parametrize("table", LEDGERS)
async def test_the_database_lets_nobody_change_or_delete_what_happened(
    database: Database, world: World, table: str
) -> None:
    await _something_happens(database, world)
    before = await _count(database, table)
    assert before > 0
    for statement in (f"UPDATE {table} SET request_id = 'forged'", f"DELETE FROM {table}"):  # noqa: S608 - ours
        with pytest.raises(DBAPIError, match="only grows"):
            await _tamper(database, statement)
    assert await _count(database, table) == before


@pytest.mark.parametrize("table", LEDGERS)
async def test_without_the_guard_it_could_be_deleted(database: Database, world: World, table: str) -> None:
    await unguard(database, table)
    await _something_happens(database, world)
    await _tamper(database, f"DELETE FROM {table}")  # noqa: S608 - ours
    assert await _count(database, table) == 0
