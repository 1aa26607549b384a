"""The Reflex app: its pages, and what wraps each of them."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.landing.page import landing


def create_app() -> rx.App:
    """The app with every page registered.

    A page with an argument in its route (`/[handle]`) needs a route of ours that serves its shell.
    """
    app = rx.App(
        html_lang="pt-BR",
        toaster=None,
        head_components=[rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml")],
    )
    app.add_page(landing, route="/", title=t("site.name"), image="")
    return app
