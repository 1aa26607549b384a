"""Access ends by itself, once, and only when nothing else entitles."""

from datetime import timedelta

from sqlalchemy import null

from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.period import Period
from lastlink_ui.db import Database
from lastlink_ui.live import MemoryFeed
from lastlink_ui.subscribers.expiry import Expiry, due
from lastlink_ui.subscribers.lists import CourtesyDraft, Lists
from lastlink_ui.subscribers.models import Entitlement, ListTask, Membership, MembershipReason, Wish
from tests.support.clock import StoppedClock
from tests.support.plans import multiply, plan_of
from tests.support.rows import rows
from tests.support.world import World


async def test_a_courtesy_ends_with_its_last_day(
    database: Database, clock: StoppedClock, world: World
) -> None:
    creator = await world.creator()
    feed = MemoryFeed()
    lists = Lists(database, clock, feed)
    await lists.grant_courtesy(creator.id, CourtesyDraft("@bia", "Bia", "Sorteio", "2026-11-30"), SYSTEM)
    expiry = Expiry(database, clock, feed)
    clock.move(timedelta(days=8))
    assert await expiry.act() == 0
    clock.move(timedelta(days=1))
    assert await expiry.act() == 1
    (member,) = await rows(database, Membership)
    assert (member.in_list, member.reason) == (False, MembershipReason.PERIOD_ENDED)
    assert [task.wish for task in await rows(database, ListTask)] == [Wish.REMOVE]


async def test_what_ended_is_acted_on_once(database: Database, clock: StoppedClock, world: World) -> None:
    plan = await world.plan(await world.creator())
    await world.subscriber(plan, cancel_at_period_end=True)
    expiry = Expiry(database, clock, MemoryFeed())
    clock.move(timedelta(days=40))
    assert [await expiry.act() for _ in range(3)] == [1, 0, 0]
    (entitlement,) = await rows(database, Entitlement)
    assert entitlement.settled_at == clock.now()


async def test_who_is_entitled_twice_stays(database: Database, clock: StoppedClock, world: World) -> None:
    creator = await world.creator()
    short, long = await world.plan(creator), await world.plan(creator, name="Anual", period=Period.ANNUAL)
    first = await world.subscriber(short, cancel_at_period_end=True)
    await world.subscriber(long, fan=first.fan)
    clock.move(timedelta(days=40))
    assert await Expiry(database, clock, MemoryFeed()).act() == 1
    (member,) = await rows(database, Membership)
    assert member.in_list


async def test_a_long_backlog_is_worked_off_a_batch_at_a_time(
    database: Database, clock: StoppedClock, world: World
) -> None:
    plan = await world.plan(await world.creator())
    for day in range(5):
        await world.subscriber(
            plan, cancel_at_period_end=True, started_at=clock.now() - timedelta(days=day // 2)
        )
    clock.move(timedelta(days=40))
    assert await Expiry(database, clock, MemoryFeed(), at_a_time=2).act() == 5
    assert not any(member.in_list for member in await rows(database, Membership))
    assert all(entitlement.settled_at for entitlement in await rows(database, Entitlement))


async def test_one_that_cannot_be_ended_keeps_no_other_waiting(
    database: Database, clock: StoppedClock, world: World
) -> None:
    plan, stranger = await world.plan(await world.creator()), await world.creator()
    broken = await world.subscriber(
        plan, cancel_at_period_end=True, started_at=clock.now() - timedelta(days=9)
    )
    await world.subscriber(plan, cancel_at_period_end=True)
    async with database.unit_of_work() as uow:
        row = (
            await uow.session.execute(due(clock.now() + timedelta(days=99), after=None, at_most=1))
        ).scalar_one()
        assert row.subscription_id == broken.subscription.id
        row.creator_id = stranger.id  # a row that no longer fits its fan
        uow.session.add(row)
    clock.move(timedelta(days=40))
    assert await Expiry(database, clock, MemoryFeed(), at_a_time=1).act() == 1
    assert [bool(entitlement.settled_at) for entitlement in await rows(database, Entitlement)] == [
        False,
        True,
    ]


async def test_what_is_due_is_found_by_index(database: Database, clock: StoppedClock, world: World) -> None:
    plan = await world.plan(await world.creator())
    await world.subscriber(plan)
    await multiply(database, Entitlement, 20_000, subscription_id=null())
    query = due(clock.now(), after=None, at_most=500)
    assert "ix_entitlements_due" in await plan_of(database, query)
