"""Another password: the present one is asked for, and every other browser is signed out."""

import reflex as rx
from reflex_base.event import EventType

from lastlink_ui.accounts.passwords import MAX_LENGTH
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.who import Who
from lastlink_ui.text import t
from lastlink_ui.web.components import button, notice, text_field
from lastlink_ui.web.events import event
from lastlink_ui.web.settings.state import SettingsState
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.typed import field_of
from lastlink_ui.wiring import services

PRESENT, NEW = "senha_atual", "senha_nova"
_OF_PRESENT = frozenset({"password.wrong", "sign_in.too_many"})


class PasswordState(SignedIn, rx.State):
    """The card "Senha". What is typed passes through; none of it is ever kept here."""

    errors: dict[str, str] = dict.fromkeys((PRESENT, NEW), "")
    result: str = ""
    saved: int = 0
    """How often it was changed: the fields are empty anew after each time."""

    @event(Who.CREATOR)
    async def change_password(self, form: dict[str, object]) -> EventType[()] | None:
        """Set the password, or say which of the two fields is wrong."""
        creator = await self._creator()
        self.errors, self.result = dict.fromkeys((PRESENT, NEW), ""), ""
        try:
            await services().recovery.change(creator, field_of(form, PRESENT), field_of(form, NEW))
        except InvalidInput as invalid:
            field = PRESENT if invalid.message_key in _OF_PRESENT else NEW
            self.errors = {**self.errors, field: t(invalid.message_key, **invalid.params)}
            return None
        self.saved += 1
        self.result = t("settings.password.saved")
        return SettingsState.load


def password_card() -> rx.Component:
    """The form."""
    return rx.el.section(
        rx.el.h2(t("settings.password.title")),
        notice(PasswordState.result, kind="good"),
        rx.el.form(
            _field(PRESENT, t("settings.password.present"), "current-password"),
            _field(NEW, t("settings.password.new"), "new-password"),
            rx.el.div(button(t("settings.password.save"), submit=True), class_name="page-actions"),
            key=PasswordState.saved,
            on_submit=PasswordState.change_password,
            no_validate=True,
            # A browser without a live page must not send the form anywhere, least of all into an address.
            method="post",
        ),
        class_name="card page-card",
    )


def _field(name: str, label: str, kind: str) -> rx.Component:
    return text_field(
        label,
        name,
        type="password",
        error=PasswordState.errors[name],
        auto_complete=kind,
        max_length=MAX_LENGTH,
    )
