"""What the return page shows while a payment goes its way."""

import asyncio

import reflex as rx
import structlog

from lastlink_ui.billing.gateway import ProviderError
from lastlink_ui.billing.sync import StillMoving
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.who import Who
from lastlink_ui.db import UnitOfWork
from lastlink_ui.live import checkout_channel
from lastlink_ui.web.events import event
from lastlink_ui.web.public.state import PublicPageState
from lastlink_ui.web.thanks.receipt import Receipt
from lastlink_ui.wiring import services

log = structlog.get_logger()

_MAX_TOKEN = 128


class ThanksState(rx.State):
    """One open return page. The token in the address is looked up anew each time."""

    ready: bool = False
    receipt: Receipt = Receipt.unknown()

    @event(Who.ANYONE, background=True)
    async def follow(self) -> None:
        """Show how far the payment came, and each change of it while the page is open."""
        async with self:
            token = self.router.url.path.rpartition("/")[2]
        if len(token) > _MAX_TOKEN:
            token = ""
        try:
            confirmation = await services().checkouts.confirmation(token)
        except NotFound:
            async with self:
                self.receipt, self.ready = Receipt.unknown(), True
            return
        async with services().feed.follow(checkout_channel(confirmation.checkout_id)) as changes:
            await self._show(token)
            async with self:
                is_waiting = self.receipt.stage in {"waiting", "boleto"}
            # The fan may be here before the news of the payment; the page does not wait for the answer.
            asking = (
                asyncio.create_task(_ask_provider(confirmation.creator_id, token)) if is_waiting else None
            )
            try:
                async for _ in changes:
                    await self._show(token)
            finally:
                if asking:
                    asking.cancel()

    async def _show(self, token: str) -> None:
        try:
            receipt = Receipt.of(await services().checkouts.confirmation(token))
        except NotFound:  # it expired while the page was open
            receipt = Receipt.unknown()
        async with self:
            self.receipt, self.ready = receipt, True
            if receipt.stage == "confirmed":
                # What was typed has served: the next person at this browser need not read it.
                form = await self.get_state(PublicPageState)
                form.typed = ""


async def _ask_provider(creator: CreatorId, token: str) -> None:
    """Apply the subscription as the provider has it now; whoever follows the checkout hears of it."""
    try:
        provider_id = await services().checkouts.provider_subscription(token)
        if provider_id:
            await services().synchroniser.sync(creator, provider_id, also_do=_nothing_else)
    except (ProviderError, StillMoving) as error:
        # The news come by themselves sooner or later: this was a short cut.
        log.info("return_page_asked_in_vain", reason=type(error).__name__)


async def _nothing_else(_uow: UnitOfWork) -> None:
    pass
