"""Another e-mail for the account: it counts once the link that goes to it was used."""

import reflex as rx

from lastlink_ui.accounts.opening import MAX_EMAIL
from lastlink_ui.accounts.passwords import MAX_LENGTH
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.who import Who
from lastlink_ui.text import t
from lastlink_ui.web.components import button, notice, text_field
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.typed import field_of
from lastlink_ui.wiring import services

NEW, PASSWORD = "email_novo", "senha_do_email"
_OF_PASSWORD = frozenset({"password.wrong", "sign_in.too_many"})


class EmailState(SignedIn, rx.State):
    """The card "E-mail". What is typed passes through; none of it is ever kept here."""

    errors: dict[str, str] = dict.fromkeys((NEW, PASSWORD), "")
    result: str = ""
    sent: int = 0
    """How often a link was asked for: the fields are empty anew after each time."""

    @event(Who.CREATOR)
    async def change_email(self, form: dict[str, object]) -> None:
        """Have the link sent, or say which of the two fields is wrong."""
        creator = await self._creator()
        self.errors, self.result = dict.fromkeys((NEW, PASSWORD), ""), ""
        try:
            await services().email_change.ask(creator, field_of(form, NEW), field_of(form, PASSWORD))
        except InvalidInput as invalid:
            field = PASSWORD if invalid.message_key in _OF_PASSWORD else NEW
            self.errors = {**self.errors, field: t(invalid.message_key, **invalid.params)}
            return
        self.sent += 1
        self.result = t("settings.email_change.sent")


def email_card() -> rx.Component:
    """The form."""
    return rx.el.section(
        rx.el.h2(t("settings.email_change.title")),
        notice(EmailState.result, kind="good"),
        rx.el.form(
            text_field(
                t("settings.email_change.new"),
                NEW,
                type="email",
                error=EmailState.errors[NEW],
                auto_complete="email",
                max_length=MAX_EMAIL,
            ),
            text_field(
                t("settings.email_change.password"),
                PASSWORD,
                type="password",
                error=EmailState.errors[PASSWORD],
                auto_complete="current-password",
                max_length=MAX_LENGTH,
            ),
            rx.el.div(button(t("settings.email_change.save"), submit=True), class_name="page-actions"),
            key=EmailState.sent,
            on_submit=EmailState.change_email,
            no_validate=True,
            # A browser without a live page must not send the form anywhere, least of all into an address.
            method="post",
        ),
        class_name="card page-card",
    )
