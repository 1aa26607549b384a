"""Access ends by itself, once, and only when nothing else entitles."""

from datetime import timedelta

from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.period import Period
from lastlink_ui.db import Database
from lastlink_ui.live import MemoryFeed
from lastlink_ui.subscribers.expiry import Expiry
from lastlink_ui.subscribers.lists import CourtesyDraft, Lists
from lastlink_ui.subscribers.models import Entitlement, ListTask, Membership, MembershipReason, Wish
from tests.support.clock import StoppedClock
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
