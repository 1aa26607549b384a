"""`GET /exportar/assinantes.csv`: the whole selection of the subscribers page as a file."""

from starlette.requests import Request
from starlette.responses import Response

from lastlink_ui.api.downloads import csv_download
from lastlink_ui.api.routing import creator_of
from lastlink_ui.subscribers.export import export, file_name
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.wiring import services


async def export_subscribers(request: Request) -> Response:
    """The signed-in creator's subscribers under the filters of the query; others are led to the sign-in."""
    ours = services()
    creator = creator_of(request)
    filters = Filters.from_query(request.query_params).whole()
    now = ours.clock.now()
    # What a search finds takes long to count, and the page has counted it already.
    total = None if filters.q else await ours.subscribers.total(creator.creator_id, filters)
    pieces = export(ours.database, creator.creator_id, filters, now)
    return csv_download(pieces, file_name(creator.handle, now), total)
