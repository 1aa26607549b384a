"""What makes a page's state a signed-in creator's: the session is looked up on every event."""

from urllib.parse import urlencode

import reflex as rx
from reflex.istate.data import RouterData

from lastlink_ui.accounts import cookies
from lastlink_ui.accounts.sessions import SignedInCreator
from lastlink_ui.core.errors import NotSignedIn
from lastlink_ui.core.owner import see_only
from lastlink_ui.wiring import services

_MAX_WAY_BACK = 1000


class SignInNeeded(NotSignedIn):
    """No session stands behind the event; `address` is the sign-in page, which leads back afterwards."""

    def __init__(self, way_back: str) -> None:
        super().__init__()
        self.address = f"/entrar?{urlencode({'volta': way_back[:_MAX_WAY_BACK]})}"


class SignedIn(rx.State, mixin=True):
    """Mixin: `class PlansState(SignedIn, rx.State)`. Every handler begins with `await self._creator()`.

    The cookie is the one of the socket's handshake, out of JavaScript's reach and out of the state's
    hands. It cannot change while the socket lives: sign-in is a form's POST that loads a new page, and a
    revoked session is found out by asking the database each time.
    """

    async def _creator(self) -> SignedInCreator:
        """Who acts. Raises: SignInNeeded, which the app answers with the sign-in page."""
        return await creator_behind(self.router)


async def creator_behind(router: RouterData) -> SignedInCreator:
    """Who is signed in in the browser that `router` describes. Raises: SignInNeeded."""
    token = cookies.found_in(router.headers.cookie, cookies.SESSION)
    creator = await services().accounts.session(token) if token else None
    if creator is None:
        url = router.url
        raise SignInNeeded(f"{url.path}?{url.query}" if url.query else url.path)
    see_only(creator.creator_id)
    return creator
