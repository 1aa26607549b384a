"""`GET /exportar/lista.csv?dia=…`: who was in the creator's list on a day gone by, as a file."""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from lastlink_ui.api.downloads import csv_download
from lastlink_ui.api.plain_page import plain_page
from lastlink_ui.api.routing import creator_of
from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.subscribers.past_export import export_past, past_file_name
from lastlink_ui.text import t
from lastlink_ui.wiring import services

_EARLIEST = date(1970, 1, 2)


async def export_past_list(request: Request) -> Response:
    """The signed-in creator's list as it was on `dia`; a day that cannot be meant gets a sentence."""
    ours, creator = services(), creator_of(request)
    day = _day(request.query_params.get("dia", ""))
    if day is None or not _EARLIEST <= day <= sao_paulo_day(ours.clock.now()):
        return plain_page(400, t("lista.past.title"), t("lista.past.no_such_day"))
    pieces = export_past(ours.database, creator.creator_id, day)
    return csv_download(pieces, past_file_name(creator.handle, day), None)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
