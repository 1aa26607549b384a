"""`GET /exportar/assinantes.csv`: the whole selection of the subscribers page as a file."""

from collections.abc import AsyncGenerator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from lastlink_ui.api.routing import creator_of
from lastlink_ui.subscribers.export import export, file_name
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.wiring import services


async def export_subscribers(request: Request) -> Response:
    """The signed-in creator's subscribers under the filters of the query; others are led to the sign-in.

    `X-Total-Rows` says how many rows follow, so that a page can show how far it is.
    """
    ours = services()
    creator = creator_of(request)
    filters = Filters.from_query(request.query_params).whole()
    now = ours.clock.now()
    total = await ours.subscribers.total(creator.creator_id, filters)

    async def pieces() -> AsyncGenerator[bytes]:
        async for piece in export(ours.database, creator.creator_id, filters, now):
            yield piece

    return StreamingResponse(
        pieces(),
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": f'attachment; filename="{file_name(creator.handle, now)}"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "x-total-rows": str(total),
        },
    )
