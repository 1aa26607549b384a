"""Two processes tell each other what changed; losing Redis only delays what the other one shows."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from lastlink_ui.core.ids import SubscriptionId, new_id
from lastlink_ui.live import Change, Feed
from lastlink_ui.live.redis import RedisFeed
from tests.support.redis import RedisMissing, RedisServer, running_redis

CHANNEL, ANOTHER = "creator:1", "creator:2"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    try:
        with running_redis(tmp_path) as server:
            yield server
    except RedisMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture
async def feeds(redis: RedisServer) -> AsyncIterator[tuple[Feed, Feed]]:
    """The feeds of two processes."""
    here, there = RedisFeed(redis.url), RedisFeed(redis.url)
    yield here, there
    await here.stop()
    await there.stop()


async def heard(changes: AsyncIterator[Change], *, until: Change) -> Change:
    """All that was told, as one change, up to one that holds all of `until`."""
    so_far = Change()
    while so_far | until != so_far:
        so_far |= await asyncio.wait_for(anext(changes), 20)
    return so_far


def change_of(*, new: bool = False) -> Change:
    ids = frozenset({SubscriptionId(new_id())})
    return Change(ids, new=ids if new else frozenset(), list_tasks=True)


async def test_a_change_is_told_in_every_process_and_on_its_channel_alone(feeds: tuple[Feed, Feed]) -> None:
    here, there = feeds
    async with here.follow(CHANNEL) as near, there.follow(CHANNEL) as far, there.follow(ANOTHER) as other:
        # Whoever begins to listen may have missed something, and is told so.
        for changes in (near, far, other):
            await heard(changes, until=Change(missed=True))
        told = change_of(new=True)
        await here.publish(CHANNEL, told)
        assert await heard(near, until=told) == told
        assert await heard(far, until=told) == told

        elsewhere = change_of()
        await here.publish(ANOTHER, elsewhere)
        assert await heard(other, until=elsewhere) == elsewhere


async def test_what_is_not_ours_is_let_pass(feeds: tuple[Feed, Feed], redis: RedisServer) -> None:
    async with feeds[0].follow(CHANNEL) as changes:
        await heard(changes, until=Change(missed=True))
        stranger = cast("Any", Redis).from_url(redis.url)
        for said in ("", "[]", "{", '{"from": "x", "subscriptions": ["1"]}'):
            await stranger.publish(f"lastlink:{CHANNEL}", said)
        await stranger.aclose()
        told = change_of()
        await feeds[1].publish(CHANNEL, told)
        assert await heard(changes, until=told) == told


async def test_losing_redis_loses_no_change(feeds: tuple[Feed, Feed], redis: RedisServer) -> None:
    here, there = feeds
    async with here.follow(CHANNEL) as near, there.follow(CHANNEL) as far:
        await heard(near, until=Change(missed=True))
        await heard(far, until=Change(missed=True))

        redis.kill()
        unheard = change_of()
        await here.publish(CHANNEL, unheard)
        # Its own followers need no Redis.
        assert await heard(near, until=unheard) == unheard

        # Told before the other one listens again, or after: either way the other one knows that it must look.
        redis.start()
        await heard(far, until=Change(missed=True))

        told = change_of()
        await there.publish(CHANNEL, told)
        await heard(near, until=told)
