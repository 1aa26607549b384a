"""Open dashboards as the program sees them: sockets of browsers that are signed in, without the browsers."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from lastlink_ui.accounts import cookies
from lastlink_ui.bench.program import Program
from lastlink_ui.demo.account import DEMO_EMAIL, DEMO_PASSWORD

# What Engine.IO and Socket.IO write before their text: https://socket.io/docs/v4/engine-io-protocol/
_JOIN, _EVENT, _PING, _PONG = "40/_event,", "42/_event,", "2", "3"
_ROOT = "reflex___state____state"
_STATE = f"{_ROOT}.lastlink_ui___web___subscribers___state____subscribers_state"
_NOTICE = f"{_ROOT}.lastlink_ui___web___page_notice____page_notice"
_PAGE: Mapping[str, Any] = {"pathname": "/assinantes", "query": {}, "asPath": "/assinantes"}
_ROWS = '"rows_rx_state_"'
_OPEN_SECONDS = 120


async def session(program: Program) -> str:
    """A new session of the demo creator."""
    async with httpx.AsyncClient(base_url=program.origin, timeout=_OPEN_SECONDS) as client:
        form = {"email": DEMO_EMAIL, "senha": DEMO_PASSWORD}
        answer = await client.post("/entrar", data=form, headers={"origin": program.origin})
    return answer.cookies[cookies.SESSION]


class Dashboard:
    """One open page of subscribers, and when rows were sent to it."""

    def __init__(self, line: ClientConnection) -> None:
        self.shown: list[float] = []
        """When rows came, on the clock of `time.perf_counter`."""
        self._line = line
        self._heard = asyncio.Event()
        self._mark = ""
        self._settled = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    @classmethod
    async def at(cls, program: Program, session: str) -> Self:
        """A page of the creator whose session it is; it shows nothing yet."""
        query = f"token={uuid.uuid4()}&EIO=4&transport=websocket"
        line = await connect(
            f"ws://127.0.0.1:{program.port}/_event/?{query}",
            origin=program.origin,  # pyright: ignore[reportArgumentType] - a NewType of str
            additional_headers={"Cookie": f"{cookies.SESSION}={session}"},
            open_timeout=_OPEN_SECONDS,
            max_size=None,
        )
        await line.send(_JOIN)
        return cls(line)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        await self._line.close()

    async def send(
        self, event: str, payload: Mapping[str, Any] | None = None, *, state: str = _STATE
    ) -> None:
        """What the page does when something in it is used."""
        said: dict[str, Any] = {
            "name": f"{state}.{event}",
            "payload": dict(payload or {}),
            "router_data": {**_PAGE},
        }
        await self._line.send(_EVENT + json.dumps(["event", said]))

    async def open(self) -> None:
        """Show the first page of everybody, and follow it."""
        # As a page does: what it follows ends with its line.
        await self.send("hydrate_and_load", state=_ROOT)
        await self.shown_after(0.0)

    async def shown_after(self, moment: float) -> float:
        """When rows first came after `moment`, as soon as they have. Raises: TimeoutError."""
        async with asyncio.timeout(_OPEN_SECONDS):
            while not self.shown or self.shown[-1] < moment:
                self._heard.clear()
                await self._heard.wait()
        return next(each for each in self.shown if each >= moment)

    async def settled(self) -> None:
        """Everything that was sent has been dealt with. Raises: TimeoutError."""
        self._mark = f"{uuid.uuid4()}"
        self._settled.clear()
        await self.send("tell", {"sentence": self._mark}, state=_NOTICE)
        await asyncio.wait_for(self._settled.wait(), _OPEN_SECONDS)

    async def _listen(self) -> None:
        try:
            async for frame in self._line:
                said = frame if isinstance(frame, str) else frame.decode()
                if said == _PING:
                    await self._line.send(_PONG)
                elif _ROWS in said:
                    self.shown.append(time.perf_counter())
                    self._heard.set()
                elif self._mark and self._mark in said:
                    self._settled.set()
        except ConnectionClosed:
            return


@asynccontextmanager
async def open_dashboards(program: Program, count: int) -> AsyncGenerator[list[Dashboard]]:
    """That many dashboards of the demo creator, all showing the same."""
    opened: list[Dashboard] = []
    token = await session(program)
    try:
        for _ in range(count):
            opened.append(await Dashboard.at(program, token))
            await opened[-1].open()
        yield opened
    finally:
        for each in opened:
            await each.__aexit__(None, None, None)
