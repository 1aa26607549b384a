"""The own page of the fan who is in: what there is, and what is asked for."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from lastlink_ui.core.errors import InvalidInput, LastlinkError, Refused
from lastlink_ui.core.ids import CreatorId, PlanId, SubscriptionId
from lastlink_ui.core.who import Who
from lastlink_ui.fan_page.access import SignedInFan
from lastlink_ui.live import Change, creator_channel
from lastlink_ui.subscribers.withdrawal import read_account
from lastlink_ui.text import t
from lastlink_ui.web.events import event
from lastlink_ui.web.fan_page.cards import Card
from lastlink_ui.web.signed_in_fan import FanSessionOver, FanSignInNeeded, SignedInAsFan
from lastlink_ui.web.typed import field_of, id_of, text_of
from lastlink_ui.wiring import services

ACCOUNT = "conta"
PLAN = "plano"


class FanPageState(SignedInAsFan, rx.State):
    """One open page. Every id that a browser sends is looked up among what is the fan's own."""

    ready: bool = False
    email: str = ""
    cards: list[Card] = []
    creators: list[Card] = []
    """One card of each creator's."""
    asking: str = ""
    """Which dialog is open: cancel, change, withdraw, account or delete; "" for none."""
    asked: Card = Card()
    """What the dialog is about."""
    account_error: str = ""
    trouble: str = ""
    said: str = ""
    """What came of the last thing that was asked for."""

    @event(Who.FAN)
    async def load(self) -> None:
        """Show everything."""
        fan = await self._fan()
        (await self.get_state(FanSessionOver)).over = False
        self.asking, self.trouble, self.said, self.account_error = "", "", "", ""
        await self._look(fan)

    @event(Who.FAN, background=True)
    async def follow(self) -> None:
        """Show what changes, for as long as the page is open."""
        fan = await self._fan()
        async with _changes({creator for creator, _ in fan.fans}) as changes:
            async with self:  # what happened between the two
                await self._look(await self._fan())
            async for change in changes:
                async with self:
                    if self._touches(change):
                        await self._look(await self._fan())

    @event(Who.FAN)
    async def ask(self, what: str, subscription: str) -> None:
        """Open the dialog about a subscription."""
        await self._fan()
        card = next((each for each in self.cards if each.id == text_of(subscription)), None)
        if card and what in {"cancel", "change", "withdraw", "account", "delete"}:
            self.asking, self.asked = what, card
            self.trouble, self.said, self.account_error = "", "", ""

    @event(Who.FAN)
    async def dismiss(self) -> None:
        """Close the dialog."""
        await self._fan()
        self.asking = ""

    @event(Who.FAN)
    async def cancel(self) -> None:
        """End the subscription that the dialog is about with its paid period."""
        fan = await self._fan()
        if self.asking == "cancel":
            await self._do(services().fan_page.cancel(fan, _id(self.asked)), "fan_page.said.cancel")

    @event(Who.FAN)
    async def undo(self, subscription: str) -> None:
        """Take a cancellation back."""
        fan = await self._fan()
        await self._do(
            services().fan_page.undo_cancel(fan, SubscriptionId(id_of(subscription))),
            "fan_page.said.undo",
        )

    @event(Who.FAN)
    async def change_plan(self, form: dict[str, Any]) -> None:
        """Have the next charge of the subscription that the dialog is about be for the plan chosen there."""
        fan = await self._fan()
        if self.asking != "change":
            return
        if not (chosen := field_of(form, PLAN)):
            self.trouble = t("fan_page.change.choose")
            return
        plan = PlanId(id_of(chosen))
        await self._do(services().fan_page.change_plan(fan, _id(self.asked), plan), "fan_page.said.change")

    @event(Who.FAN)
    async def withdraw(self, form: dict[str, Any]) -> EventSpec | None:
        """Withdraw from the purchase that the dialog is about, or say where its money goes."""
        fan = await self._fan()
        if self.asking not in {"withdraw", "account"}:
            return None
        account, asked = field_of(form, ACCOUNT), self.asking
        try:
            if asked == "account":
                read_account(account)
            await services().fan_page.withdraw(fan, _id(self.asked), account)
        except InvalidInput as invalid:
            self.account_error = t(invalid.message_key, **invalid.params)
            return rx.set_focus(ACCOUNT)
        except Refused as refused:
            self.trouble = t(refused.message_key, **refused.params)
            await self._look(fan)
            return None
        self.asking, self.said = "", t(f"fan_page.said.{asked}")
        await self._look(fan)
        return None

    @event(Who.FAN)
    async def delete(self) -> None:
        """Have the creator that the dialog is about forget the fan."""
        fan = await self._fan()
        if self.asking == "delete":
            creator = CreatorId(id_of(self.asked.creator_id))
            await self._do(services().fan_page.delete(fan, creator), "fan_page.said.delete")

    async def _do(self, work: Any, result: str) -> None:
        """Wait for the work, and say what came of it."""
        self.trouble = ""
        try:
            await work
        except LastlinkError as refused:
            self.trouble = t(refused.message_key, **refused.params)
        else:
            self.asking, self.said = "", t(result)
        try:
            await self._look(await self._fan())
        except FanSignInNeeded:  # whoever is forgotten has no session any more
            self.cards, self.creators, self.email = [], [], ""
            (await self.get_state(FanSessionOver)).over = True

    async def _look(self, fan: SignedInFan) -> None:
        self.email, refused = fan.email, {each.id for each in self.cards if each.refused}
        self.cards = [Card.of(each) for each in await services().fan_page.holdings(fan)]
        if any(each.refused and each.id not in refused for each in self.cards):
            self.said = ""  # it spoke of something that is not going to happen
        self.creators = list({each.creator_id: each for each in reversed(self.cards)}.values())
        self.asked = next((each for each in self.cards if each.id == self.asked.id), self.asked)
        self.ready = True

    def _touches(self, change: Change) -> bool:
        """Whether the change is about what is shown, or may be about a new subscription of the fan's."""
        if change.missed or change.plans or change.new:
            return True
        mine = {each.id for each in self.cards}
        return any(str(each) in mine for each in change.subscriptions)


def _id(card: Card) -> SubscriptionId:
    return SubscriptionId(id_of(card.id))


@asynccontextmanager
async def _changes(creators: Iterable[CreatorId]) -> AsyncGenerator[AsyncGenerator[Change]]:
    """The changes of all these creators, in one line."""
    queue: asyncio.Queue[Change] = asyncio.Queue(maxsize=1000)

    async def listen(changes: Any) -> None:
        async for change in changes:
            await queue.put(change)

    async def line() -> AsyncGenerator[Change]:
        while True:
            change = await queue.get()
            while not queue.empty():
                change = change | queue.get_nowait()
            yield change

    async with AsyncExitStack() as stack:
        followed = [
            await stack.enter_async_context(services().feed.follow(creator_channel(each)))
            for each in creators
        ]
        tasks = [asyncio.create_task(listen(changes)) for changes in followed]
        stack.callback(lambda: [task.cancel() for task in tasks])
        yield line()
