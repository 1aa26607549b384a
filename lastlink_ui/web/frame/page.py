"""How the frame looks: a sidebar, or a bar at the foot of a phone."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from lastlink_ui.text import t
from lastlink_ui.web.components import avatar, button, icon, menu_button, menu_item, notice
from lastlink_ui.web.components.buttons import Text
from lastlink_ui.web.components.theme import theme_items
from lastlink_ui.web.frame.state import FrameState

_MAIN = "conteudo"
_SIGN_OUT_FORM = "sair"


def dashboard(*children: Any, current: str) -> rx.Component:
    """A page of the signed-in creator inside the frame; `current` is its path, for instance `/planos`."""
    return rx.el.div(
        # Plain HTML: what `rx.el.a` makes is a navigation of the router's.
        A.create(t("ui.skip_to_content"), class_name="skip-link", href=f"#{_MAIN}"),
        rx.el.nav(
            _who(),
            rx.el.ul(
                _link("subscribers", "/assinantes", "users", current, FrameState.subscribers),
                _link("list", "/lista", "list-checks", current, FrameState.list_tasks),
                _link("plans", "/planos", "tag", current),
                _link("public_page", "/pagina", "globe", current),
                _link("settings", "/configuracoes", "settings", current),
            ),
            rx.el.div(_account_menu(), class_name="frame-foot"),
            class_name="frame-nav",
            aria_label=t("ui.nav.label"),
        ),
        rx.el.main(_confirmation(), *children, id=_MAIN, class_name="frame-main", tab_index=-1),
        # `on_submit` said, since by default Reflex keeps the browser from sending a form.
        rx.el.form(id=_SIGN_OUT_FORM, method="post", action="/sair", hidden=True, on_submit=None),
        class_name="frame",
    )


def _confirmation() -> rx.Component:
    """What an account without a proved e-mail says on each of its pages."""
    again = button(t("email_confirmation.again"), on_click=FrameState.ask_to_confirm)
    return notice(FrameState.confirmation, again, kind="warning")


def sign_out_button() -> rx.Component:
    """The way out as a button, for the settings page: a phone has no account menu."""
    return button(t("ui.nav.sign_out"), icon_name="log-out", submit=True, form=_SIGN_OUT_FORM)


def _who() -> rx.Component:
    name = rx.el.span(FrameState.name, rx.el.small(rx.cond(FrameState.handle, f"@{FrameState.handle}", "")))
    return rx.el.div(avatar(FrameState.initials), name, class_name="frame-who")


def _link(area: str, path: str, icon_name: str, current: str, count: Text | None = None) -> rx.Component:
    """One destination; a phone shows its short word, but its name is the same everywhere."""
    shown = rx.el.span(count, class_name="frame-count", aria_hidden="true")
    counted = [] if count is None else [rx.cond(count, shown)]
    return rx.el.li(
        rx.el.a(
            icon(icon_name),
            rx.el.span(t(f"ui.nav.{area}"), class_name="wide-only"),
            rx.el.span(t(f"ui.nav.short.{area}"), class_name="phone-only", aria_hidden="true"),
            *counted,
            href=path,
            class_name="frame-link",
            aria_label=t(f"ui.nav.{area}"),
            custom_attrs={"aria-current": "page"} if path == current else {},
        )
    )


def _account_menu() -> rx.Component:
    return menu_button(
        rx.fragment(icon("circle-user"), rx.el.span(t("ui.nav.account"))),
        *theme_items(),
        menu_item(t("ui.nav.sign_out"), icon_name="log-out", submits=_SIGN_OUT_FORM),
        class_name="frame-link",
    )
