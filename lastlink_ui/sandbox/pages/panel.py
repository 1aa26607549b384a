"""The overview at the root: what the sandbox holds, and buttons for what only time and banks can do."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from lastlink_ui.sandbox import actions, control, webhooks
from lastlink_ui.sandbox.books import Books
from lastlink_ui.sandbox.clock import Clock
from lastlink_ui.sandbox.database import Database
from lastlink_ui.sandbox.errors import StripeError
from lastlink_ui.sandbox.shapes import public
from lastlink_ui.sandbox.store import Store

from . import panel_words as words
from .html import SAFE_HEADERS, notice
from .panel_tables import object_page, overview
from .words import BACK


class Panel:
    """Answers ``/`` and its buttons."""

    def __init__(self, database: Database, clock: Clock, origin: str, after: Callable[[], None]) -> None:
        self._database, self._clock, self._origin, self._after = database, clock, origin, after

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/", self.show),
            Route("/objects/{object_id}", self.show_object),
            Route("/panel/act/{verb}/{object_id}", self.act, methods=["POST"]),
            Route("/panel/clock/{seconds:int}", self.advance, methods=["POST"]),
            Route("/panel/resend/{event}", self.resend, methods=["POST"]),
        ]

    async def show(self, _request: Request) -> Response:
        """Show the overview."""
        markup = await self._database.run(lambda store: overview(self._books(store)))
        return HTMLResponse(markup, headers=SAFE_HEADERS)

    async def show_object(self, request: Request) -> Response:
        """Show one object as the API answers it."""
        object_id = request.path_params["object_id"]
        found = await self._database.run(lambda store: store.find_any(object_id))
        if found is None:
            return HTMLResponse(notice(words.UNKNOWN, object_id, (BACK, "/")), 404, headers=SAFE_HEADERS)
        return HTMLResponse(object_page(public(found)), headers=SAFE_HEADERS)

    async def act(self, request: Request) -> Response:
        """Let something happen to an object."""
        verb, object_id = request.path_params["verb"], request.path_params["object_id"]
        return await self._do(request, lambda books: actions.act(books, verb, object_id))

    async def advance(self, request: Request) -> Response:
        """Move the account's clock."""
        seconds = request.path_params["seconds"]
        return await self._do(request, lambda books: control.advance(books, seconds))

    async def resend(self, request: Request) -> Response:
        """Send an event again."""
        event = request.path_params["event"]
        return await self._do(request, lambda books: webhooks.resend(books.store, event))

    async def _do(self, request: Request, work: Callable[[Books], object]) -> Response:
        # Another site's page must not press the buttons of a sandbox that runs on the visitor's computer.
        if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            return Response(status_code=403)
        try:
            await self._database.run(lambda store: work(self._books(store)))
        except StripeError as refusal:
            page = notice(words.TITLE, refusal.message, (BACK, "/"))
            return HTMLResponse(page, refusal.status, headers=SAFE_HEADERS)
        self._after()
        return RedirectResponse("/", 303)

    def _books(self, store: Store) -> Books:
        return Books(store, self._clock, self._origin)
