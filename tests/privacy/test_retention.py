"""Whoever left longer ago than a creator keeps people for is forgotten by itself; nobody else is."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from lastlink_ui.accounts.models import AuditEntry, Creator
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.period import add_months
from lastlink_ui.db import Database
from lastlink_ui.live import MemoryFeed
from lastlink_ui.privacy.retention import Retention
from lastlink_ui.privacy.rules import kept_since
from lastlink_ui.privacy.service import Privacy
from lastlink_ui.subscribers.lifecycle import RefundStatus
from lastlink_ui.subscribers.models import Fan, Payment
from tests.support.clock import StoppedClock
from tests.support.rows import rows
from tests.support.world import World, paid

MONTHS = 12
SOMEBODY = Actor(ActorKind.CREATOR, "alguem")


@pytest.fixture
def retention(database: Database, clock: StoppedClock) -> Retention:
    async def enqueue(_operation: object) -> None:
        raise AssertionError("nothing of whoever left is still running")

    return Retention(database, clock, Privacy(database, clock, MemoryFeed(), enqueue))


@pytest.fixture
async def ana(world: World, database: Database, clock: StoppedClock) -> Creator:
    """A creator whom people left a day before and a day after the time, and some who are still there."""
    creator = await world.creator("ana")
    await people_of(creator, world, database, clock)
    return creator


async def people_of(creator: Creator, world: World, database: Database, clock: StoppedClock) -> None:
    plan, edge, now = await world.plan(creator), kept_since(clock.now(), MONTHS), clock.now()
    for name, ended in (("Saiu antes", edge - timedelta(days=1)), ("Saiu depois", edge + timedelta(days=1))):
        began = ended - timedelta(days=40)
        await world.subscriber(plan, name, started_at=began, payments=[paid(plan, began)], ended_at=ended)
    await world.subscriber(plan, "Está aí", started_at=now - timedelta(days=1000), payments=[paid(plan, now)])
    await world.fan(creator, "Nunca pagou")
    async with database.unit_of_work() as uow:
        await uow.session.execute(update(Fan).values(created_at=edge - timedelta(days=50)))


async def names(database: Database) -> set[str]:
    return {fan.name for fan in await rows(database, Fan)}


async def test_nobody_is_forgotten_until_the_creator_says_so(
    ana: Creator, retention: Retention, database: Database
) -> None:
    assert await retention.months(ana.id) is None
    before = await names(database)
    assert await retention.due_under(ana.id, MONTHS) == 2
    assert await retention.act() == 0
    assert await names(database) == before


async def test_who_left_longer_ago_is_forgotten_and_nobody_else(
    ana: Creator, retention: Retention, database: Database, world: World, clock: StoppedClock
) -> None:
    bia = await world.creator("bia")
    await people_of(bia, world, database, clock)
    await retention.choose(ana.id, MONTHS, SOMEBODY)
    assert await retention.months(ana.id) == MONTHS
    assert await retention.act() == 2
    kept = {(fan.creator_id == ana.id, fan.name) for fan in await rows(database, Fan)}
    others = {(False, name) for name in ("Saiu antes", "Saiu depois", "Está aí", "Nunca pagou")}
    assert kept == {(True, "Dados apagados"), (True, "Saiu depois"), (True, "Está aí")} | others
    assert len(await rows(database, Payment)) == 6
    done = [entry for entry in await rows(database, AuditEntry) if entry.action == "fan.erased"]
    assert [entry.actor_kind for entry in done] == [ActorKind.SYSTEM] * 2
    assert await retention.act() == 0
    clock.move(timedelta(days=3))
    assert await retention.act() == 1
    assert "Saiu depois" not in {fan.name for fan in await rows(database, Fan) if fan.creator_id == ana.id}


async def test_whom_money_still_keeps_waits_and_keeps_nobody_waiting(
    ana: Creator, retention: Retention, database: Database
) -> None:
    async with database.unit_of_work() as uow:
        await uow.session.execute(update(Payment).values(refund_status=RefundStatus.PENDING))
    await retention.choose(ana.id, MONTHS, SOMEBODY)
    assert await retention.act() == 1
    assert "Saiu antes" in await names(database)
    async with database.unit_of_work() as uow:
        await uow.session.execute(update(Payment).values(refund_status=RefundStatus.SUCCEEDED))
    assert await retention.act() == 1
    assert "Saiu antes" not in await names(database)


async def test_other_times_are_not_taken(ana: Creator, retention: Retention, database: Database) -> None:
    for months in (0, 1, 13, -12):
        with pytest.raises(InvalidInput):
            await retention.choose(ana.id, months, SOMEBODY)
    assert await retention.months(ana.id) is None
    await retention.choose(ana.id, MONTHS, SOMEBODY)
    await retention.choose(ana.id, MONTHS, SOMEBODY)
    await retention.choose(ana.id, None, SOMEBODY)
    chosen = [entry.details for entry in await rows(database, AuditEntry)]
    assert chosen == [{"months": MONTHS}, {"months": None}]


def test_the_time_is_counted_in_calendar_months(clock: StoppedClock) -> None:
    assert add_months(kept_since(clock.now(), MONTHS), MONTHS) == clock.now()
