"""The change feed of several processes, which tell each other over Redis."""

import asyncio
import contextvars
import json
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from lastlink_ui.core.ids import SubscriptionId
from lastlink_ui.live.feed import ANYTHING, Change
from lastlink_ui.live.memory import MemoryFeed

log = structlog.get_logger()

_PREFIX = "lastlink:"
_RETRY_SECONDS = 0.5
# A line over which nothing came for so long is asked whether it is still there.
_QUIET_SECONDS = 5.0
_ANSWER_SECONDS = 5.0
_FAILURES = (RedisError, OSError, TimeoutError)


class RedisFeed:
    """A feed whose followers live in any process.

    This process's own followers hear of a change without Redis. While Redis is gone the others hear of
    nothing; once it is back, what was published here meanwhile is told to them, and every follower here is
    told that it may have missed something. So whatever happens to Redis, screens end up right.
    """

    def __init__(self, url: str) -> None:
        # Its own types are half unknown to a type checker.
        self._redis: Any = cast("Any", Redis).from_url(url, socket_connect_timeout=_ANSWER_SECONDS)
        self._here = MemoryFeed()
        self._process = uuid.uuid4().hex
        self._outbox: dict[str, Change] = {}
        self._posted = asyncio.Event()
        self._is_lost = False
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    async def publish(self, channel: str, change: Change) -> None:
        """Tell everybody who follows `channel`; never waits for them, nor for Redis."""
        self._start()
        await self._here.publish(channel, change)
        self._post(channel, change)

    @asynccontextmanager
    async def follow(self, channel: str) -> AsyncGenerator[AsyncIterator[Change]]:
        """The changes on `channel` from now on."""
        self._start()
        async with self._here.follow(channel) as changes:
            yield changes

    async def stop(self) -> None:
        """Send what is waiting, if Redis takes it at once, and let go of it."""
        tasks, self._tasks = self._tasks, ()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await asyncio.wait_for(self._send(), _ANSWER_SECONDS)
        except _FAILURES:
            log.warning("changes_not_told")
        await self._redis.aclose()

    def _start(self) -> None:
        """Begin to send and to listen, on the loop of whoever uses the feed first."""
        if not self._tasks:
            # In a context of their own: they outlive the request that came first.
            context = contextvars.Context()
            self._tasks = tuple(
                asyncio.create_task(self._without_end(work), context=context)
                for work in (self._send_posted, self._listen)
            )

    def _post(self, channel: str, change: Change) -> None:
        known = self._outbox.get(channel)
        self._outbox[channel] = change if known is None else known | change
        self._posted.set()

    async def _without_end(self, work: Any) -> None:  # noqa: ANN401 - a coroutine function
        while True:
            try:
                await work()
            except _FAILURES as failure:
                if not self._is_lost:
                    log.warning("redis_unreachable", failure=type(failure).__name__)
                self._is_lost = True
                await asyncio.sleep(_RETRY_SECONDS)

    async def _send_posted(self) -> None:
        await self._posted.wait()
        self._posted.clear()
        try:
            await self._send()
        except BaseException:
            self._posted.set()
            raise

    async def _send(self) -> None:
        while self._outbox:
            channel, change = self._outbox.popitem()
            try:
                await asyncio.wait_for(
                    self._redis.publish(_PREFIX + channel, _written(self._process, change)), _ANSWER_SECONDS
                )
            except BaseException:
                # Told again once Redis is back; twice does no harm.
                self._post(channel, change)
                raise

    async def _listen(self) -> None:
        async with self._redis.pubsub() as line:
            await line.psubscribe(f"{_PREFIX}*")
            # Before the answer to that, others may have told what nobody here heard.
            await self._next(line)
            self._is_lost = False
            await self._here.publish_everywhere(ANYTHING)
            while True:
                message = await self._next(line)
                if message["type"] == "pmessage":
                    await self._hear(message["channel"], message["data"])

    async def _next(self, line: Any) -> dict[str, Any]:  # noqa: ANN401 - see `_redis`
        """The next message; when none comes for long, the answer to a ping. Raises: TimeoutError."""
        message = await line.get_message(timeout=_QUIET_SECONDS)
        if message is None:
            await line.ping()
            message = await line.get_message(timeout=_ANSWER_SECONDS)
        if message is None:
            raise TimeoutError
        return message

    async def _hear(self, channel: bytes, data: bytes) -> None:
        try:
            process, change = _read(data)
        except (ValueError, KeyError, TypeError):
            log.warning("not_a_change_on_our_channel")
            return
        if process != self._process:
            await self._here.publish(channel.decode().removeprefix(_PREFIX), change)


def _written(process: str, change: Change) -> str:
    return json.dumps(
        {
            "from": process,
            "subscriptions": [str(each) for each in change.subscriptions],
            "new": [str(each) for each in change.new],
            "list_tasks": change.list_tasks,
            "plans": change.plans,
            "missed": change.missed,
        }
    )


def _read(data: bytes) -> tuple[str, Change]:
    written = json.loads(data)
    change = Change(
        subscriptions=_ids(written["subscriptions"]),
        new=_ids(written["new"]),
        list_tasks=bool(written["list_tasks"]),
        plans=bool(written["plans"]),
        missed=bool(written["missed"]),
    )
    return written["from"], change


def _ids(written: list[str]) -> frozenset[SubscriptionId]:
    return frozenset(SubscriptionId(uuid.UUID(each)) for each in written)
