"""A browser that is signed in already: by the form's own POST, without the page around it."""

import httpx
from playwright.sync_api import BrowserContext

from lastlink_ui.accounts import cookies


def session_of(origin: str, email: str, password: str) -> str:
    """The token of a new session of the creator at `origin`."""
    form = {"email": email, "senha": password}
    answer = httpx.post(f"{origin}/entrar", data=form, headers={"origin": origin}, timeout=30)
    token = answer.cookies.get(cookies.SESSION)
    assert token, f"{email} could not sign in: {answer.headers.get('location')}"
    return token


def sign_in(context: BrowserContext, origin: str, email: str, password: str) -> None:
    """Give `context` a new session of the creator at `origin`."""
    token = session_of(origin, email, password)
    context.add_cookies(
        [
            {
                "name": cookies.SESSION,
                "value": token,
                # A Secure cookie can only be put there for https; on this machine http sends it too.
                "url": origin.replace("http:", "https:", 1),
                "secure": True,
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )
