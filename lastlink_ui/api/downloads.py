"""Files that are made while they are sent: read a little ahead, and stopped when nobody reads on."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from lastlink_ui.subscribers.export import Piece

_PIECES_AHEAD = 4

# A task that nobody holds may vanish before it has tidied up.
_readers: set[asyncio.Task[None]] = set()


def csv_download(pieces: AsyncGenerator[Piece], name: str, total: int | None) -> Response:
    """`pieces` as a file called `name`; `X-Total-Rows` says how many rows follow, where that is known."""
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    if total is not None:
        headers["x-total-rows"] = str(total)
    return _Download(pieces, headers)


class _Download(StreamingResponse):
    """Sends what a task of its own reads.

    A browser that goes away ends the answer in the middle of whatever it waits for, again and again. So the
    task is told once, and leaves the database's connection as it should be, which takes waiting of its own.
    """

    def __init__(self, pieces: AsyncGenerator[Piece], headers: dict[str, str]) -> None:
        self._pieces = pieces
        self._ready = asyncio.Queue[bytes | Exception | None](_PIECES_AHEAD)
        super().__init__(self._content(), media_type="text/csv; charset=utf-8", headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and stop reading whatever became of the answer."""
        reader = asyncio.create_task(self._read())
        _readers.add(reader)
        reader.add_done_callback(_readers.discard)
        try:
            await super().__call__(scope, receive, send)
        finally:
            reader.cancel()

    async def _read(self) -> None:
        try:
            async with aclosing(self._pieces):
                async for piece in self._pieces:
                    await self._ready.put(piece.content)
        except Exception as error:  # noqa: BLE001 - raised where the file is sent
            await self._ready.put(error)
        else:
            await self._ready.put(None)

    async def _content(self) -> AsyncIterator[bytes]:
        while (content := await self._ready.get()) is not None:
            if isinstance(content, Exception):
                raise content
            yield content
