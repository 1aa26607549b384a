"""The Reflex app: its pages, and what wraps each of them."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components.early import early_recorder, replaying_early
from lastlink_ui.web.connection import connection_notice
from lastlink_ui.web.fan_page import page as fan_page
from lastlink_ui.web.landing.page import landing
from lastlink_ui.web.missing_page import missing_page
from lastlink_ui.web.page_link import page as page_link_page
from lastlink_ui.web.page_notice import page_notice, tell_what_went_wrong
from lastlink_ui.web.plans import page as plans_page
from lastlink_ui.web.public import page as public_page
from lastlink_ui.web.settings import page as settings_page
from lastlink_ui.web.sign_in.page import sign_in
from lastlink_ui.web.sign_in.state import SignInState
from lastlink_ui.web.subscribers import page as subscribers_page
from lastlink_ui.web.thanks import page as thanks_page
from lastlink_ui.web.todo_list import page as todo_list_page

STYLESHEETS = [
    "/tokens.css",
    "/base.css",
    "/components.css",
    "/table.css",
    "/frame.css",
    "/site.css",
    "/fan.css",
    "/own_page.css",
    "/pages.css",
    "/subscribers.css",
]


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
        head_components=[
            rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
            early_recorder(),
        ],
        backend_exception_handler=tell_what_went_wrong,
    )
    app.app_wraps[5, "Overlay"] = lambda stateful: (
        rx.fragment(connection_notice(), page_notice()) if stateful else None
    )
    _add(app, landing, "/", t("site.landing.title"), description=t("site.landing.description"))
    _add(app, sign_in, "/entrar", t("site.sign_in.title"), on_load=SignInState.load)
    _add(app, missing_page, "404", t("site.not_found.heading"))
    for page, where in (
        (subscribers_page.subscribers, subscribers_page),
        (todo_list_page.todo_list, todo_list_page),
        (plans_page.plans, plans_page),
        (page_link_page.page_link, page_link_page),
        (settings_page.settings, settings_page),
        (public_page.public_page, public_page),
        (thanks_page.thanks, thanks_page),
        (fan_page.fan_page, fan_page),
    ):
        _add(app, page, where.ROUTE, where.TITLE, on_load=where.ON_LOAD)
    return app


def _add(
    app: rx.App, page: Callable[[], rx.Component], route: str, title: str | rx.Var[str], **further: Any
) -> None:
    # `image` said, since Reflex names a picture of its own otherwise.
    app.add_page(replaying_early(page), route=route, title=title, image="", **further)
