"""Into the own page by a link: once, for ten minutes, and telling nobody which addresses are known."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from lastlink_ui.billing.models import OutboxMail
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.ids import FanLinkId
from lastlink_ui.db import Database
from lastlink_ui.db.base import metadata
from lastlink_ui.fan_page.access import FanAccess, FanLinkUnusable, TooManyLinks
from lastlink_ui.fan_page.models import FanLink
from lastlink_ui.subscribers.models import Fan
from tests.support.clock import StoppedClock
from tests.support.rows import count, rows
from tests.support.world import World

_EMAIL = "beatriz@example.com"


@pytest.fixture
def access(database: Database, clock: StoppedClock) -> FanAccess:
    return FanAccess(database, clock, clock, "secret", "http://localhost:3000")


@pytest.fixture
async def fans(world: World) -> list[Fan]:
    """One person at two creators, and somebody else at the first."""
    one, other = await world.creator(), await world.creator()
    return [
        await world.fan(one, email=_EMAIL),
        await world.fan(other, email=_EMAIL),
        await world.fan(one, email="ana@example.com"),
    ]


async def link_token(access: FanAccess, database: Database) -> str:
    """What stands at the end of the newest link that was mailed."""
    newest = (await rows(database, FanLink))[-1]
    return access.link_address(FanLinkId(newest.id)).rpartition("/")[2]


async def test_a_link_lets_in_once_and_reaches_every_creator(
    access: FanAccess, fans: list[Fan], database: Database
) -> None:
    await access.send_link(access.asked("  Beatriz@Example.com ", "1.1.1.1"))
    token = await link_token(access, database)
    assert await access.is_usable(token)
    assert await access.is_usable(token)  # looking uses nothing up
    session = await access.enter(token)
    fan = await access.session(session)
    assert fan
    assert {each for _, each in fan.fans} == {fans[0].id, fans[1].id}
    assert fan.at(fans[1].creator_id) == fans[1].id

    assert not await access.is_usable(token)
    with pytest.raises(FanLinkUnusable):
        await access.enter(token)
    async with database.reading() as reading:
        tables = [(await reading.execute(select(table))).all() for table in metadata.tables.values()]
    assert token not in str(tables)
    assert session not in str(tables)
    await access.sign_out(session)
    assert await access.session(session) is None


async def test_of_two_who_use_it_at_once_one_comes_in(
    access: FanAccess, fans: list[Fan], database: Database
) -> None:
    await access.send_link(_EMAIL)
    token = await link_token(access, database)
    tried = await asyncio.gather(access.enter(token), access.enter(token), return_exceptions=True)
    assert [isinstance(each, FanLinkUnusable) for each in tried].count(True) == 1
    assert fans


async def test_after_ten_minutes_it_is_too_late(
    access: FanAccess, fans: list[Fan], database: Database, clock: StoppedClock
) -> None:
    await access.send_link(_EMAIL)
    token = await link_token(access, database)
    clock.move(timedelta(minutes=10))
    assert not await access.is_usable(token)
    with pytest.raises(FanLinkUnusable):
        await access.enter(token)
    assert fans


async def test_a_session_ends_by_itself_and_with_the_address_it_proved(
    access: FanAccess, fans: list[Fan], database: Database, clock: StoppedClock
) -> None:
    async def enter() -> str:
        await access.send_link(_EMAIL)
        return await access.enter(await link_token(access, database))

    idle = await enter()
    clock.move(timedelta(days=7))
    assert await access.session(idle) is None
    session = await enter()
    async with database.unit_of_work() as uow:
        # Whoever rewrites the fan's address must not get, by it, to what another one's owner has.
        await uow.session.execute(
            update(Fan).where(col(Fan.id) == fans[0].id).values(email="victim@example.com")
        )
    assert await access.session(session) is None


async def test_an_unknown_address_leaves_no_trace(
    access: FanAccess, fans: list[Fan], database: Database
) -> None:
    await access.send_link(access.asked("nobody@example.com", "1.1.1.1"))
    assert (await count(database, FanLink), await count(database, OutboxMail)) == (0, 0)
    with pytest.raises(InvalidInput):
        access.asked("no address", "1.1.1.1")
    assert fans


async def test_one_mail_a_minute_and_nobody_else_is_locked_out(
    access: FanAccess, fans: list[Fan], database: Database, clock: StoppedClock
) -> None:
    for _ in range(5):
        await access.send_link(access.asked(_EMAIL, "6.6.6.6"))
    assert await count(database, OutboxMail) == 1
    with pytest.raises(TooManyLinks):
        access.asked(_EMAIL, "6.6.6.6")
    # The owner, elsewhere, asks on, and so does somebody else behind the same address.
    clock.move(timedelta(minutes=1))
    await access.send_link(access.asked(_EMAIL, "1.1.1.1"))
    access.asked("ana@example.com", "6.6.6.6")
    assert await count(database, OutboxMail) == 2
    # A link that was used makes room at once.
    await access.enter(await link_token(access, database))
    await access.send_link(_EMAIL)
    assert await count(database, OutboxMail) == 3
    assert fans
