"""Signing in and out: two forms, posted over HTTP since only an answer can set an HttpOnly cookie."""

import re
from collections.abc import Collection, Sequence
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lastlink_ui.accounts import cookies
from lastlink_ui.accounts.links import LIFETIME
from lastlink_ui.accounts.models import LinkPurpose
from lastlink_ui.accounts.service import Accounts, SecondStepNeeded, SignInRefused, TooManyAttempts
from lastlink_ui.accounts.sessions import ABSOLUTE_LIMIT
from lastlink_ui.api.forms import read_form, require_own_page
from lastlink_ui.api.routing import route
from lastlink_ui.core.routes import DASHBOARD
from lastlink_ui.core.who import Who

HOME = "/assinantes"
_MAX_FORM = 8 * 1024
_MAX_EMAIL = 254
_MAX_QUERY = 10
_EMAIL_KEPT_SECONDS = 60
_SECOND_STEP_SECONDS = int(LIFETIME[LinkPurpose.SIGN_IN].total_seconds())
CODE_PAGE = "/entrar/codigo"
# One segment of ours, then only what a query of ours is made of: nothing that a browser could take for
# another host, and nothing that could end a header.
_OWN_PATH = re.compile(r"/(?P<page>[a-z]+)(?:\?[\w\-.~%&=+@,:]{0,1000})?", re.ASCII)


def session_routes(accounts: Accounts, origins: Collection[str]) -> Sequence[Route]:
    """`POST /entrar` and `POST /sair`, for forms of pages at `origins`."""

    async def sign_in(request: Request) -> Response:
        require_own_page(request, origins)
        form = await read_form(request, max_bytes=_MAX_FORM)
        email, back = form.get("email", ""), own_path(form.get("volta", "") or _asked_for(request))
        try:
            token = await accounts.sign_in(
                email,
                form.get("senha", ""),
                request.headers.get("user-agent", ""),
                address=request.client.host if request.client else "",
            )
        except SecondStepNeeded as needed:
            response: Response = RedirectResponse(code_page(back), 303)
            set_cookie(response, cookies.SIGN_IN, needed.ticket, _SECOND_STEP_SECONDS)
            return response
        except SignInRefused:
            return _try_again("credenciais", email, back)
        except TooManyAttempts:
            return _try_again("limite", email, back)
        return await begin_session(accounts, request, token, back)

    async def sign_out(request: Request) -> Response:
        require_own_page(request, origins)
        await accounts.sign_out(request.cookies.get(cookies.SESSION, ""))
        response = RedirectResponse("/entrar", 303)
        set_cookie(response, cookies.SESSION, "", 0)
        return response

    return (
        route(Who.ANYONE, "/entrar", sign_in, methods=["POST"]),
        route(Who.ANYONE, "/sair", sign_out, methods=["POST"]),
    )


async def begin_session(accounts: Accounts, request: Request, token: str, back: str | None) -> Response:
    """Hand the token of a new session to the browser and go on to `back`.

    The browser's earlier session, if any, ends here: nobody goes on in it unnoticed.
    """
    await accounts.sign_out(request.cookies.get(cookies.SESSION, ""))
    response = RedirectResponse(back or HOME, 303)
    set_cookie(response, cookies.SESSION, token, int(ABSOLUTE_LIMIT.total_seconds()))
    for name in (cookies.TYPED_EMAIL, cookies.SIGN_IN):
        set_cookie(response, name, "", 0)
    return response


def own_path(text: str) -> str | None:
    """`text` when it is the path, with or without a query, of a page that a signed-in creator has."""
    match = _OWN_PATH.fullmatch(text)
    return text if match and match["page"] in DASHBOARD and not urlsplit(text).netloc else None


def code_page(back: str | None) -> str:
    """Where the code of the second step is asked for; afterwards it goes on to `back`."""
    return f"{CODE_PAGE}?{urlencode({'volta': back})}" if back else CODE_PAGE


def _asked_for(request: Request) -> str:
    """The way back that the form's own address names: it may be sent before the page has come to life."""
    try:
        query = urlsplit(request.headers.get("referer", "")).query
        return dict(parse_qsl(query, max_num_fields=_MAX_QUERY)).get("volta", "")
    except ValueError:
        return ""


def _try_again(reason: str, email: str, back: str | None) -> Response:
    """Back to the form. What was typed goes into a cookie of a minute: addresses end up in logs."""
    query = {"erro": reason} | ({"volta": back} if back else {})
    response = RedirectResponse(f"/entrar?{urlencode(query)}", 303)
    set_cookie(response, cookies.TYPED_EMAIL, quote(email[:_MAX_EMAIL]), _EMAIL_KEPT_SECONDS)
    return response


def set_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    """A cookie that scripts do not see, and an answer that nobody keeps; 0 seconds: take it away."""
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")
    response.headers["cache-control"] = "no-store"
