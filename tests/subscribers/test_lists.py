"""What is to be done by hand, and courtesies, on the real databases."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import col

from lastlink_ui.accounts.models import AuditEntry, Creator
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.clock import day_end
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import ListTaskId, new_id
from lastlink_ui.db import Database
from lastlink_ui.live import Change, MemoryFeed, creator_channel
from lastlink_ui.subscribers import courtesy, membership
from lastlink_ui.subscribers.courtesy import CourtesyDraft, InvalidCourtesy
from lastlink_ui.subscribers.lists import Lists, OpenTask
from lastlink_ui.subscribers.models import (
    Entitlement,
    Fan,
    ListTask,
    Membership,
    MembershipReason,
    Wish,
)
from lastlink_ui.text import t
from tests.support.clock import StoppedClock
from tests.support.world import World

ACTOR = Actor(ActorKind.CREATOR, "ana")
TODAY = date(2026, 11, 22)
GIFT = CourtesyDraft(handle="@Maria.Souza", name="Maria Souza", reason="Sorteio", ends_on="2026-12-31")


@pytest.fixture
def feed() -> MemoryFeed:
    return MemoryFeed()


@pytest.fixture
def lists(database: Database, clock: StoppedClock, feed: MemoryFeed) -> Lists:
    return Lists(database, clock, feed)


@pytest.fixture
async def ana(world: World) -> Creator:
    return await world.creator("anademo")


async def test_open_tasks_newest_first_with_what_the_hand_needs(
    lists: Lists, world: World, clock: StoppedClock, ana: Creator
) -> None:
    plan = await world.plan(ana)
    await world.subscriber(plan, "Bia", handle="bia", wish=Wish.ADD)
    clock.move(timedelta(minutes=1))
    await world.subscriber(plan, "Carla", handle="carla.o", in_list=False, wish=Wish.REMOVE)
    page = await lists.open_tasks(ana.id)
    assert [(task.handle, task.name, task.wish, task.profile_link) for task in page.tasks] == [
        ("carla.o", "Carla", Wish.REMOVE, "https://instagram.com/carla.o"),
        ("bia", "Bia", Wish.ADD, "https://instagram.com/bia"),
    ]
    assert page.next is None
    assert await lists.count(ana.id) == 2


async def test_pages_follow_each_other_without_a_gap_also_within_one_instant(
    lists: Lists, world: World, clock: StoppedClock, ana: Creator
) -> None:
    plan = await world.plan(ana)
    for number in range(7):
        await world.subscriber(plan, f"Fã {number}", wish=Wish.ADD)
        if number == 4:
            clock.move(timedelta(minutes=1))
    seen: list[OpenTask] = []
    page = await lists.open_tasks(ana.id, limit=2)
    seen += page.tasks
    while page.next:
        page = await lists.open_tasks(ana.id, page.next, limit=2)
        seen += page.tasks
    assert [task.name for task in seen[:2]] == ["Fã 6", "Fã 5"]
    assert len({task.id for task in seen}) == len(seen) == 7


async def test_done_takes_it_away_once_and_undo_brings_it_back(
    lists: Lists, world: World, database: Database, feed: MemoryFeed, ana: Creator
) -> None:
    subscriber = await world.subscriber(await world.plan(ana), wish=Wish.ADD)
    (task,) = (await lists.open_tasks(ana.id)).tasks
    async with feed.follow(creator_channel(ana.id)) as changes:
        await lists.done(ana.id, task.id, ACTOR)
        await lists.done(ana.id, task.id, ACTOR)
        told = await anext(changes)
    assert told == Change(subscriptions=frozenset({subscriber.subscription.id}), list_tasks=True)
    assert await lists.count(ana.id) == 0
    await lists.reopen(ana.id, task.id, ACTOR)
    assert await lists.count(ana.id) == 1
    async with database.reading() as session:
        actions = list(await session.scalars(select(col(AuditEntry.action)).order_by(col(AuditEntry.id))))
    assert actions == ["list_task.done", "list_task.reopened"]


async def test_undo_gives_way_to_a_newer_wish(
    lists: Lists, world: World, database: Database, clock: StoppedClock, ana: Creator
) -> None:
    subscriber = await world.subscriber(await world.plan(ana), wish=Wish.ADD)
    (task,) = (await lists.open_tasks(ana.id)).tasks
    await lists.done(ana.id, task.id, ACTOR)
    async with database.unit_of_work() as uow:
        fan = await membership.lock_fan(uow, ana.id, subscriber.fan.id)
        cause = membership.Cause(MembershipReason.REMOVED_BY_CREATOR, ACTOR, clock.now())
        await membership.remove(uow, fan, cause)
    await lists.reopen(ana.id, task.id, ACTOR)
    assert [task.wish for task in (await lists.open_tasks(ana.id)).tasks] == [Wish.REMOVE]


async def test_a_task_of_somebody_else_is_not_found(lists: Lists, world: World, ana: Creator) -> None:
    await world.subscriber(await world.plan(ana), wish=Wish.ADD)
    (task,) = (await lists.open_tasks(ana.id)).tasks
    bia = await world.creator("bia")
    for task_id in (task.id, ListTaskId(new_id())):
        with pytest.raises(NotFound):
            await lists.done(bia.id, task_id, ACTOR)
        with pytest.raises(NotFound):
            await lists.reopen(bia.id, task_id, ACTOR)
    assert (await lists.open_tasks(bia.id)).tasks == []
    assert await lists.count(bia.id) == 0
    assert await lists.count(ana.id) == 1


async def test_a_courtesy_brings_a_new_profile_into_the_list_until_the_end_of_its_last_day(
    lists: Lists, database: Database, ana: Creator
) -> None:
    granted = await lists.grant_courtesy(ana.id, GIFT, ACTOR)
    assert granted.joins
    (task,) = (await lists.open_tasks(ana.id)).tasks
    assert (task.handle, task.name, task.wish, task.reason) == (
        "maria.souza",
        "Maria Souza",
        Wish.ADD,
        MembershipReason.COURTESY,
    )
    async with database.reading() as session:
        fan = await session.get_one(Fan, granted.fan_id)
        assert (fan.email, fan.sort_name) == (None, "maria souza")
        given = (await session.scalars(select(Entitlement))).one()
        assert (given.subscription_id, given.note) == (None, "Sorteio")
        assert given.ends_at == day_end(date(2026, 12, 31))
        entry = (await session.scalars(select(AuditEntry))).one()
        assert (entry.action, entry.details) == ("courtesy.granted", {"ends_on": "2026-12-31"})


async def test_a_known_profile_keeps_name_and_e_mail_and_is_not_doubled(
    lists: Lists, world: World, database: Database, ana: Creator
) -> None:
    subscriber = await world.subscriber(await world.plan(ana), "Maria S.", handle="maria.souza")
    granted = await lists.grant_courtesy(ana.id, GIFT, ACTOR)
    assert granted.fan_id == subscriber.fan.id
    assert not granted.joins
    async with database.reading() as session:
        fan = (await session.scalars(select(Fan))).one()
        assert (fan.name, fan.email) == ("Maria S.", subscriber.fan.email)
    assert await lists.count(ana.id) == 0


async def test_a_fan_the_creator_removed_comes_back_when_the_creator_asks(
    lists: Lists, world: World, database: Database, clock: StoppedClock, ana: Creator
) -> None:
    subscriber = await world.subscriber(await world.plan(ana), handle="maria.souza")
    async with database.unit_of_work() as uow:
        fan = await membership.lock_fan(uow, ana.id, subscriber.fan.id)
        cause = membership.Cause(MembershipReason.REMOVED_BY_CREATOR, ACTOR, clock.now())
        await membership.remove(uow, fan, cause)
    assert (await lists.grant_courtesy(ana.id, GIFT, ACTOR)).joins
    async with database.reading() as session:
        known = await session.get_one(Membership, subscriber.fan.id)
        assert (known.in_list, known.reason) == (True, MembershipReason.COURTESY)


async def test_the_same_courtesy_twice_at_once_is_one_fan_one_right_one_task(
    lists: Lists, database: Database, ana: Creator
) -> None:
    await asyncio.gather(*(lists.grant_courtesy(ana.id, GIFT, ACTOR) for _ in range(5)))
    async with database.reading() as session:
        for table in (Fan, Entitlement, ListTask):
            assert await session.scalar(select(func.count()).select_from(table)) == 1


async def test_the_same_profile_at_another_creator_is_another_fan(
    lists: Lists, world: World, ana: Creator
) -> None:
    bia = await world.creator("bia")
    hers = await lists.grant_courtesy(bia.id, GIFT, ACTOR)
    assert (await lists.grant_courtesy(ana.id, GIFT, ACTOR)).fan_id != hers.fan_id


async def test_a_draft_that_cannot_be_writes_nothing(lists: Lists, database: Database, ana: Creator) -> None:
    with pytest.raises(InvalidCourtesy):
        await lists.grant_courtesy(ana.id, replace(GIFT, ends_on="2026-11-21"), ACTOR)
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Fan)) == 0


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({}, {}),
        ({"ends_on": "2026-11-22"}, {}),
        ({"handle": "https://www.instagram.com/maria.souza/"}, {}),
        ({"handle": ""}, {"handle": "courtesy.handle_missing"}),
        ({"handle": "maria souza"}, {"handle": "people.handle"}),
        ({"name": " "}, {"name": "courtesy.name_missing"}),
        ({"name": "x" * 121}, {"name": "courtesy.name_length"}),
        ({"reason": "x" * 201}, {"reason": "courtesy.reason_length"}),
        ({"ends_on": ""}, {"ends_on": "courtesy.ends_on_missing"}),
        ({"ends_on": "31/12/2026"}, {"ends_on": "courtesy.ends_on_missing"}),
        ({"ends_on": "2026-11-21"}, {"ends_on": "courtesy.ends_on_past"}),
        ({"ends_on": "9999-12-31"}, {"ends_on": "courtesy.ends_on_far"}),
    ],
)
def test_what_a_creator_may_type(changed: dict[str, str], errors: dict[str, str]) -> None:
    assert courtesy.problems(replace(GIFT, **changed), TODAY) == errors
    assert all(t(key) for key in errors.values())


@for_any(
    handle=st.text(max_size=40), name=st.text(max_size=130), reason=st.text(), ends_on=st.text(max_size=12)
)
def test_no_text_is_ever_an_exception(handle: str, name: str, reason: str, ends_on: str) -> None:
    draft = CourtesyDraft(handle, name, reason, ends_on)
    if not courtesy.problems(draft, TODAY):
        given = courtesy.read(draft, TODAY)
        assert given.ends_on >= TODAY
        assert 0 < len(given.name) <= 120
