"""A TCP proxy of the tests that lets a connection go wrong: in front of the provider, PostgreSQL or Redis."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum, auto

_SLOW_SECONDS = 0.3


class Fault(StrEnum):
    """What happens to connections through the proxy, new ones and open ones."""

    NONE = auto()
    REFUSE = auto()
    """They are reset at once; nothing reaches the other side."""
    HANG = auto()
    """They are taken, and nothing is passed on."""
    DROP_REPLY = auto()
    """What is sent arrives; the answer is thrown away and the connection reset."""
    HALF_CLOSE = auto()
    """The same, but it ends politely, as if there were no more to say."""
    SLOW = auto()
    """Each answer comes late, and whole."""


class FaultProxy:
    """Passes bytes on between whoever connects to `port` and `target`, well or badly."""

    def __init__(self, target: int) -> None:
        self.port = 0
        self.fault = Fault.NONE
        self.cut_at: list[bytes] = []
        """Once a client has sent these in turn, its answer is dropped and its connection reset; once."""
        self.cuts = 0
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def origin(self) -> str:
        """Its address for HTTP."""
        return f"http://127.0.0.1:{self.port}"

    def serve(self, started: threading.Event) -> None:
        """Serve until the loop is stopped; runs in a thread of its own."""
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        server.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def stop(self) -> None:
        """End it, and every connection."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _connected(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        if self.fault is Fault.REFUSE:
            to_client.transport.abort()
            return
        from_target, to_target = await asyncio.open_connection("127.0.0.1", self._target)
        cut = asyncio.Event()
        pumps = [
            asyncio.create_task(self._ask(client, to_target, cut)),
            asyncio.create_task(self._answer(from_target, to_client, cut)),
        ]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        to_target.close()
        to_client.close()

    async def _ask(
        self, client: asyncio.StreamReader, to_target: asyncio.StreamWriter, cut: asyncio.Event
    ) -> None:
        while sent := await client.read(65_536):
            if self.fault is Fault.REFUSE:
                return
            while self.fault is Fault.HANG:  # noqa: ASYNC110 - set from another thread
                await asyncio.sleep(0.01)
            if self.cut_at and self.cut_at[0] in sent:
                del self.cut_at[0]
                if not self.cut_at:
                    self.cuts += 1
                    cut.set()
            to_target.write(sent)
            await to_target.drain()

    async def _answer(
        self, from_target: asyncio.StreamReader, to_client: asyncio.StreamWriter, cut: asyncio.Event
    ) -> None:
        while told := await from_target.read(65_536):
            if cut.is_set() or self.fault is Fault.DROP_REPLY:
                to_client.transport.abort()
                return
            if self.fault is Fault.HALF_CLOSE:
                return
            if self.fault is Fault.SLOW:
                await asyncio.sleep(_SLOW_SECONDS)
            to_client.write(told)
            await to_client.drain()


@contextmanager
def fault_proxy(target: int) -> Generator[FaultProxy]:
    """A proxy in front of the port `target` of this machine."""
    proxy, started = FaultProxy(target), threading.Event()
    thread = threading.Thread(target=proxy.serve, args=(started,), daemon=True)
    thread.start()
    started.wait()
    try:
        yield proxy
    finally:
        proxy.stop()
        thread.join()
