from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select, text
from sqlmodel import col

from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.period import Period
from lastlink_ui.db import Database
from lastlink_ui.db.types import UtcDateTime
from lastlink_ui.subscribers.counters import ALL_TIME, Difference, cell_of, move, recount
from lastlink_ui.subscribers.days import month_start_in_sql, sao_paulo_day_in_sql
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.subscribers.models import Counter, Grain
from tests.support.world import World


async def kept(database: Database, creator: CreatorId) -> dict[tuple[Grain, date], int]:
    async with database.reading() as session:
        rows = await session.scalars(
            select(Counter).where(col(Counter.creator_id) == creator, col(Counter.subscriptions) != 0)
        )
        found: dict[tuple[Grain, date], int] = {}
        for row in rows:
            key = (row.grain, row.starts_on)
            found[key] = found.get(key, 0) + row.subscriptions
        return found


async def test_a_subscription_is_counted_by_day_month_and_all_time(database: Database, world: World) -> None:
    creator = await world.creator()
    plan = await world.plan(creator)
    # 01:30 UTC on the 1st is still the 31st in São Paulo.
    await world.subscriber(plan, started_at=datetime(2026, 11, 1, 1, 30, tzinfo=UTC))
    await world.subscriber(plan, started_at=datetime(2026, 11, 1, 12, 0, tzinfo=UTC))

    assert await kept(database, creator.id) == {
        (Grain.DAY, date(2026, 10, 31)): 1,
        (Grain.DAY, date(2026, 11, 1)): 1,
        (Grain.MONTH, date(2026, 10, 1)): 1,
        (Grain.MONTH, date(2026, 11, 1)): 1,
        (Grain.ALL, ALL_TIME): 2,
    }


async def test_a_move_takes_from_one_cell_and_adds_to_another(database: Database, world: World) -> None:
    creator = await world.creator()
    subscriber = await world.subscriber(await world.plan(creator))
    before = cell_of(subscriber.subscription)
    after = replace(before, status=Status.CANCELED, in_list=False)

    async with database.unit_of_work() as uow:
        await move(uow, before, after)

    async with database.reading() as session:
        rows = await session.execute(
            select(col(Counter.status), col(Counter.in_list), col(Counter.subscriptions)).where(
                col(Counter.grain) == Grain.ALL
            )
        )
        assert {tuple(row) for row in rows} == {
            (Status.ACTIVE, True, 0),
            (Status.CANCELED, False, 1),
        }


async def test_a_move_to_the_same_cell_writes_nothing(database: Database, world: World) -> None:
    creator = await world.creator()
    subscriber = await world.subscriber(await world.plan(creator))
    cell = cell_of(subscriber.subscription)
    was = await kept(database, creator.id)

    async with database.unit_of_work() as uow:
        await move(uow, cell, cell)

    assert await kept(database, creator.id) == was


async def test_a_move_that_is_rolled_back_is_not_counted(database: Database, world: World) -> None:
    creator = await world.creator()
    subscriber = await world.subscriber(await world.plan(creator))
    was = await kept(database, creator.id)

    async def move_and_fail() -> None:
        async with database.unit_of_work() as uow:
            await move(uow, cell_of(subscriber.subscription), None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await move_and_fail()

    assert await kept(database, creator.id) == was


async def test_a_recount_of_right_counters_finds_nothing_and_changes_nothing(
    database: Database, world: World
) -> None:
    creator = await world.creator()
    monthly = await world.plan(creator)
    annual = await world.plan(creator, "Anual", period=Period.ANNUAL)
    await world.subscriber(monthly, started_at=datetime(2018, 12, 1, 2, 30, tzinfo=UTC))
    await world.subscriber(annual, method=Method.BOLETO)
    await world.subscriber(annual, cancel_at_period_end=True, in_list=False)
    was = await kept(database, creator.id)

    async with database.unit_of_work() as uow:
        differences = await recount(uow, creator.id)

    assert differences == []
    assert await kept(database, creator.id) == was


async def test_a_recount_says_and_mends_what_was_wrong_and_touches_nobody_else(
    database: Database, world: World
) -> None:
    creator, other = await world.creator(), await world.creator()
    plan = await world.plan(creator)
    await world.subscriber(plan)
    await world.subscriber(await world.plan(other))
    was, others = await kept(database, creator.id), await kept(database, other.id)
    async with database.unit_of_work() as uow:
        await uow.session.execute(text("UPDATE counters SET subscriptions = 7 WHERE grain = 'all'"))
    changed_others = await kept(database, other.id)

    async with database.unit_of_work() as uow:
        differences = await recount(uow, creator.id)

    assert differences == [
        Difference(Grain.ALL, ALL_TIME, Status.ACTIVE, plan.id, Method.CARD, in_list=True, kept=7, counted=1)
    ]
    assert await kept(database, creator.id) == was
    assert await kept(database, other.id) == changed_others != others


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(86_400, 2_524_000_000))
async def test_the_database_finds_the_same_sao_paulo_day_as_python(database: Database, seconds: int) -> None:
    instant = datetime.fromtimestamp(seconds, UTC)
    day = sao_paulo_day_in_sql(literal(instant, UtcDateTime()))
    async with database.reading() as session:
        found = (await session.execute(select(day, month_start_in_sql(day)))).one()
    expected = sao_paulo_day(instant)
    assert tuple(found) == (expected, expected.replace(day=1))
