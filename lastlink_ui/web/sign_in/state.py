"""What the sign-in page remembers of the attempt before."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import unquote

import reflex as rx

from lastlink_ui.accounts import cookies
from lastlink_ui.core.who import Who
from lastlink_ui.text import t
from lastlink_ui.web.events import event

_REASONS = {
    "credenciais": "sign_in.refused",
    "limite": "sign_in.too_many",
    "etapa": "sign_in.second_step_over",
}
_MAX_EMAIL = 254
_MAX_WAY_BACK = 1000


class SignInState(rx.State):
    """Why the last attempt failed, what was typed then, and where to go afterwards."""

    reason: str = ""
    email: str = ""
    way_back: str = ""

    @event(Who.ANYONE)
    def load(self) -> None:
        """Read address and cookie. The form's route decides which way back is ours; here it is only text."""
        query = self.router.url.query_parameters
        self.reason = t(key) if (key := _REASONS.get(query.get("erro", ""))) else ""
        self.way_back = query.get("volta", "")[:_MAX_WAY_BACK]
        self.email = _typed_email(self.router.headers.cookie) if self.reason else ""


def _typed_email(cookie_header: str) -> str:
    try:
        found = SimpleCookie(cookie_header).get(cookies.TYPED_EMAIL)
    except CookieError:
        return ""
    return unquote(found.value)[:_MAX_EMAIL] if found else ""
