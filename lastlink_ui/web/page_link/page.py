"""How "Página pública" looks."""

import reflex as rx

from lastlink_ui.core.routes import QR_PNG, QR_SVG
from lastlink_ui.text import t
from lastlink_ui.web.components import copy_button, link_button, notice, page_header
from lastlink_ui.web.frame import FrameState, dashboard
from lastlink_ui.web.page_link.editor import PageEditorState
from lastlink_ui.web.page_link.editor_view import page_editor
from lastlink_ui.web.page_link.state import PageLinkState

ROUTE = "/pagina"
TITLE = t("page_link.title")
ON_LOAD = [FrameState.load, PageLinkState.load, PageEditorState.load, FrameState.follow, PageLinkState.follow]


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
                _sent_by(t("page_link.whatsapp"), PageLinkState.whatsapp),
                _sent_by(t("page_link.telegram"), PageLinkState.telegram),
                class_name="page-actions",
            ),
            rx.cond(
                PageLinkState.sells,
                rx.el.p(PageLinkState.offered, class_name="muted"),
                notice(PageLinkState.offered, kind="warning"),
            ),
            class_name="card page-card",
        ),
        notice(PageEditorState.result, kind="good"),
        notice(PageEditorState.trouble, kind="error"),
        page_editor(),
        _qr(),
        current=ROUTE,
    )


def _sent_by(label: str, address: str) -> rx.Component:
    return link_button(label, address, icon_name="external-link", target="_blank", rel="noopener")


def _qr() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("page_link.qr")),
        # Another link, another picture: the key makes the browser ask anew.
        rx.el.img(
            src=QR_SVG,
            alt=t("page_link.qr_alt"),
            width="180",
            height="180",
            key=PageLinkState.link,
            class_name="page-qr",
        ),
        rx.el.div(
            rx.el.a(
                t("page_link.qr_svg"), href=f"{QR_SVG}?baixar", reload_document=True, class_name="button"
            ),
            rx.el.a(
                t("page_link.qr_png"), href=f"{QR_PNG}?baixar", reload_document=True, class_name="button"
            ),
            class_name="page-actions",
        ),
        class_name="card page-card",
    )
