"""What a visitor who is not signed in sees at `/`."""

import reflex as rx

from lastlink_ui.text import t


def landing() -> rx.Component:
    """The product in one screen."""
    return rx.el.main(rx.el.h1(t("site.name")), rx.el.a("Entrar", href="/entrar"))
