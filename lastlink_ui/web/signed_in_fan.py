"""What makes a page's state a fan's: the session is looked up on every event, as a creator's is."""

import reflex as rx
from reflex.istate.data import RouterData

from lastlink_ui.accounts import cookies
from lastlink_ui.core.errors import NotSignedIn
from lastlink_ui.core.who import Who
from lastlink_ui.fan_page.access import SignedInFan
from lastlink_ui.web.events import event
from lastlink_ui.wiring import services


class FanSignInNeeded(NotSignedIn):
    """No fan's session stands behind the event."""


class FanSessionOver(rx.State):
    """Whether the page has outlived its session: then it shows nothing but the way to a new one."""

    over: bool = False

    @event(Who.ANYONE)
    def show(self) -> None:
        """Say so, instead of what the page held."""
        self.over = True


class SignedInAsFan(rx.State, mixin=True):
    """Mixin: every handler of a fan's begins with `await self._fan()`."""

    async def _fan(self) -> SignedInFan:
        """Who acts. Raises: FanSignInNeeded, which the page answers with the way to a new session."""
        return await fan_behind(self.router)


async def fan_behind(router: RouterData) -> SignedInFan:
    """Who is in, in the browser that `router` describes. Raises: FanSignInNeeded."""
    token = cookies.found_in(router.headers.cookie, cookies.FAN)
    fan = await services().fan_access.session(token) if token else None
    if fan is None:
        raise FanSignInNeeded
    return fan
