"""Redis goes wrong while money moves: nothing waits for it, nothing fails with it, screens catch up."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from redis.exceptions import RedisError

from lastlink_ui.db import Database
from lastlink_ui.live import Change, creator_channel
from lastlink_ui.live.redis import RedisFeed
from lastlink_ui.subscribers.lifecycle import Status
from tests.faults.conftest import Provider
from tests.faults.shop import ON_SQLITE, Shop
from tests.support.proxy import Fault, FaultProxy, fault_proxy
from tests.support.redis import RedisMissing, RedisServer, running_redis

_AT_ONCE_SECONDS = 4
"""Less than what an answer of Redis would be waited for."""


@dataclass(frozen=True)
class Line:
    """A Redis, and the line to it that goes wrong."""

    redis: RedisServer
    proxy: FaultProxy


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    try:
        with running_redis(tmp_path) as redis, fault_proxy(redis.port) as proxy:
            yield Line(redis, proxy)
    except RedisMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture
async def feed(line: Line, request: pytest.FixtureRequest) -> AsyncIterator[RedisFeed]:
    kind = cast("type[RedisFeed]", getattr(request, "param", RedisFeed))
    feed = kind(f"redis://127.0.0.1:{line.proxy.port}")
    yield feed
    await feed.stop()


@pytest.fixture
async def told_shop(database: Database, provider: Provider, feed: RedisFeed) -> AsyncIterator[Shop]:
    """A shop that tells what changes over that line."""
    provider.sandbox.reset()
    yield await Shop(database, provider.sandbox, provider.clock_file, feed=feed).open()
    provider.sandbox.heal()


def _drop(line: Line) -> None:
    line.proxy.fault = Fault.DROP_REPLY


def _hang(line: Line) -> None:
    line.proxy.fault = Fault.HANG


TROUBLES: dict[str, Callable[[Line], None]] = {
    "killed": lambda line: line.redis.kill(),
    "paused": lambda line: line.redis.pause(),
    "flushed": lambda line: line.redis.flush(),
    "answers dropped": _drop,
    "line hangs": _hang,
}


async def _refunded(shop: Shop) -> str:
    """A fan pays, the creator cancels and refunds; the provider's subscription."""
    provider_id = await shop.cancelled()
    await shop.ask_refund(provider_id)
    await shop.carry_out()
    await shop.hear(shop.events())
    return provider_id


@pytest.mark.parametrize("trouble", TROUBLES)
@ON_SQLITE
async def test_money_and_access_do_not_notice(
    told_shop: Shop, line: Line, feed: RedisFeed, trouble: str
) -> None:
    async with feed.follow(creator_channel(told_shop.creator.id)) as changes:
        await _heard(changes, Change(missed=True))
        TROUBLES[trouble](line)
        async with asyncio.timeout(_AT_ONCE_SECONDS):
            provider_id = await _refunded(told_shop)
        row = await told_shop.row(provider_id)
        assert (row.status, row.in_list) == (Status.REFUNDED, False)
        intent = await told_shop.intent(provider_id)
        assert [refund["amount"] for refund in told_shop.sandbox.refunds(intent)] == [told_shop.plan.amount]
        # Screens of this process need no Redis.
        await _heard(changes, Change(subscriptions=frozenset({row.id})))


class WaitsForRedis(RedisFeed):
    """Tells Redis first, and waits until it has heard."""

    async def publish(self, channel: str, change: Change) -> None:
        async with asyncio.timeout(_AT_ONCE_SECONDS / 4):
            await self._redis.publish(channel, "")
        await super().publish(channel, change)


@pytest.mark.parametrize("feed", [WaitsForRedis], indirect=True)
@pytest.mark.parametrize("trouble", [name for name in TROUBLES if name != "flushed"])
@ON_SQLITE
async def test_whoever_waits_for_redis_fails_with_it(told_shop: Shop, line: Line, trouble: str) -> None:
    """The negative control of the test above."""
    TROUBLES[trouble](line)
    with pytest.raises((RedisError, OSError, TimeoutError)):
        await _refunded(told_shop)


async def _heard(changes: AsyncIterator[Change], wanted: Change) -> None:
    """Wait until what was told holds all of `wanted`."""
    so_far = Change()
    while so_far | wanted != so_far:
        so_far |= await asyncio.wait_for(anext(changes), 20)
