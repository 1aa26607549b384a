"""How "Página pública" looks."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import copy_button, link_button, notice, page_header
from lastlink_ui.web.frame import FrameState, dashboard
from lastlink_ui.web.page_link.state import PageLinkState

ROUTE = "/pagina"
TITLE = t("page_link.title")
ON_LOAD = [FrameState.load, PageLinkState.load, FrameState.follow, PageLinkState.follow]


def page_link() -> rx.Component:
    """The link, a button that copies it, and the way to see it as a fan does."""
    return dashboard(
        page_header(t("page_link.title")),
        rx.el.p(t("page_link.what"), class_name="page-lead"),
        rx.el.section(
            rx.el.h2(t("page_link.link")),
            rx.el.p(PageLinkState.link, class_name="page-link"),
            rx.el.div(
                copy_button(PageLinkState.link, t("page_link.copy"), kind="primary"),
                link_button(
                    t("page_link.open"),
                    PageLinkState.path,
                    icon_name="external-link",
                    target="_blank",
                    rel="noopener",
                ),
                class_name="page-actions",
            ),
            rx.cond(
                PageLinkState.sells,
                rx.el.p(PageLinkState.offered, class_name="muted"),
                notice(PageLinkState.offered, kind="warning"),
            ),
            class_name="card page-card",
        ),
        current=ROUTE,
    )
