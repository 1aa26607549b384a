"""The dialog "Adicionar à lista", which gives a profile access without payment."""

from datetime import date
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.who import Who
from lastlink_ui.subscribers import courtesy
from lastlink_ui.subscribers.courtesy import CourtesyDraft, InvalidCourtesy
from lastlink_ui.text import t
from lastlink_ui.web.components import button, dialog, dialog_actions, notice, text_field
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.typed import field_of, text_of
from lastlink_ui.wiring import services

_PAUSE_MS = 400
# The names of the fields in the page, and what each is in the draft.
_FIELDS = {"perfil": "handle", "nome": "name", "motivo": "reason", "data_final": "ends_on"}


class CourtesyState(SignedIn, rx.State):
    """One open dialog. What was typed stays until it is saved, also when the dialog is closed."""

    open: bool = False
    first: dict[str, str] = dict.fromkeys(_FIELDS, "")
    """What the fields hold when the dialog opens; from then on what is typed lives in the browser."""
    errors: dict[str, str] = dict.fromkeys(_FIELDS, "")
    trouble: str = ""
    today: str = ""
    result: str = ""
    """What came of the last one."""

    _typed: dict[str, str] = {}

    @event(Who.CREATOR)
    async def begin(self) -> None:
        """Open the dialog with what was typed before, if it was not saved."""
        await self._creator()
        self.first = {name: self._typed.get(name, "") for name in _FIELDS}
        self.errors, self.trouble, self.result = dict.fromkeys(_FIELDS, ""), "", ""
        self.today = self._today().isoformat()
        self.open = True

    @event(Who.CREATOR)
    async def dismiss(self) -> None:
        """Close the dialog."""
        await self._creator()
        self.open = False

    @event(Who.CREATOR)
    async def check(self, name: str, text: str) -> None:
        """Keep what stands in a field and say what is wrong with it; one never filled is left alone."""
        await self._creator()
        if name not in _FIELDS:
            return
        typed = text_of(text)
        untouched = not typed.strip() and not self._typed.get(name)
        self._typed = {**self._typed, name: typed}
        problem = courtesy.problems(_draft(self._typed), self._today()).get(_FIELDS[name])
        self.errors = {**self.errors, name: t(problem) if problem and not untouched else ""}

    @event(Who.CREATOR)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Give the access, or say what is missing."""
        creator = (await self._creator()).creator_id
        if not self.open:
            return None
        self._typed = {name: field_of(form, name) for name in _FIELDS}
        draft = _draft(self._typed)
        try:
            granted = await services().lists.grant_courtesy(
                creator, draft, Actor(ActorKind.CREATOR, str(creator))
            )
        except InvalidCourtesy as invalid:
            self.errors = {
                name: t(invalid.errors[field]) if field in invalid.errors else ""
                for name, field in _FIELDS.items()
            }
            self.trouble = t(invalid.message_key)
            return rx.set_focus(next(name for name in _FIELDS if self.errors[name]))
        self.result = t("lista.courtesy.joined" if granted.joins else "lista.courtesy.was_there")
        self.open, self._typed = False, {}
        return None

    def _today(self) -> date:
        return sao_paulo_day(services().clock.now())


def courtesy_dialog() -> rx.Component:
    """The dialog; the page has the button that opens it."""
    return dialog(
        t("lista.courtesy.title"),
        rx.cond(CourtesyState.open, _form()),
        open=CourtesyState.open,
        on_dismiss=CourtesyState.dismiss,
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.p(t("lista.courtesy.what"), class_name="muted"),
        notice(CourtesyState.trouble, kind="error"),
        _field("perfil", auto_complete="off", auto_capitalize="none", spell_check=False, placeholder="@"),
        _field("nome", auto_complete="off"),
        _field("motivo"),
        _field("data_final", hint=t("lista.courtesy.ends_on_hint"), type="date", min=CourtesyState.today),
        dialog_actions(
            button(t("lista.courtesy.cancel"), on_click=CourtesyState.dismiss),
            button(t("lista.courtesy.save"), kind="primary", submit=True),
        ),
        on_submit=CourtesyState.save,
        no_validate=True,
        method="post",
    )


def _field(name: str, **props: Any) -> rx.Component:
    return text_field(
        t(f"lista.courtesy.{name}"),
        name,
        error=CourtesyState.errors[name],
        default_value=CourtesyState.first[name],
        on_change=lambda text: CourtesyState.check(name, text).debounce(_PAUSE_MS),
        on_blur=lambda text: CourtesyState.check(name, text),
        **props,
    )


def _draft(typed: dict[str, str]) -> CourtesyDraft:
    return CourtesyDraft(**{field: typed.get(name, "") for name, field in _FIELDS.items()})
