"""What the frame shows on every page of the dashboard."""

import reflex as rx

from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.who import Who
from lastlink_ui.live import creator_channel
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.text import t
from lastlink_ui.text.formats import number
from lastlink_ui.web.components.badges import initials
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.wiring import services


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
    confirmation: str = ""
    """What is to be done about the account's e-mail; "" once it is confirmed."""

    @event(Who.CREATOR)
    async def load(self) -> None:
        """Fill the frame; every page of the dashboard has it first in its `on_load`."""
        creator = await self._creator()
        self.name, self.handle, self.initials = creator.name, creator.handle, initials(creator.name)
        needed = t("email_confirmation.needed", email=creator.email)
        self.confirmation = "" if creator.email_confirmed else needed
        await self._count_subscribers(creator.creator_id)
        await self._count_tasks(creator.creator_id)

    @event(Who.CREATOR)
    async def ask_to_confirm(self) -> None:
        """Have the link sent again that confirms the account's e-mail."""
        creator = await self._creator()
        await services().email_change.ask_to_confirm(creator.creator_id)
        self.confirmation = t("email_confirmation.sent", email=creator.email)

    @event(Who.CREATOR, background=True)
    async def follow(self) -> None:
        """Keep the counts right; for pages that do not follow the creator's changes themselves."""
        creator = (await self._creator()).creator_id
        async with services().feed.follow(creator_channel(creator)) as changes:
            async for change in changes:
                async with self:
                    # Asked each time: a revoked session must not go on looking.
                    creator = (await self._creator()).creator_id
                    if change.subscriptions or change.missed:
                        await self._count_subscribers(creator)
                    if change.list_tasks:
                        await self._count_tasks(creator)

    async def _count_subscribers(self, creator: CreatorId) -> None:
        self.subscribers = number(await services().subscribers.total(creator, Filters()))

    async def _count_tasks(self, creator: CreatorId) -> None:
        open_tasks = await services().lists.count(creator)
        self.list_tasks = number(open_tasks) if open_tasks else ""
