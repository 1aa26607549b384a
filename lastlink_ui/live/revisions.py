"""Whether anything changed on a channel since one looked last, for what is kept in memory."""

import asyncio
import contextvars
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from lastlink_ui.live.feed import Change, Feed


@dataclass(slots=True)
class _Watched:
    revision: int
    task: asyncio.Task[None] | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)


class Revisions:
    """A number for each of the channels asked about last, another one after each change that matters."""

    def __init__(self, feed: Feed, matters: Callable[[Change], bool], most: int) -> None:
        """`most`: how many channels are followed at once; those that were asked about longest ago go."""
        self._feed = feed
        self._matters = matters
        self._most = most
        self._numbers = count(1)
        self._watched: OrderedDict[str, _Watched] = OrderedDict()

    def known(self, channel: str) -> int | None:
        """The channel's number now; None while nobody follows it."""
        watched = self._watched.get(channel)
        return watched.revision if watched and watched.begun.is_set() else None

    async def follow(self, channel: str) -> int:
        """The channel's number now, from now on another one whenever something changes."""
        watched = self._watched.get(channel)
        if watched is None:
            watched = self._watched[channel] = _Watched(next(self._numbers))
            # In a context of its own: it outlives the request that came first.
            watched.task = asyncio.create_task(self._watch(channel, watched), context=contextvars.Context())
        self._watched.move_to_end(channel)
        while len(self._watched) > self._most:
            _, longest_ago = self._watched.popitem(last=False)
            if longest_ago.task:
                longest_ago.task.cancel()
        await watched.begun.wait()
        return watched.revision

    async def _watch(self, channel: str, watched: _Watched) -> None:
        async with self._feed.follow(channel) as changes:
            watched.begun.set()
            async for change in changes:
                if self._matters(change):
                    watched.revision = next(self._numbers)
