"""Modal dialogs and the drawer, over the browser's own <dialog>."""

from typing import Any

import reflex as rx
from reflex_base.event import no_args_event_spec

from lastlink_ui.text import t
from lastlink_ui.web.components.buttons import Flag, Text
from lastlink_ui.web.modules import module


class _Dialog(rx.Component):
    """See dialog.js."""

    library = module("dialog")
    tag = "Dialog"

    open: rx.Var[bool]
    title: rx.Var[str]
    close_label: rx.Var[str]
    on_dismiss: rx.EventHandler[no_args_event_spec]


def dialog(
    title: Text,
    *children: Any,
    open: Flag,
    on_dismiss: Any,
    wide: bool = False,
    **props: Any,
) -> rx.Component:
    """A modal dialog called `title`, shown while `open` is true.

    Esc, the cross and a click beside it close it at once and send `on_dismiss`, whose handler sets the
    var behind `open` to False. Keep it in the page always and make its content conditional, never the
    dialog: focus goes back to where it was only when the browser closes it.
    """
    classes = "dialog dialog-wide" if wide else "dialog"
    return _modal(title, *children, open=open, on_dismiss=on_dismiss, class_name=classes, **props)


def drawer(title: Text, *children: Any, open: Flag, on_dismiss: Any, **props: Any) -> rx.Component:
    """A modal dialog along the right edge, for one thing's details; like `dialog` otherwise."""
    return _modal(title, *children, open=open, on_dismiss=on_dismiss, class_name="drawer", **props)


def dialog_actions(*buttons: rx.Component) -> rx.Component:
    """The row of buttons at a dialog's foot: the way out first, what it is about last."""
    return rx.el.div(*buttons, class_name="dialog-actions")


def _modal(title: Text, *children: Any, **props: Any) -> rx.Component:
    return _Dialog.create(*children, title=title, close_label=t("ui.close"), **props)
