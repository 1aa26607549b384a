"""The sign-in form: plain HTML, so that it works before the page has come to life."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import button, notice, text_field
from lastlink_ui.web.components.marks import site_mark
from lastlink_ui.web.sign_in.state import SignInState


def sign_in() -> rx.Component:
    """E-mail, password, and the way back to where one was going."""
    return rx.el.main(
        rx.el.div(
            site_mark(),
            rx.el.h1(t("site.sign_in.heading")),
            notice(SignInState.reason, kind="error"),
            rx.el.form(
                rx.el.input(type="hidden", name="volta", value=SignInState.way_back, read_only=True),
                text_field(
                    t("site.sign_in.email"),
                    "email",
                    type="email",
                    auto_complete="username",
                    required=True,
                    max_length=254,
                    default_value=SignInState.email,
                    # A new input when the e-mail of the last attempt arrives; otherwise what is typed stays.
                    key=SignInState.email,
                ),
                text_field(
                    t("site.sign_in.password"),
                    "senha",
                    type="password",
                    auto_complete="current-password",
                    required=True,
                    max_length=128,
                ),
                button(t("site.sign_in.submit"), kind="primary", wide=True, submit=True),
                method="post",
                action="/entrar",
                # Said, since by default Reflex keeps the browser from sending a form.
                on_submit=None,
            ),
            rx.el.a(
                t("site.sign_in.forgotten"),
                href="/recuperar",
                reload_document=True,
                class_name="sign-in-lost",
            ),
            class_name="site-narrow sign-in",
        ),
        class_name="site",
    )
