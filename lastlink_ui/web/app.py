"""The Reflex app: its pages, and what wraps each of them."""

import reflex as rx

from lastlink_ui.text import t
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
        head_components=[rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml")],
        backend_exception_handler=tell_what_went_wrong,
    )
    app.app_wraps[5, "Overlay"] = lambda stateful: (
        rx.fragment(connection_notice(), page_notice()) if stateful else None
    )
    app.add_page(
        landing, route="/", title=t("site.landing.title"), description=t("site.landing.description"), image=""
    )
    app.add_page(sign_in, route="/entrar", title=t("site.sign_in.title"), image="", on_load=SignInState.load)
    app.add_page(missing_page, route="404", title=t("site.not_found.heading"), image="")
    app.add_page(
        subscribers_page.subscribers,
        route=subscribers_page.ROUTE,
        title=subscribers_page.TITLE,
        on_load=subscribers_page.ON_LOAD,
        image="",
    )
    app.add_page(
        todo_list_page.todo_list,
        route=todo_list_page.ROUTE,
        title=todo_list_page.TITLE,
        on_load=todo_list_page.ON_LOAD,
        image="",
    )
    app.add_page(
        plans_page.plans,
        route=plans_page.ROUTE,
        title=plans_page.TITLE,
        on_load=plans_page.ON_LOAD,
        image="",
    )
    app.add_page(
        page_link_page.page_link,
        route=page_link_page.ROUTE,
        title=page_link_page.TITLE,
        on_load=page_link_page.ON_LOAD,
        image="",
    )
    app.add_page(
        settings_page.settings,
        route=settings_page.ROUTE,
        title=settings_page.TITLE,
        on_load=settings_page.ON_LOAD,
        image="",
    )
    app.add_page(
        public_page.public_page,
        route=public_page.ROUTE,
        title=public_page.TITLE,
        on_load=public_page.ON_LOAD,
        image="",
    )
    app.add_page(
        thanks_page.thanks,
        route=thanks_page.ROUTE,
        title=thanks_page.TITLE,
        on_load=thanks_page.ON_LOAD,
        image="",
    )
    app.add_page(
        fan_page.fan_page,
        route=fan_page.ROUTE,
        title=fan_page.TITLE,
        on_load=fan_page.ON_LOAD,
        image="",
    )
    return app
