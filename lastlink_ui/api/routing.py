"""How a route of ours is declared: with who may use it, which is seen to before its endpoint runs."""

from collections.abc import Awaitable, Callable, Sequence
from typing import cast

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lastlink_ui import wiring
from lastlink_ui.accounts import cookies
from lastlink_ui.accounts.sessions import SignedInCreator
from lastlink_ui.core.owner import see_only
from lastlink_ui.core.who import Undeclared, Who
from lastlink_ui.fan_page.access import SignedInFan

Endpoint = Callable[[Request], Awaitable[Response]]


class DeclaredRoute(Route):
    """A route that says who may use it."""

    def __init__(
        self, who: Who, path: str, endpoint: Endpoint, *, methods: Sequence[str] = ("GET",), name: str = ""
    ) -> None:
        """`who`: without their session the endpoint does not run."""
        super().__init__(path, _guarded(who, endpoint), methods=list(methods), name=name or path)
        self.who = who


def route(who: Who, path: str, endpoint: Endpoint, *, methods: Sequence[str] = ("GET",)) -> DeclaredRoute:
    """`endpoint` at `path`, for `who`."""
    return DeclaredRoute(who, path, endpoint, methods=methods)


def creator_of(request: Request) -> SignedInCreator:
    """Who asks, in an endpoint that is for creators."""
    return cast("SignedInCreator", request.state.creator)


def fan_of(request: Request) -> SignedInFan:
    """Who asks, in an endpoint that is for fans."""
    return cast("SignedInFan", request.state.fan)


def require_declared(routes: Sequence[BaseRoute]) -> None:
    """Raises: Undeclared for the routes that do not say who may use them."""
    if silent := [
        getattr(each, "path", repr(each)) for each in routes if not isinstance(each, DeclaredRoute)
    ]:
        raise Undeclared(
            "Say who may use these routes: route(Who.CREATOR, path, endpoint) of lastlink_ui.api.routing "
            f"(Who.ANYONE and Who.FAN are the others): {', '.join(silent)}"
        )


def _guarded(who: Who, endpoint: Endpoint) -> Endpoint:
    if who is Who.ANYONE:
        return endpoint

    async def guarded(request: Request) -> Response:
        if who is Who.FAN:
            fan = await wiring.services().fan_access.session(request.cookies.get(cookies.FAN, ""))
            if fan is None:
                return RedirectResponse("/minha-assinatura", 303, {"cache-control": "no-store"})
            request.state.fan = fan
            return await endpoint(request)
        creator = await wiring.services().accounts.session(request.cookies.get(cookies.SESSION, ""))
        if creator is None:
            return RedirectResponse("/entrar", 303, {"cache-control": "no-store"})
        request.state.creator = creator
        see_only(creator.creator_id)
        return await endpoint(request)

    return guarded
