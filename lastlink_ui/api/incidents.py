"""Gives each request an id, and an error of ours a page with a number that stands in the log."""

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lastlink_ui.api.plain_page import plain_page
from lastlink_ui.core.incidents import incident_number
from lastlink_ui.core.requests import begin_request
from lastlink_ui.text import t

log = structlog.get_logger()


class Incidents:
    """ASGI middleware: what went wrong goes to the log, the browser gets its number alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in the app's place when it raises."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False
        request = begin_request()

        async def send_and_note(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message)["x-request-id"] = request
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception:
            incident = incident_number()
            # The route, never the path or the query: they may hold personal data or tokens.
            log.exception(
                "incident", incident=incident, where=getattr(scope.get("route"), "path", "no route")
            )
            if started:
                raise
            sentence = t("errors.incident", incident=incident)
            await plain_page(500, t("site.incident.heading"), sentence)(scope, receive, send_and_note)
