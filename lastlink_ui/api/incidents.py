"""Turns an error of ours into a page with an incident number, and the number into a line of the log."""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lastlink_ui.api.plain_page import plain_page
from lastlink_ui.core.incidents import incident_number
from lastlink_ui.text import t

logger = logging.getLogger(__name__)


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

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception:
            incident = incident_number()
            # The route, never the path or the query: they may hold personal data or tokens.
            logger.exception("incident %s in %s", incident, getattr(scope.get("route"), "path", "no route"))
            if started:
                raise
            sentence = t("errors.incident", incident=incident)
            await plain_page(500, t("site.incident.heading"), sentence)(scope, receive, send)
