"""The address of the signed-in creator's public page, and whether anything is sold there."""

from urllib.parse import urlencode

import reflex as rx

from lastlink_ui.core.who import Who
from lastlink_ui.live import creator_channel
from lastlink_ui.text import plural, t
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.wiring import services


class PageLinkState(SignedIn, rx.State):
    """The link."""

    link: str = ""
    whatsapp: str = ""
    telegram: str = ""
    """Where the link is sent from: the app opens with it written."""
    path: str = ""
    offered: str = ""
    sells: bool = False

    @event(Who.CREATOR)
    async def load(self) -> None:
        """Show the link."""
        await self._look()

    @event(Who.CREATOR, background=True)
    async def follow(self) -> None:
        """Show what changes, for as long as the page is open."""
        creator = (await self._creator()).creator_id
        async with services().feed.follow(creator_channel(creator)) as changes:
            async for change in changes:
                if change.plans:
                    async with self:
                        await self._look()

    async def _look(self) -> None:
        creator = await self._creator()
        page = await services().plans.public(creator.handle)
        count = len(page.plans) if page else 0
        self.path = f"/{creator.handle}"
        self.link = f"{services().settings.public_origin}{self.path}"
        text = t("page_link.share_text", name=page.name if page else creator.handle, link=self.link)
        self.whatsapp = f"https://wa.me/?{urlencode({'text': text})}"
        self.telegram = f"https://t.me/share/url?{urlencode({'url': self.link, 'text': text})}"
        self.sells = count > 0
        self.offered = plural("page_link.offered", count) if count else t("page_link.nothing_offered")
