"""What the frame shows on every page of the dashboard."""

import reflex as rx

from lastlink_ui.web.components.badges import initials
from lastlink_ui.web.signed_in import SignedIn


class FrameState(SignedIn, rx.State):
    """Who is signed in, and the counts in the navigation.

    The counts are words ready for the screen, "" for none. A page's state that learns a new one sets it
    with `(await self.get_state(FrameState)).list_tasks = …`.
    """

    name: str = ""
    handle: str = ""
    initials: str = ""
    subscribers: str = ""
    list_tasks: str = ""

    @rx.event
    async def load(self) -> None:
        """Fill the frame; every page of the dashboard has it first in its `on_load`."""
        creator = await self._creator()
        self.name, self.handle, self.initials = creator.name, creator.handle, initials(creator.name)
