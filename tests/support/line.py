"""The line between a browser and the program, which tests cut as a train's tunnel would: a SOCKS proxy."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress

from playwright.sync_api import ProxySettings

_GRANTED = bytes((5, 0, 0, 1, 0, 0, 0, 0, 0, 0))
# What stands before the length of a name in a request to connect: version, command, zero, "a name follows".
_REQUEST = 4
_NAME = 3


class Line:
    """Passes everything on until it is cut: then nothing that is open lives on, and nothing new begins."""

    def __init__(self) -> None:
        self.port = 0
        self._is_cut = False
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()

    @property
    def proxy(self) -> ProxySettings:
        """How a browser's context goes over it, to this machine too."""
        return {"server": f"socks5://127.0.0.1:{self.port}", "bypass": "<-loopback>"}

    def cut(self) -> None:
        """Reset every connection, and each that is tried from now on."""
        self._is_cut = True
        self._loop.call_soon_threadsafe(self._reset)

    def mend(self) -> None:
        """Let connections through again."""
        self._is_cut = False

    def serve(self, started: threading.Event) -> None:
        """Serve until the loop is stopped; runs in a thread of its own."""
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        server.close()
        self._reset()
        if ending := asyncio.all_tasks(self._loop):
            self._loop.run_until_complete(asyncio.wait(ending))
        self._loop.close()

    def stop(self) -> None:
        """End it, and every connection."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _reset(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _connected(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await self._pass_on(browser, to_browser)
        to_browser.transport.abort()

    async def _pass_on(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        port = await _asked_for(browser, to_browser)
        if self._is_cut:
            return
        program, to_program = await asyncio.open_connection("127.0.0.1", port)
        ends = {to_browser, to_program}
        self._open |= ends
        to_browser.write(_GRANTED)
        pumps = {
            asyncio.create_task(_pump(browser, to_program)),
            asyncio.create_task(_pump(program, to_browser)),
        }
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        self._open -= ends
        to_program.close()


async def _asked_for(browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> int:
    """The port that the browser wants to reach; the machine is always this one."""
    _, methods = await browser.readexactly(2)
    await browser.readexactly(methods)
    to_browser.write(bytes((5, 0)))
    kind = (await browser.readexactly(_REQUEST))[-1]
    length = (await browser.readexactly(1))[0] if kind == _NAME else {1: 4, 4: 16}[kind]
    await browser.readexactly(length)
    return int.from_bytes(await browser.readexactly(2))


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while sent := await source.read(65_536):
            target.write(sent)
            await target.drain()


@contextmanager
def running_line() -> Generator[Line]:
    """A line for as long as the block runs."""
    line, started = Line(), threading.Event()
    thread = threading.Thread(target=line.serve, args=(started,), daemon=True)
    thread.start()
    started.wait()
    try:
        yield line
    finally:
        line.stop()
        thread.join()
