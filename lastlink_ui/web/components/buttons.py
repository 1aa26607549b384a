"""Buttons, links that look like them, icon buttons that say why they are not allowed, copy buttons."""

from typing import Any, Literal

import reflex as rx
from reflex_base.event import no_args_event_spec

from lastlink_ui.text import t
from lastlink_ui.web.components.icons import icon
from lastlink_ui.web.modules import module

Text = str | rx.Var[str]
Flag = bool | rx.Var[bool]
Kind = Literal["plain", "primary", "danger", "quiet", "dashed", "link"]


class _HintButton(rx.Component):
    """A button with a tooltip; see hint_button.js."""

    library = module("hint_button")
    tag = "HintButton"

    label: rx.Var[str]
    refusal: rx.Var[str]
    busy: rx.Var[bool]
    busy_label: rx.Var[str]
    on_press: rx.EventHandler[no_args_event_spec]


class _PatientButton(rx.Component):
    """A button that can be told to do nothing, and that moves under nobody's finger; see hint_button.js."""

    library = module("hint_button")
    tag = "PatientButton"

    busy: rx.Var[bool]
    inert: rx.Var[bool]
    type: rx.Var[str]
    form: rx.Var[str]


class _CopyButton(rx.Component):
    """A button that copies a text; see page_effects.js."""

    library = module("page_effects")
    tag = "CopyButton"

    text: rx.Var[str]
    label: rx.Var[str]
    done_label: rx.Var[str]


def button(
    label: Text | rx.Component,
    *,
    kind: Kind = "plain",
    icon_name: str = "",
    wide: bool = False,
    submit: bool = False,
    busy: Flag = False,
    inert: Flag = False,
    **props: Any,
) -> rx.Component:
    """A button with a word on it; its event is `on_click`.

    `busy` (its work is under way) and `inert` (nothing to do) make it do nothing, its form included,
    while it keeps its place and its focus; both are said to screen readers.
    """
    face = [icon(icon_name, 17)] if icon_name else []
    props |= {"type": "submit" if submit else "button", "class_name": _classes(kind, wide)}
    if busy is False and inert is False and not submit:
        return rx.el.button(*face, label, **props)
    return _PatientButton.create(*face, label, busy=busy, inert=inert, **props)


def submit_button(label: Text | rx.Component, *, busy: Flag, **props: Any) -> rx.Component:
    """What sends a form, in whatever look `props` give it; `busy` as for `button`."""
    return _PatientButton.create(label, busy=busy, inert=False, type="submit", **props)


def link_button(
    label: Text, href: Text, *, kind: Kind = "plain", icon_name: str = "", wide: bool = False, **props: Any
) -> rx.Component:
    """A link that looks like a button, for what leads elsewhere or downloads."""
    face = [icon(icon_name, 17)] if icon_name else []
    return rx.el.a(*face, label, href=href, class_name=_classes(kind, wide), **props)


def icon_button(
    label: Text, icon_name: str, *, refusal: Text = "", busy: Flag = False, **props: Any
) -> rx.Component:
    """A square button whose accessible name and tooltip are `label`.

    `refusal`: why it is not allowed now, or "". Then it stays focusable, is `aria-disabled`, shows and
    tells the reason, and `on_press` is not sent. `busy` does the same with "Em andamento".
    Its event is `on_press` (no arguments), so that a click on it never reaches the row.
    """
    return _HintButton.create(
        icon(icon_name),
        label=label,
        refusal=refusal,
        busy=busy,
        busy_label=t("ui.under_way"),
        class_name="icon-button",
        **props,
    )


def copy_button(
    text: Text,
    label: Text = "",
    *,
    kind: Kind = "plain",
    icon_name: str = "copy",
    wide: bool = False,
    **props: Any,
) -> rx.Component:
    """A button that copies `text` and says "Copiado" for two seconds, aloud too."""
    face = [icon(icon_name, 17)] if icon_name else []
    return _CopyButton.create(
        *face,
        text=text,
        label=label or t("ui.copy"),
        done_label=t("ui.copied"),
        class_name=_classes(kind, wide),
        **props,
    )


def _classes(kind: Kind, wide: Flag) -> str:
    return " ".join(("button", f"button-{kind}", *(("button-wide",) if wide else ())))
