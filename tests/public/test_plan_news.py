"""Open public pages hear of changed plans, and of nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from lastlink_ui.core.ids import CreatorId, SubscriptionId, new_id
from lastlink_ui.live import Change, MemoryFeed, creator_channel
from lastlink_ui.web.public.plan_news import PlanNews

_CREATOR = CreatorId(new_id())
_PLANS = Change(plans=True)


async def test_every_open_page_hears_of_changed_plans() -> None:
    feed = MemoryFeed()
    news = PlanNews(feed)
    async with news.follow(_CREATOR) as first, news.follow(_CREATOR) as second:
        await feed.publish(creator_channel(_CREATOR), _PLANS)
        async with asyncio.timeout(2):
            assert await anext(first) == _PLANS
            assert await anext(second) == _PLANS


async def test_payments_wake_no_page() -> None:
    feed = MemoryFeed()
    async with PlanNews(feed).follow(_CREATOR) as changes:
        subscription = frozenset({SubscriptionId(new_id())})
        await feed.publish(creator_channel(_CREATOR), Change(subscriptions=subscription, new=subscription))
        await feed.publish(creator_channel(CreatorId(new_id())), _PLANS)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await anext(changes)


async def test_many_pages_follow_the_creator_once_and_the_last_one_ends_it() -> None:
    feed = _Counting()
    news = PlanNews(feed)
    async with news.follow(_CREATOR):
        async with news.follow(_CREATOR):
            pass
        assert feed.followed == 1
        (relay,) = _relays()
    await asyncio.wait([relay], timeout=2)
    assert relay.cancelled()
    async with news.follow(_CREATOR) as changes:
        assert feed.followed == 2
        await feed.publish(creator_channel(_CREATOR), _PLANS)
        async with asyncio.timeout(2):
            assert await anext(changes) == _PLANS


class _Counting:
    """A feed that counts its followers."""

    def __init__(self) -> None:
        self._feed = MemoryFeed()
        self.followed = 0

    async def publish(self, channel: str, change: Change) -> None:
        await self._feed.publish(channel, change)

    def follow(self, channel: str) -> AbstractAsyncContextManager[AsyncIterator[Change]]:
        self.followed += 1
        return self._feed.follow(channel)

    async def stop(self) -> None:
        await self._feed.stop()


def _relays() -> list[asyncio.Task[object]]:
    return [
        task for task in asyncio.all_tasks() if "_pass_on" in getattr(task.get_coro(), "__qualname__", "")
    ]
