"""Puts together what one port answers: our routes, the pages, their files, and Reflex's websocket."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import granian.utils.proxies as untyped_proxies
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from lastlink_ui.api import handles as _handles  # noqa: F401 # pyright: ignore[reportUnusedImport] - registers `handle`
from lastlink_ui.api.doors import elsewhere
from lastlink_ui.api.files import CompiledFiles
from lastlink_ui.api.incidents import Incidents
from lastlink_ui.api.origins import Address, WebSocketOrigins
from lastlink_ui.api.plain_page import not_found
from lastlink_ui.api.routing import require_declared, route
from lastlink_ui.api.security_headers import SecurityHeaders
from lastlink_ui.api.shells import Page, Shells
from lastlink_ui.core.who import Who
from lastlink_ui.frontend.release import Release
from lastlink_ui.subscribers.filters import Filters

_proxy_headers: Any = untyped_proxies
_EVENTS = "/_event"
_LONGEST_QUERY = 2_000
_SUBSCRIBERS = "/assinantes"


def create_api(reflex: ASGIApp, release: Release, address: Address, routes: Sequence[BaseRoute]) -> ASGIApp:
    """The whole ASGI app but its lifespan, which stays with Reflex.

    `routes` go first. Of Reflex only the events are reachable: its static files, pings and uploads
    are answered by nothing.
    """
    shells = Shells(release, address.sockets)
    files = CompiledFiles(directory=release.client)
    served = (
        *routes,
        route(Who.ANYONE, "/assinantes/{subscription}", _open_drawer),
        *(_page_route(path, shells.fixed(path)) for path in sorted(release.page_paths)),
        *(_page_route(path, shells.dynamic(page)) for path, page in _paths_with_argument(release)),
        route(Who.ANYONE, "/{path:path}", _file_or_not_found(files)),
    )
    require_declared(served)
    site = Starlette(routes=served, exception_handlers={404: _not_found}, middleware=[Middleware(Incidents)])
    site.state.shells = shells
    site.router.redirect_slashes = False

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        is_reflex = scope["type"] == "lifespan" or (scope.get("path") or "").startswith(_EVENTS)
        await (reflex if is_reflex else site)(scope, receive, send)

    return WebSocketOrigins(dispatch, origins=address.origins)


def secured(app: ASGIApp, address: Address) -> ASGIApp:
    """`app` with the security headers on every answer; to be put outermost."""
    return SecurityHeaders(app, sockets=address.sockets, https=address.is_https)


def behind_proxies(app: ASGIApp, proxies: Sequence[str]) -> ASGIApp:
    """`app` that believes these proxies, and nobody else, whom they speak for; outermost of all."""
    return _proxy_headers.wrap_asgi_with_proxy_headers(app, list(proxies)) if proxies else app


def _page_route(path: str, page: Page) -> Route:
    async def answer(request: Request) -> Response:
        if len(request.url.query) > _LONGEST_QUERY:
            # Longer than any event may be: the page would never hear of its own address.
            short = Filters.from_query(request.query_params).url if path == _SUBSCRIBERS else path
            return RedirectResponse(short, 303)
        if address := elsewhere(request):
            return RedirectResponse(address, 303, {"cache-control": "no-store"})
        return page.response(request)

    # The shell, which holds nothing of anybody: each event of the page asks who it is.
    return route(Who.ANYONE, path, answer)


def _paths_with_argument(release: Release) -> list[tuple[str, str]]:
    """Each as Starlette writes the path and as Reflex writes the route.

    The public page is not among them: its shell differs per creator, so its route is one of `routes`.
    """
    return [
        (route.replace("[", "{").replace("]", "}"), route)
        for route in sorted(release.routes_with_argument)
        if not route.startswith("/[")
    ]


async def _open_drawer(request: Request) -> Response:
    """A subscription's own address is a view of the list with its drawer open."""
    query = urlencode({"assinatura": request.path_params["subscription"]})
    return RedirectResponse(f"/assinantes?{query}", 302)


def _file_or_not_found(files: CompiledFiles) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            raise HTTPException(404)
        return await files.get_response(files.get_path(request.scope), request.scope)

    return answer


async def _not_found(_request: Request, _exception: Exception) -> Response:
    return not_found()
