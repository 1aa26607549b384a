"""The way into `/minha-assinatura` and out of it: forms without script, and the page behind them."""

from collections.abc import Collection, Sequence

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastlink_ui.accounts import cookies
from lastlink_ui.api.forms import read_form, require_own_page
from lastlink_ui.api.plain_page import FormField, Submit, WayOn, form_page, plain_page
from lastlink_ui.api.routing import DeclaredRoute, route
from lastlink_ui.api.shells import Page, Shells
from lastlink_ui.core.errors import InvalidInput, LastlinkError
from lastlink_ui.core.who import Who
from lastlink_ui.fan_page.access import SESSION_LIFE, FanAccess, FanLinkUnusable, TooManyLinks
from lastlink_ui.text import t

PAGE = "/minha-assinatura"
_MAX_FORM = 4 * 1024
_MAX_EMAIL = 254
_UNPROCESSABLE, _TOO_MANY = 422, 429


def fan_door_routes(access: FanAccess, origins: Collection[str]) -> Sequence[DeclaredRoute]:
    """Asking for a link, using it, leaving; the page itself for whoever is in."""
    doors = _Doors(access, origins)
    return (
        route(Who.ANYONE, PAGE, doors.page),
        route(Who.ANYONE, PAGE, doors.ask, methods=["POST"]),
        route(Who.ANYONE, f"{PAGE}/entrar/{{token}}", doors.show_link),
        route(Who.ANYONE, f"{PAGE}/entrar/{{token}}", doors.enter, methods=["POST"]),
        route(Who.ANYONE, f"{PAGE}/sair", doors.leave, methods=["POST"]),
    )


class _Doors:
    """The endpoints."""

    def __init__(self, access: FanAccess, origins: Collection[str]) -> None:
        self._access = access
        self._origins = origins
        self._shell: Page | None = None

    async def page(self, request: Request) -> Response:
        """The page for whoever is in, the form for everybody else: at one address."""
        if await self._access.session(request.cookies.get(cookies.FAN, "")) is None:
            return _private(_asking())
        if self._shell is None:
            shells: Shells = request.app.state.shells
            self._shell = shells.fixed(PAGE)
        return _private(self._shell.response(request))

    async def ask(self, request: Request) -> Response:
        """Have a link sent; the answer is the same for addresses that nobody knows."""
        require_own_page(request, self._origins)
        typed = (await read_form(request, max_bytes=_MAX_FORM)).get("email", "")
        try:
            email = self._access.asked(typed, request.client.host if request.client else "")
        except TooManyLinks as refused:
            return _private(_asking(typed, refused, _TOO_MANY))
        except InvalidInput as refused:
            return _private(_asking(typed, refused, _UNPROCESSABLE))
        way_on = WayOn(PAGE, t("fan_sign_in.again"))
        response = plain_page(200, t("fan_sign_in.sent"), t("fan_sign_in.sent_sentence"), way_on)
        # After the answer: neither its words nor its time tell whether the address is known.
        response.background = BackgroundTask(self._access.send_link, email)
        return _private(response)

    async def show_link(self, request: Request) -> Response:
        """The button that uses the link."""
        if not await self._access.is_usable(_token(request)):
            return _private(_unusable())
        heading, sentence = t("fan_sign_in.enter"), t("fan_sign_in.enter_sentence")
        return _private(form_page(200, heading, sentence, [], [Submit(t("fan_sign_in.submit"))]))

    async def enter(self, request: Request) -> Response:
        """Use the link, and go in."""
        require_own_page(request, self._origins)
        try:
            token = await self._access.enter(_token(request))
        except FanLinkUnusable:
            return _private(_unusable())
        # The browser's earlier session, if any, ends here: nobody goes on in it unnoticed.
        await self._access.sign_out(request.cookies.get(cookies.FAN, ""))
        return _with_cookie(RedirectResponse(PAGE, 303), token, int(SESSION_LIFE.total_seconds()))

    async def leave(self, request: Request) -> Response:
        """End the session of this browser."""
        require_own_page(request, self._origins)
        await self._access.sign_out(request.cookies.get(cookies.FAN, ""))
        return _with_cookie(RedirectResponse(PAGE, 303), "", 0)


def _asking(typed: str = "", refused: LastlinkError | None = None, status: int = 200) -> Response:
    problem = t(refused.message_key) if refused else ""
    field = FormField(
        "email", t("fan_sign_in.email"), "email", "email", _MAX_EMAIL, typed[:_MAX_EMAIL], problem
    )
    return form_page(
        status, t("fan_sign_in.heading"), t("fan_sign_in.sentence"), [field], [Submit(t("fan_sign_in.ask"))]
    )


def _unusable() -> Response:
    sentence = t("fan_sign_in.unusable")
    return plain_page(404, t("unusable_link.heading"), sentence, WayOn(PAGE, t("fan_sign_in.ask_again")))


def _with_cookie(response: Response, token: str, seconds: int) -> Response:
    response.set_cookie(
        cookies.FAN, token, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax"
    )
    return _private(response)


def _private(response: Response) -> Response:
    """An address may hold a token, and what follows from it is one person's."""
    # "no-referrer" would keep the forms' own Origin back too, and they would be refused.
    response.headers["referrer-policy"] = "same-origin"
    response.headers["x-robots-tag"] = "noindex"
    response.headers["cache-control"] = "no-store"
    return response


def _token(request: Request) -> str:
    return str(request.path_params["token"])
