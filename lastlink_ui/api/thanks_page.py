"""`/obrigado/<token>` as it is served: kept out of search engines and of other sites' logs."""

import re
from collections.abc import Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lastlink_ui.accounts import cookies
from lastlink_ui.api.plain_page import plain_page
from lastlink_ui.api.routing import route
from lastlink_ui.api.shells import Page, Shells
from lastlink_ui.billing.checkouts import TOKEN_LIFE, Checkouts
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.who import Who
from lastlink_ui.text import t

ROUTE = "/obrigado/[checkout_token]"

_MAX_TOKEN = 128
_TOKEN = re.compile(r"[0-9a-f]{64}")
_HEAD = '<meta name="robots" content="noindex"/><meta name="referrer" content="no-referrer"/>'


def thanks_page_routes(checkouts: Checkouts) -> Sequence[Route]:
    """The page that fans come back to after paying, the way there from the form, and the way back."""

    async def answer(request: Request) -> Response:
        token: str = request.path_params["token"]
        try:
            await checkouts.confirmation(token if len(token) <= _MAX_TOKEN else "")
        except NotFound:
            response = plain_page(404, t("thanks.unknown.heading"), t("thanks.unknown.sentence"))
        else:
            response = _page(request.app.state.shells).response(request)
        response.headers["referrer-policy"] = "no-referrer"
        response.headers["x-robots-tag"] = "noindex"
        response.headers["cache-control"] = "no-store"
        return response

    async def to_payment_page(request: Request) -> Response:
        """On to the provider, with a cookie that leads this browser back: a boleto's payer ends there."""
        token: str = request.path_params["token"]
        try:
            url = await checkouts.payment_page(token if len(token) <= _MAX_TOKEN else "")
        except NotFound:
            return plain_page(404, t("thanks.unknown.heading"), t("thanks.unknown.sentence"))
        response = RedirectResponse(url, 303, {"referrer-policy": "no-referrer", "cache-control": "no-store"})
        response.set_cookie(
            cookies.CHECKOUT,
            token,
            max_age=int(TOKEN_LIFE.total_seconds()),
            path="/",
            secure=True,
            httponly=True,
            samesite="lax",
        )
        return response

    async def back(request: Request) -> Response:
        """To the return page of the browser's last checkout."""
        token = request.cookies.get(cookies.CHECKOUT, "")
        if not _TOKEN.fullmatch(token):
            return plain_page(404, t("thanks.unknown.heading"), t("thanks.unknown.sentence"))
        return RedirectResponse(f"/obrigado/{token}", 303, {"cache-control": "no-store"})

    return (
        route(Who.ANYONE, "/obrigado", back),
        route(Who.ANYONE, "/obrigado/{token}", answer),
        route(Who.ANYONE, "/obrigado/{token}/pagar", to_payment_page),
    )


def _page(shells: Shells) -> Page:
    return shells.dynamic(ROUTE, f"<title>{escape(t('thanks.title'))}</title>{_HEAD}")
