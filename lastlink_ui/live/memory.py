"""The change feed of a single process."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from lastlink_ui.live.feed import Change


class _Mailbox:
    """The changes that one follower has not taken yet, merged into one."""

    def __init__(self) -> None:
        self._waiting: Change | None = None
        self._arrived = asyncio.Event()

    def put(self, change: Change) -> None:
        self._waiting = change if self._waiting is None else self._waiting | change
        self._arrived.set()

    async def changes(self) -> AsyncIterator[Change]:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            if (change := self._waiting) is not None:
                self._waiting = None
                yield change


class MemoryFeed:
    """A feed whose followers live in this process, all on one event loop."""

    def __init__(self) -> None:
        self._followers: dict[str, set[_Mailbox]] = defaultdict(set)

    async def publish(self, channel: str, change: Change) -> None:
        """Tell everybody who follows `channel`."""
        for mailbox in self._followers.get(channel, ()):
            mailbox.put(change)

    async def publish_everywhere(self, change: Change) -> None:
        """Tell every follower there is."""
        for channel in list(self._followers):
            await self.publish(channel, change)

    async def stop(self) -> None:
        """Nothing is held on to."""

    @asynccontextmanager
    async def follow(self, channel: str) -> AsyncGenerator[AsyncIterator[Change]]:
        """The changes on `channel` from now on."""
        mailbox = _Mailbox()
        self._followers[channel].add(mailbox)
        try:
            yield mailbox.changes()
        finally:
            self._followers[channel].discard(mailbox)
            if not self._followers[channel]:
                del self._followers[channel]
