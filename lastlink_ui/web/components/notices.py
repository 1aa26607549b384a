"""How a page speaks: results, refusals, waiting, emptiness. There are no toasts."""

from typing import Any, Literal

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components.buttons import Text
from lastlink_ui.web.components.icons import icon

_ICONS = {"info": "info", "good": "circle-check", "warning": "triangle-alert", "error": "circle-alert"}


def notice(
    text: Text, *extra: Any, kind: Literal["info", "good", "warning", "error"] = "info"
) -> rx.Component:
    """A sentence in a box; an error interrupts a screen reader, anything else waits its turn.

    Nothing is shown while `text` is empty, but the region is there before, so that it is announced.
    """
    box = rx.el.div(icon(_ICONS[kind], 17), rx.el.span(text), *extra, class_name=f"notice notice-{kind}")
    shown = rx.cond(text, box) if isinstance(text, rx.Var) else box
    return rx.el.div(shown, role="alert" if kind == "error" else "status")


def announcement(text: Text) -> rx.Component:
    """A sentence for screen readers alone, said politely whenever it changes: the result of an action."""
    return rx.el.div(text, role="status", class_name="visually-hidden")


def empty_state(
    title: Text, sentence: Text = "", *actions: rx.Component, icon_name: str = "inbox"
) -> rx.Component:
    """What stands where rows would be, and what to do next."""
    below = [rx.el.p(sentence)] if isinstance(sentence, rx.Var) or sentence else []
    return rx.el.div(icon(icon_name, 28), rx.el.h2(title), *below, *actions, class_name="empty")


def skeleton(width: str = "100%", height: str = "14px", **props: Any) -> rx.Component:
    """A grey shape for what is on its way; on a first load only, never over content."""
    return rx.el.span(
        class_name="skeleton", style={"width": width, "height": height}, aria_hidden="true", **props
    )


def progress(label: Text, value: Any, maximum: Any) -> rx.Component:
    """How far something of known size has come."""
    return rx.el.progress(value=value, max=maximum, aria_label=label, class_name="progress")


def live_dot() -> rx.Component:
    """The quiet sign that the page follows changes by itself."""
    return rx.el.span(t("ui.live"), class_name="live-dot")
