"""How the creator's part of the public page is edited: picture, name, text, colour and address."""

from typing import Any

import reflex as rx

from lastlink_ui.accounts.face import MAX_ABOUT
from lastlink_ui.core.routes import PICTURE_FIELD, PICTURE_UPLOAD
from lastlink_ui.text import t
from lastlink_ui.web.components import button, text_area, text_field
from lastlink_ui.web.page_link.editor import HANDLE, PageEditorState
from lastlink_ui.web.public.front import page_preview

_PAUSE_MS = 300
_KINDS = "image/jpeg,image/png,image/webp,image/gif"


def page_editor() -> rx.Component:
    """Three forms, and beside them how the page would look."""
    return rx.cond(
        PageEditorState.ready,
        rx.el.div(
            rx.el.div(_face(), _picture(), _address()),
            page_preview(PageEditorState.preview),
            class_name="page-editor",
        ),
    )


def _face() -> rx.Component:
    return _card(
        t("page_link.face.title"),
        rx.el.form(
            text_field(
                t("page_link.face.name"), "nome", max_length=200, auto_complete="off", **_typing("nome")
            ),
            text_area(
                t("page_link.face.about"),
                "texto",
                hint=t("page_link.face.about_hint"),
                max_length=MAX_ABOUT,
                rows=4,
                **_typing("texto"),
            ),
            text_field(
                t("page_link.face.accent"),
                "cor",
                type="color",
                hint=t("page_link.face.accent_hint"),
                **_typing("cor"),
            ),
            rx.el.div(
                button(t("page_link.face.save"), kind="primary", submit=True), class_name="page-actions"
            ),
            on_submit=PageEditorState.save,
            no_validate=True,
            # A browser without a live page must not send the form anywhere, least of all into an address.
            method="post",
        ),
    )


def _picture() -> rx.Component:
    return _card(
        t("page_link.picture.title"),
        # Sent by the browser itself to a route of ours, which needs no script.
        rx.el.form(
            text_field(
                t("page_link.picture.label"),
                PICTURE_FIELD,
                type="file",
                accept=_KINDS,
                hint=t("page_link.picture.hint"),
            ),
            rx.el.div(
                button(t("page_link.picture.send"), submit=True),
                rx.cond(
                    PageEditorState.has_picture,
                    button(t("page_link.picture.remove"), on_click=PageEditorState.remove_picture),
                ),
                class_name="page-actions",
            ),
            action=PICTURE_UPLOAD,
            method="post",
            enc_type="multipart/form-data",
            # Said, since by default Reflex keeps the browser from sending a form.
            on_submit=None,
        ),
    )


def _address() -> rx.Component:
    return _card(
        t("page_link.address.title"),
        rx.el.form(
            text_field(
                t("page_link.address.label"),
                HANDLE,
                hint=t("page_link.address.hint"),
                error=PageEditorState.errors[HANDLE],
                default_value=PageEditorState.handle,
                key=PageEditorState.handle,
                max_length=200,
                auto_complete="off",
                auto_capitalize="none",
                spell_check=False,
            ),
            rx.el.div(button(t("page_link.address.save"), submit=True), class_name="page-actions"),
            on_submit=PageEditorState.rename,
            no_validate=True,
            method="post",
        ),
    )


def _card(title: str, form: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title), form, class_name="card page-card")


def _typing(name: str) -> dict[str, Any]:
    """A field that keeps what is typed to itself, and has it checked at each pause and on leaving."""
    return {
        "error": PageEditorState.errors[name],
        "default_value": PageEditorState.first[name],
        "on_change": lambda text: PageEditorState.check(name, text).debounce(_PAUSE_MS),
        "on_blur": lambda text: PageEditorState.check(name, text),
    }
