"""What a creator does with one row: asked in a dialog where it is money or removal, then requested."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

import reflex as rx

from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.errors import LastlinkError, NotFound
from lastlink_ui.core.ids import CreatorId, SubscriptionId
from lastlink_ui.core.who import Who
from lastlink_ui.subscribers.rows import Row
from lastlink_ui.text import t
from lastlink_ui.text.formats import day, money, profile
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.subscribers.rows import Busy, payment_line
from lastlink_ui.web.typed import field_of, id_of
from lastlink_ui.wiring import services

_NOW = "now"


@dataclass(frozen=True, slots=True)
class Question:
    """What a dialog states before something is done."""

    id: str = ""
    name: str = ""
    handle: str = ""
    plan: str = ""
    amount: str = ""
    last_payment: str = ""
    at_period_end: str = ""
    """The words for waiting until the period's end; "" where it is cancelled for then already."""
    can_cancel: bool = False

    @classmethod
    def about(cls, row: Row) -> "Question":
        """What is asked about `row`."""
        now = services().clock.now()
        actions = row.actions(now)
        ends = row.access_until if row.access_until and row.access_until > now else None
        waits = (
            t("subscribers.dialog.cancel.at_period_end_on", day=day(ends))
            if ends
            else t("subscribers.dialog.cancel.at_period_end")
        )
        paid = row.last_paid
        return cls(
            id=str(row.subscription_id),
            name=row.name,
            handle=profile(row.handle),
            plan=row.plan_name,
            amount=f"{money(row.amount)} {t(f'period_price.{row.period}')}",
            last_payment=f"{money(paid.amount)} · {payment_line(paid, now)}" if paid else "",
            at_period_end="" if actions.cancel else waits,
            can_cancel=actions.cancel is None,
        )


class RowActions(SignedIn, rx.State, mixin=True):
    """The dialog that is open, and the requests that come out of it."""

    said: str = ""
    """The last result, told to screen readers."""
    problem: str = ""
    """Why the last request was refused."""

    asking: str = Busy.NOTHING
    """Which action the open dialog is about."""
    question: Question = Question()

    @event(Who.CREATOR)
    async def ask_remove(self, subscription_id: str) -> None:
        """Open the dialog of "Remover da lista"."""
        await self._ask(Busy.REMOVE, subscription_id)

    @event(Who.CREATOR)
    async def ask_refund(self, subscription_id: str) -> None:
        """Open the dialog of "Reembolsar assinatura"."""
        await self._ask(Busy.REFUND, subscription_id)

    @event(Who.CREATOR)
    async def ask_cancel(self, subscription_id: str) -> None:
        """Open the dialog of "Cancelar assinatura"."""
        await self._ask(Busy.CANCEL, subscription_id)

    @event(Who.CREATOR)
    async def ask_undo_cancel(self, subscription_id: str) -> None:
        """Open the dialog of "Desfazer cancelamento"."""
        await self._ask(Busy.UNDO_CANCEL, subscription_id)

    @event(Who.CREATOR)
    async def dismiss(self) -> None:
        """Put the dialog away; nothing is done."""
        await self._creator()
        self.asking = Busy.NOTHING

    @event(Who.CREATOR)
    async def remove(self, form: dict[str, object]) -> AsyncGenerator[None]:
        """Take the fan out of the list, and cancel too where that was ticked."""
        creator = (await self._creator()).creator_id
        subscription = self._asked(form)
        also_cancel = bool(field_of(form, "also_cancel"))
        said = "removed_and_canceled" if also_cancel else "removed"

        async def do(actor: Actor) -> None:
            await services().billing.remove(creator, subscription, actor, also_cancel=also_cancel)

        async for _ in self._do(creator, subscription, Busy.REMOVE, said, do):
            yield

    @event(Who.CREATOR)
    async def refund(self, form: dict[str, object]) -> AsyncGenerator[None]:
        """Ask for the last payment to be returned."""
        creator = (await self._creator()).creator_id
        subscription = self._asked(form)

        async def do(actor: Actor) -> None:
            await services().billing.refund(creator, subscription, actor)

        async for _ in self._do(creator, subscription, Busy.REFUND, "refund_requested", do):
            yield

    @event(Who.CREATOR)
    async def cancel(self, form: dict[str, object]) -> AsyncGenerator[None]:
        """Ask for the subscription to end with its period, or at once."""
        creator = (await self._creator()).creator_id
        subscription = self._asked(form)
        at_once = field_of(form, "when") == _NOW

        async def do(actor: Actor) -> None:
            await services().billing.cancel(creator, subscription, actor, at_once=at_once)

        async for _ in self._do(creator, subscription, Busy.CANCEL, "cancel_requested", do):
            yield

    @event(Who.CREATOR)
    async def undo_cancel(self, form: dict[str, object]) -> AsyncGenerator[None]:
        """Ask for the subscription to renew again."""
        creator = (await self._creator()).creator_id
        subscription = self._asked(form)

        async def do(actor: Actor) -> None:
            await services().billing.undo_cancel(creator, subscription, actor)

        async for _ in self._do(creator, subscription, Busy.UNDO_CANCEL, "undo_requested", do):
            yield

    @event(Who.CREATOR)
    async def readd(self, subscription_id: str) -> AsyncGenerator[None]:
        """Put the fan back into the list."""
        creator = (await self._creator()).creator_id
        subscription = SubscriptionId(id_of(subscription_id))

        async def do(actor: Actor) -> None:
            await services().billing.readd(creator, subscription, actor)

        async for _ in self._do(creator, subscription, Busy.READD, "readded", do):
            yield

    async def _show_row(self, creator: CreatorId, subscription: SubscriptionId, busy: Busy) -> None:
        """Show one row of the page as it now is, with what is about to be asked for."""
        raise NotImplementedError

    def _asked(self, form: object) -> SubscriptionId:
        return SubscriptionId(id_of(field_of(form, "subscription")))

    async def _ask(self, action: Busy, subscription_id: str) -> None:
        creator = (await self._creator()).creator_id
        row = await services().subscribers.row(creator, SubscriptionId(id_of(subscription_id)))
        self.question, self.asking = Question.about(row), action

    async def _do(
        self,
        creator: CreatorId,
        subscription: SubscriptionId,
        busy: Busy,
        said: str,
        do: Callable[[Actor], Awaitable[None]],
    ) -> AsyncGenerator[None]:
        """Show "em andamento" at once, do it, show what the row is then and say how it went."""
        self.asking = Busy.NOTHING
        self.problem = ""
        row = await services().subscribers.row(creator, subscription)
        await self._show_row(creator, subscription, busy)
        yield
        try:
            await do(Actor(ActorKind.CREATOR, str(creator)))
        except NotFound:
            raise
        except LastlinkError as refused:
            self.problem = t(refused.message_key, **refused.params)
        else:
            self.said = t(f"subscribers.said.{said}", name=row.name)
        await self._show_row(creator, subscription, Busy.NOTHING)
