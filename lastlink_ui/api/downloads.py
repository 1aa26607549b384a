"""Files that are made while they are sent: read a little ahead, and stopped when nobody reads on."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.responses import Response, StreamingResponse

from lastlink_ui.subscribers.export import Piece

_PIECES_AHEAD = 4

_stopping: set[asyncio.Task[None]] = set()


def csv_download(pieces: AsyncGenerator[Piece], name: str, total: int | None) -> Response:
    """`pieces` as a file called `name`; `X-Total-Rows` says how many rows follow, where that is known."""
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    if total is not None:
        headers["x-total-rows"] = str(total)
    return StreamingResponse(_read_ahead(pieces), media_type="text/csv; charset=utf-8", headers=headers)


async def _read_ahead(pieces: AsyncGenerator[Piece]) -> AsyncIterator[bytes]:
    """The content of `pieces`, which a task of its own reads.

    A browser that goes away ends the answer in the middle of whatever it waits for. The task is told once and
    then leaves the database's connection as it should be, which takes waiting of its own.
    """
    ready = asyncio.Queue[bytes | BaseException | None](_PIECES_AHEAD)

    async def read() -> None:
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    await ready.put(piece.content)
        except Exception as error:  # noqa: BLE001 - raised where the file is sent
            await ready.put(error)
        else:
            await ready.put(None)

    reader = asyncio.create_task(read())
    _stopping.add(reader)
    reader.add_done_callback(_stopping.discard)
    try:
        while (content := await ready.get()) is not None:
            if isinstance(content, BaseException):
                raise content
            yield content
    finally:
        reader.cancel()
