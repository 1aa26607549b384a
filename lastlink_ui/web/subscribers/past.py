"""The drawer's question whether the fan was in the list on a day gone by."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import reflex as rx

from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.ids import SubscriptionId
from lastlink_ui.core.who import Who
from lastlink_ui.subscribers.past import DayInList
from lastlink_ui.text import t
from lastlink_ui.text.formats import day as written
from lastlink_ui.text.formats import day_and_time
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.typed import day_of, id_of
from lastlink_ui.wiring import services

_FIELD = "tinha_acesso_em"


class PastState(SignedIn, rx.State):
    """The last question and its answer."""

    asked: str = ""
    """Of which subscription it was asked: the answer is for no other's drawer."""
    answer: str = ""

    @event(Who.CREATOR, supersedes=True)
    async def ask(self, subscription_id: str, day: str) -> None:
        """Look up one day of one fan; a day still being typed asks nothing."""
        creator = (await self._creator()).creator_id
        chosen = day_of(day)
        self.asked, self.answer = subscription_id, ""
        if chosen is None:
            return
        if chosen > sao_paulo_day(services().clock.now()):
            self.answer = t("subscribers.past.not_yet")
            return
        subscription = SubscriptionId(id_of(subscription_id))
        found = await services().subscribers.on_day(creator, subscription, chosen)
        self.answer = " ".join(_sentences(found, chosen))


def past_question(subscription: Any) -> rx.Component:
    """The field for the day, and the answer under it, in the drawer of `subscription` (its id)."""
    return rx.fragment(
        rx.el.h3(rx.el.label(t("subscribers.past.title"), html_for=_FIELD)),
        rx.el.input(
            id=_FIELD,
            type="date",
            class_name="past-day",
            on_change=lambda day: PastState.ask(subscription, day),
            key=subscription,
        ),
        rx.el.p(
            rx.cond(PastState.asked == subscription, PastState.answer, ""),
            role="status",
            class_name="past-answer",
        ),
    )


def _sentences(found: DayInList, day: date) -> Iterator[str]:
    yield t(f"subscribers.past.{'had' if found.had_access else 'had_not'}", day=written(day))
    if found.stay is None:
        yield t("subscribers.past.never")
        return
    changes = {"entered": found.stay.entered, "left": found.stay.left}
    for name, change in changes.items():
        if change:
            yield t(
                f"subscribers.past.{name}",
                moment=day_and_time(change.at),
                reason=t(f"membership_reason.{change.reason}"),
            )
