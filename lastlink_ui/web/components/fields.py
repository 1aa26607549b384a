"""What people type into and choose from."""

from typing import Any

import reflex as rx
from reflex_base.event import passthrough_event_spec

from lastlink_ui.text import t
from lastlink_ui.web.components.buttons import Text
from lastlink_ui.web.components.icons import icon
from lastlink_ui.web.modules import module


class _SearchBox(rx.Component):
    """See inputs.js."""

    library = module("inputs")
    tag = "SearchBox"

    label: rx.Var[str]
    value: rx.Var[str]
    shortcut: rx.Var[str]
    on_search: rx.EventHandler[passthrough_event_spec(str)]


class _Choice(rx.Component):
    """See inputs.js."""

    library = module("inputs")
    tag = "Choice"

    label: rx.Var[str]
    value: rx.Var[str]
    options: rx.Var[list[dict[str, str]]]
    show_label: rx.Var[bool]
    on_choose: rx.EventHandler[passthrough_event_spec(str)]


class _Shortcut(rx.Component):
    """See inputs.js."""

    library = module("inputs")
    tag = "Shortcut"

    press: rx.Var[str]
    target: rx.Var[str]


def text_field(label: Text, name: str, *, hint: Text = "", error: Text = "", **props: Any) -> rx.Component:
    """An input under its label, with a hint below it and the error that belongs to it.

    `error` ("" for none) is tied to the input for screen readers and announced when it comes. Use
    `default_value` and `on_change`, not `value`: what is being typed stays in the browser.
    """
    field = rx.el.input(name=name, type=props.pop("type", "text"), **_described(name, hint, error), **props)
    return _field(label, name, field, hint, error)


def text_area(label: Text, name: str, *, hint: Text = "", error: Text = "", **props: Any) -> rx.Component:
    """As `text_field`, over several lines."""
    return _field(
        label, name, rx.el.textarea(name=name, **_described(name, hint, error), **props), hint, error
    )


def select_field(
    label: Text, name: str, *options: rx.Component, hint: Text = "", error: Text = "", **props: Any
) -> rx.Component:
    """As `text_field`, for one of `options` (`rx.el.option(…, value=…)`)."""
    field = rx.el.select(*options, name=name, **_described(name, hint, error), **props)
    return _field(label, name, field, hint, error)


def check_box(label: Text, name: str, **props: Any) -> rx.Component:
    """A box to tick, its label beside it."""
    return rx.el.label(rx.el.input(type="checkbox", name=name, **props), label, class_name="checkbox")


def switch(label: Text, note: Text, note_id: Text, **props: Any) -> rx.Component:
    """What is on or off from the moment it is pressed, with a note below it; inside of `switches`."""
    return rx.el.div(
        rx.el.label(
            rx.el.input(type="checkbox", role="switch", aria_describedby=note_id, **props),
            rx.el.span(label),
            class_name="checkbox",
        ),
        rx.el.span(note, id=note_id, class_name="field-hint"),
        key=note_id,
    )


def search_box(label: Text, value: Text, on_search: Any, **props: Any) -> rx.Component:
    """The search of a page, focused by `/`; `on_search(text)` is sent at each letter, at most 100 long.

    `value` is the search that the rows on screen belong to. The handler carries `supersedes=True`.
    """
    return _SearchBox.create(
        icon("search", 16), label=label, value=value, shortcut="/", on_search=on_search, **props
    )


def choice(label: Text, value: Text, options: Any, on_choose: Any, **props: Any) -> rx.Component:
    """A native select called `label`, which also stands before it; `on_choose(value)` when it changes.

    `options`: a list (or a var of one) of `{"value": …, "label": …}`; the label may hold its count.
    """
    return _Choice.create(label=label, value=value, options=options, on_choose=on_choose, **props)


def filter_bar(*children: rx.Component) -> rx.Component:
    """The row of filters above a table; it scrolls sideways on a phone."""
    return rx.el.div(*children, class_name="filter-bar", role="group", aria_label=t("ui.filters"))


def shortcut(key: str, element_id: str) -> rx.Component:
    """Outside of fields and dialogs, `key` presses the element with that id (or focuses it, if a field)."""
    return _Shortcut.create(press=key, target=element_id)


def _field(label: Text, name: str, control: rx.Component, hint: Text, error: Text) -> rx.Component:
    below = [rx.el.span(hint, id=f"{name}-hint", class_name="field-hint")] if _given(hint) else []
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="field-label"),
        control,
        *below,
        rx.el.span(error, id=f"{name}-error", class_name="field-error", role="alert"),
        class_name="field",
    )


def _described(name: str, hint: Text, error: Text) -> dict[str, Any]:
    notes = f"{name}-hint {name}-error" if _given(hint) else f"{name}-error"
    return {
        "id": name,
        "class_name": "input",
        "aria_invalid": rx.cond(error, "true", "false") if isinstance(error, rx.Var) else bool(error),
        "aria_describedby": notes,
    }


def _given(text: Text) -> bool:
    return isinstance(text, rx.Var) or bool(text)
