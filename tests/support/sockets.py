"""Speaks to a running program as its pages do, without a browser: any event, from anybody, with anything."""

import contextlib
import json
import socket
import time
import uuid
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import simple_websocket

from lastlink_ui.accounts import cookies
from lastlink_ui.web.page_notice import PageNotice
from tests.support.server import Server

_TELL = f"{PageNotice.get_full_name()}.tell"
_WAIT_SECONDS = 20
# What Engine.IO and Socket.IO write before their text: https://socket.io/docs/v4/engine-io-protocol/
_JOIN, _EVENT, _PING, _PONG = "40/_event,", "42/_event,", "2", "3"


class EventSocket:
    """One open page of a browser that holds `session` (a token; "" for nobody), at `address`."""

    def __init__(self, server: Server, *, session: str = "", address: str = "/", token: str = "") -> None:
        self.frames: list[str] = []
        self._address = address
        host = urlsplit(server.origin).netloc
        query = f"token={token or uuid.uuid4()}&EIO=4&transport=websocket"
        headers: Any = {"Origin": server.origin, "Cookie": f"{cookies.SESSION}={session}"}
        self._client: Any = simple_websocket.Client(f"ws://{host}/_event/?{query}", headers=headers)
        # Not after hearing that it is open: the client misses what comes along with the handshake's answer.
        self._client.send(_JOIN)
        self._until(_JOIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(simple_websocket.ConnectionClosed):
            self._client.close()

    def send(self, name: str, payload: Mapping[str, Any] | None = None, *, address: str = "") -> None:
        """Send an event from `address`, else from the page's."""
        way = address or self._address
        parts = urlsplit(way)
        router = {"pathname": parts.path, "query": dict(parse_qsl(parts.query)), "asPath": way}
        self.send_raw({"name": name, "payload": dict(payload or {}), "router_data": router})

    def send_raw(self, event: object) -> None:
        """Send whatever is to pass for an event."""
        if not self._client.connected:
            raise AssertionError(f"the socket was closed: {self._client.close_reason} {self.frames[-3:]}")
        self._client.send(_EVENT + json.dumps(["event", event]))

    def hear_out(self) -> str:
        """Everything said so far, once everything sent so far is dealt with."""
        mark = f"marca {uuid.uuid4()}"
        self.send(_TELL, {"sentence": mark})
        self._until(mark)
        return "\n".join(self.frames)

    def hear(self, text: str, *, seconds: float = _WAIT_SECONDS) -> str:
        """Wait for a frame that contains `text`."""
        return next((frame for frame in self.frames if text in frame), "") or self._until(text, seconds)

    def _until(self, text: str, seconds: float = _WAIT_SECONDS) -> str:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            frame = self._client.receive(timeout=left)
            if frame is None:
                break
            if frame == _PING:
                self._client.send(_PONG)
                continue
            self.frames.append(frame)
            if text in frame:
                return frame
        raise AssertionError(f"{text!r} was not heard within {seconds} s")


def handshake(port: int, origin: str | None) -> str:
    """The status with which a websocket's handshake from a page of `origin` is answered."""
    lines = [
        "GET /_event/?token=probe&EIO=4&transport=websocket HTTP/1.1",
        f"Host: localhost:{port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *([f"Origin: {origin}"] if origin else []),
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return connection.recv(200).split()[1].decode()
