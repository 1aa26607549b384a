"""The limit of serving a page: the same server and the same bytes, and nothing of ours in between."""

import os
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

BODY_VARIABLE = "LASTLINK_BENCH_BODY"

_body = Path(os.environ[BODY_VARIABLE]).read_bytes() if BODY_VARIABLE in os.environ else b""
_Message = MutableMapping[str, Any]


async def app(
    scope: Mapping[str, Any],
    _receive: Callable[[], Awaitable[_Message]],
    send: Callable[[_Message], Awaitable[None]],
) -> None:
    """Answer every request with the bytes that the environment names."""
    if scope["type"] != "http":
        return
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(_body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": _body})
