"""Which browsers are sent elsewhere before a page begins: those it would only send away itself."""

from urllib.parse import urlencode

from starlette.requests import Request

from lastlink_ui.accounts import cookies
from lastlink_ui.core.routes import DASHBOARD

_HOME = "/assinantes"


def elsewhere(request: Request) -> str | None:
    """The address to go to instead of this page, or None.

    It saves a detour and guards nothing: only the presence of the cookie is looked at. Whether a session
    stands behind it is asked by every event of the page (`web.signed_in`).
    """
    has_cookie = bool(request.cookies.get(cookies.SESSION))
    path = request.url.path
    if path == "/" and has_cookie:
        return _HOME
    if path.strip("/") in DASHBOARD and not has_cookie:
        way_back = f"{path}?{request.url.query}" if request.url.query else path
        return f"/entrar?{urlencode({'volta': way_back})}"
    return None
