"""`GET /exportar/historico.csv`: what was done in the signed-in creator's account, as a file."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import Response

from lastlink_ui.api.downloads import csv_download
from lastlink_ui.api.routing import creator_of
from lastlink_ui.core.clock import SAO_PAULO, sao_paulo_day
from lastlink_ui.core.csv_cells import line
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.subscribers.audit_log import AuditFilters, AuditLine, AuditLog
from lastlink_ui.subscribers.export import BOM, Piece
from lastlink_ui.text import t
from lastlink_ui.wiring import services

_COLUMNS = ("when", "what", "whom", "who")


async def export_history(request: Request) -> Response:
    """All lines under the filters of the query, the newest first."""
    ours, creator = services(), creator_of(request)
    filters = AuditFilters.from_query(request.query_params)
    day = sao_paulo_day(ours.clock.now()).isoformat()
    name = t("audit.file_name", handle=creator.handle, day=day)
    return csv_download(_pieces(ours.audit_log, creator.creator_id, filters), name, None)


async def _pieces(log: AuditLog, creator: CreatorId, filters: AuditFilters) -> AsyncGenerator[Piece]:
    yield Piece(BOM + line(t(f"audit.column.{name}") for name in _COLUMNS).encode(), 0)
    async with aclosing(log.all(creator, filters)) as parts:
        async for part in parts:
            yield Piece("".join(map(_line, part)).encode(), len(part))


def _line(entry: AuditLine) -> str:
    return line(
        (
            f"{entry.at.astimezone(SAO_PAULO):%d/%m/%Y %H:%M:%S}",
            t(f"audit.action.{entry.action}"),
            entry.subject,
            t(f"audit.actor.{entry.actor}"),
        )
    )
