"""How long people who left are kept: the choice, with what it would forget today."""

import reflex as rx

from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.who import Who
from lastlink_ui.privacy.rules import RETENTION_MONTHS
from lastlink_ui.text import plural, t
from lastlink_ui.web.components import button, notice, select_field
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.typed import field_of
from lastlink_ui.wiring import services

MONTHS, ALWAYS = "guardar_por", "sempre"
_BY_CODE: dict[str, int | None] = {ALWAYS: None, **{str(months): months for months in RETENTION_MONTHS}}


class RetentionState(SignedIn, rx.State):
    """The card "Dados de quem saiu"."""

    ready: bool = False
    chosen: str = ALWAYS
    """What counts, by its code."""
    effect: str = ""
    """What the one that is looked at would do today."""
    result: str = ""

    @event(Who.CREATOR)
    async def load(self) -> None:
        """Show what counts."""
        creator = await self._creator()
        self.effect = self.result = ""
        self.chosen = _code(await services().retention.months(creator.creator_id))
        self.ready = True

    @event(Who.CREATOR)
    async def look_at(self, code: str) -> None:
        """Say how many people a choice would forget today, before it counts."""
        creator = await self._creator()
        self.result, months = "", _BY_CODE.get(code)
        due = await services().retention.due_under(creator.creator_id, months) if months else 0
        self.effect = plural("retention.effect", due) if due else ""

    @event(Who.CREATOR)
    async def save(self, form: dict[str, object]) -> None:
        """Let what is chosen count."""
        creator = await self._creator()
        code = field_of(form, MONTHS)
        if code not in _BY_CODE:
            raise InvalidInput("retention.unknown")
        actor = Actor(ActorKind.CREATOR, str(creator.creator_id))
        await services().retention.choose(creator.creator_id, _BY_CODE[code], actor)
        self.chosen, self.effect = code, ""
        self.result = t("retention.saved")


def retention_card() -> rx.Component:
    """The form."""
    return rx.el.section(
        rx.el.h2(t("retention.title"), id="retencao"),
        rx.el.p(t("retention.what"), class_name="muted"),
        notice(RetentionState.result, kind="good"),
        rx.cond(
            RetentionState.ready,
            rx.el.form(
                select_field(
                    t("retention.months"),
                    MONTHS,
                    *(rx.el.option(_label(code), value=code) for code in _BY_CODE),
                    hint=RetentionState.effect,
                    default_value=RetentionState.chosen,
                    on_change=RetentionState.look_at,
                ),
                rx.el.div(button(t("retention.save"), submit=True), class_name="page-actions"),
                on_submit=RetentionState.save,
                no_validate=True,
                method="post",
            ),
        ),
        aria_labelledby="retencao",
        class_name="card page-card",
    )


def _code(months: int | None) -> str:
    return ALWAYS if months is None else str(months)


def _label(code: str) -> str:
    return t(f"retention.option.{code}")
