"""Menus of actions behind one button."""

from typing import Any

import reflex as rx
from reflex_base.event import no_args_event_spec

from lastlink_ui.text import t
from lastlink_ui.web.components.buttons import Text
from lastlink_ui.web.components.icons import icon
from lastlink_ui.web.modules import module


class _Menu(rx.Component):
    """See menu.js; its first child is the button's face."""

    library = module("menu")
    tag = "Menu"

    label: rx.Var[str]
    button_class: rx.Var[str]


class _MenuItem(rx.Component):
    """See menu.js."""

    library = module("menu")
    tag = "MenuItem"

    refusal: rx.Var[str]
    href: rx.Var[str]
    checked: rx.Var[bool]
    submits: rx.Var[str]
    on_select: rx.EventHandler[no_args_event_spec]


def menu(*items: rx.Component, label: Text = "") -> rx.Component:
    """The three dots that open `items`; its accessible name is "Mais ações" unless `label` says else."""
    return _Menu.create(
        icon("ellipsis"), *items, label=label or t("ui.more_actions"), button_class="icon-button"
    )


def menu_button(face: rx.Component, *items: rx.Component, class_name: str, label: Text = "") -> rx.Component:
    """A menu behind a button that looks otherwise; named by what is in `face` unless `label` says else."""
    return _Menu.create(face, *items, label=label, button_class=class_name)


def menu_item(
    label: Text, *, icon_name: str = "", refusal: Text = "", danger: bool = False, **props: Any
) -> rx.Component:
    """One action of a menu: `on_select`, or `href`, or `submits` (the id of a form).

    A `refusal` (why not now) is shown below its name. `checked` makes it one of several to choose from.
    """
    face = [icon(icon_name, 16)] if icon_name else []
    return _MenuItem.create(
        *face,
        rx.el.span(label),
        refusal=refusal,
        class_name="menu-danger" if danger else "",
        **props,
    )
