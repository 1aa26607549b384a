"""`/obrigado/<token>` as it is served: kept out of search engines and of other sites' logs."""

from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lastlink_ui.api.plain_page import plain_page
from lastlink_ui.api.routing import route
from lastlink_ui.api.shells import Page, Shells
from lastlink_ui.billing.checkouts import Checkouts
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.who import Who
from lastlink_ui.text import t

ROUTE = "/obrigado/[checkout_token]"

_MAX_TOKEN = 128
_HEAD = '<meta name="robots" content="noindex"/><meta name="referrer" content="no-referrer"/>'


def thanks_page_route(checkouts: Checkouts) -> Route:
    """The route of the page that fans come back to after paying."""

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

    return route(Who.ANYONE, "/obrigado/{token}", answer)


def _page(shells: Shells) -> Page:
    return shells.dynamic(ROUTE, f"<title>{escape(t('thanks.title'))}</title>{_HEAD}")
