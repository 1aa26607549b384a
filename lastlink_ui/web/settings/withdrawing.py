"""What fans may withdraw from: the first charge as the law says, and renewals where the creator says so."""

import reflex as rx

from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.who import Who
from lastlink_ui.text import t
from lastlink_ui.web.components import notice, switch
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.wiring import services


class WithdrawingState(SignedIn, rx.State):
    """The card "Desistência da compra"."""

    ready: bool = False
    renewals: bool = False
    result: str = ""

    @event(Who.CREATOR)
    async def load(self) -> None:
        """Show what counts."""
        creator = await self._creator()
        self.result = ""
        self.renewals = await services().withdrawal_terms.covers_renewals(creator.creator_id)
        self.ready = True

    @event(Who.CREATOR)
    async def cover_renewals(self, on: bool) -> None:  # noqa: FBT001 - what a switch sends
        """Let fans withdraw from renewals too, or no longer."""
        creator = await self._creator()
        actor = Actor(ActorKind.CREATOR, str(creator.creator_id))
        self.renewals = on is True
        await services().withdrawal_terms.cover_renewals(creator.creator_id, actor, on=self.renewals)
        self.result = t("withdrawing.now_on" if self.renewals else "withdrawing.now_off")


def withdrawing_card() -> rx.Component:
    """The switch, with what it means."""
    return rx.el.section(
        rx.el.h2(t("withdrawing.title"), id="desistencia"),
        rx.el.p(t("withdrawing.what"), class_name="muted"),
        notice(WithdrawingState.result, kind="good"),
        rx.cond(
            WithdrawingState.ready,
            rx.el.div(
                switch(
                    t("withdrawing.renewals"),
                    t("withdrawing.renewals_what"),
                    "desistencia-renovacoes",
                    checked=WithdrawingState.renewals,
                    on_change=lambda on: WithdrawingState.cover_renewals(on.to(bool)),
                ),
                class_name="switches",
            ),
        ),
        aria_labelledby="desistencia",
        class_name="card page-card",
    )
