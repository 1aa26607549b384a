"""Tells open public pages that plans changed: one follower for each creator, however many pages."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from lastlink_ui.core.ids import CreatorId
from lastlink_ui.live import Change, Feed, MemoryFeed, creator_channel


@dataclass(slots=True)
class _Relay:
    """The one follower of a creator, and how many pages it serves."""

    task: asyncio.Task[None]
    listening: asyncio.Event
    pages: int = 0


class PlanNews:
    """The part of a creator's changes that concerns the public page.

    A creator with a thousand open pages has a thousand payments an hour too; none of those should wake
    every page, so one follower listens and passes on what is about plans alone.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._pages = MemoryFeed()
        self._relays: dict[CreatorId, _Relay] = {}

    @asynccontextmanager
    async def follow(self, creator: CreatorId) -> AsyncGenerator[AsyncIterator[Change]]:
        """The changes of the creator's plans from the moment the block is entered, without end."""
        relay = self._relays.get(creator) or self._begin(creator)
        relay.pages += 1
        try:
            async with self._pages.follow(creator_channel(creator)) as changes:
                await relay.listening.wait()
                yield changes
        finally:
            relay.pages -= 1
            if not relay.pages:
                del self._relays[creator]
                relay.task.cancel()

    def _begin(self, creator: CreatorId) -> _Relay:
        listening = asyncio.Event()
        task = asyncio.create_task(self._pass_on(creator_channel(creator), listening))
        relay = self._relays[creator] = _Relay(task, listening)
        return relay

    async def _pass_on(self, channel: str, listening: asyncio.Event) -> None:
        async with self._feed.follow(channel) as changes:
            listening.set()
            async for change in changes:
                if change.plans:
                    await self._pages.publish(channel, Change(plans=True))
