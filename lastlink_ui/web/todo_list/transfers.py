"""What the creator owes by transfer on `/lista`: boletos whose buyers withdrew within seven days."""

from dataclasses import dataclass
from datetime import datetime

import reflex as rx

from lastlink_ui.billing.withdrawals import Transfer
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.ids import CreatorId, WithdrawalId
from lastlink_ui.core.who import Who
from lastlink_ui.live import creator_channel
from lastlink_ui.text import t
from lastlink_ui.text.formats import day, days_left, money, profile
from lastlink_ui.text.initials import initials
from lastlink_ui.web.components import (
    Tone,
    actions_cell,
    badge,
    button,
    cell,
    copy_button,
    dialog,
    dialog_actions,
    header_cell,
    person_cell,
    row,
    table,
)
from lastlink_ui.web.components.badges import tone_of
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.typed import id_of, text_of
from lastlink_ui.wiring import services


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One transfer, in words."""

    id: str = ""
    name: str = ""
    handle: str = ""
    initials: str = ""
    tone: str = ""
    plan: str = ""
    amount: str = ""
    account: str = ""
    protocol: str = ""
    due: str = ""
    state: str = ""
    state_tone: str = ""

    @classmethod
    def of(cls, transfer: Transfer, now: datetime) -> "TransferRow":
        """`transfer` in words, as they are at `now`."""
        is_late = now > transfer.due_at
        return cls(
            id=str(transfer.id),
            name=transfer.name,
            handle=profile(transfer.handle),
            initials=initials(transfer.name),
            tone=tone_of(transfer.name),
            plan=transfer.plan,
            amount=money(transfer.amount),
            account=transfer.account,
            protocol=transfer.protocol,
            due=t("lista.transfers.until", day=day(transfer.due_at)),
            state=t("lista.transfers.late") if is_late else days_left(transfer.due_at, now),
            state_tone=Tone.RED if is_late else Tone.AMBER,
        )


class TransfersState(SignedIn, rx.State):
    """The transfers that are still to be made, the most urgent first."""

    transfers: list[TransferRow] = []
    open: bool = False
    asked: TransferRow = TransferRow()

    @event(Who.CREATOR)
    async def load(self) -> None:
        """Show them."""
        self.open = False
        await self._look((await self._creator()).creator_id)

    @event(Who.CREATOR, background=True)
    async def follow(self) -> None:
        """Show what changes, for as long as the page is open."""
        creator = (await self._creator()).creator_id
        async with services().feed.follow(creator_channel(creator)) as changes:
            async for change in changes:
                if change.list_tasks:
                    async with self:
                        await self._look((await self._creator()).creator_id)

    @event(Who.CREATOR)
    async def ask(self, transfer: str) -> None:
        """Open the dialog about a transfer."""
        await self._creator()
        found = next((each for each in self.transfers if each.id == text_of(transfer)), None)
        if found:
            self.asked, self.open = found, True

    @event(Who.CREATOR)
    async def dismiss(self) -> None:
        """Close the dialog."""
        await self._creator()
        self.open = False

    @event(Who.CREATOR)
    async def done(self) -> None:
        """Take the transfer that the dialog is about as made."""
        creator = (await self._creator()).creator_id
        if self.open:
            self.open = False
            actor = Actor(ActorKind.CREATOR, str(creator))
            await services().withdrawals.transferred(creator, WithdrawalId(id_of(self.asked.id)), actor)
            await self._look(creator)

    async def _look(self, creator: CreatorId) -> None:
        now = services().clock.now()
        self.transfers = [
            TransferRow.of(each, now) for each in await services().withdrawals.transfers(creator)
        ]


def transfers() -> rx.Component:
    """The section, where there is anything to transfer, and its dialog."""
    return rx.fragment(
        rx.cond(TransfersState.transfers, _section()),
        dialog(
            t("lista.transfers.confirm_title"),
            rx.cond(TransfersState.open, _question()),
            open=TransfersState.open,
            on_dismiss=TransfersState.dismiss,
        ),
    )


def _section() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("lista.transfers.title")),
        rx.el.p(t("lista.transfers.what"), class_name="muted"),
        table(
            t("lista.transfers.title"),
            [
                header_cell(t("lista.column.profile")),
                header_cell(t("lista.transfers.amount")),
                header_cell(t("lista.transfers.account")),
                header_cell(t("lista.transfers.due")),
                header_cell(t("lista.column.actions"), hidden=True),
            ],
            rx.foreach(TransfersState.transfers, _row),
        ),
        class_name="page-section",
    )


def _row(one: rx.vars.ObjectVar[TransferRow]) -> rx.Component:
    return row(
        person_cell(one.initials, one.tone, one.name, one.handle),
        cell(rx.el.strong(one.amount), rx.el.span(one.plan, class_name="muted")),
        cell(
            rx.el.span(one.account, class_name="address"),
            rx.el.span(t("lista.transfers.protocol"), " ", one.protocol, class_name="muted"),
        ),
        cell(badge(one.state, one.state_tone), rx.el.span(one.due, class_name="muted")),
        actions_cell(
            copy_button(one.account, t("lista.transfers.copy"), kind="quiet"),
            button(t("lista.transfers.done"), icon_name="check", on_click=TransfersState.ask(one.id)),
        ),
        key=one.id,
    )


def _question() -> rx.Component:
    asked = TransfersState.asked
    facts = (
        ("lista.column.profile", asked.name),
        ("lista.transfers.amount", asked.amount),
        ("lista.transfers.account", asked.account),
        ("lista.transfers.protocol", asked.protocol),
    )
    return rx.el.form(
        rx.el.p(t("lista.transfers.confirm")),
        rx.el.dl(*(rx.el.div(rx.el.dt(t(key)), rx.el.dd(value)) for key, value in facts), class_name="facts"),
        dialog_actions(
            button(t("lista.transfers.back"), on_click=TransfersState.dismiss),
            button(t("lista.transfers.done"), kind="primary", submit=True),
        ),
        on_submit=TransfersState.done,
    )
