"""Whether the process lives, and whether it can do its work."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from lastlink_ui import wiring


async def healthz(_request: Request) -> Response:
    """200 as long as the process answers at all."""
    return PlainTextResponse("ok")


async def readyz(_request: Request) -> Response:
    """200 when the database answers too, else 503."""
    try:
        async with wiring.services().database.reading() as session:
            await session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return PlainTextResponse("database", status_code=503)
    return PlainTextResponse("ok")
