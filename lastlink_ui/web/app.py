"""The Reflex app: its pages, and what wraps each of them."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.connection import connection_notice
from lastlink_ui.web.landing.page import landing
from lastlink_ui.web.page_notice import page_notice, tell_what_went_wrong

STYLESHEETS = ["/tokens.css", "/base.css", "/components.css", "/table.css", "/frame.css", "/site.css"]


def create_app() -> rx.App:
    """The app with every page registered.

    A page at a fixed route is served at once; one with an argument after a fixed segment
    (`/obrigado/[token]`) too. `/[handle]` has a route of ours, which knows which handles exist.
    """
    app = rx.App(
        html_lang="pt-BR",
        stylesheets=STYLESHEETS,
        reset_style=False,
        toaster=None,
        head_components=[rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml")],
        backend_exception_handler=tell_what_went_wrong,
    )
    app.app_wraps[5, "Overlay"] = lambda stateful: (
        rx.fragment(connection_notice(), page_notice()) if stateful else None
    )
    app.add_page(landing, route="/", title=t("site.name"), image="")
    return app
