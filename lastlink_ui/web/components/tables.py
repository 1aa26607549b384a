"""Tables that stay tables, and become cards on a phone."""

from typing import Any, Literal

import reflex as rx
from reflex_base.event import passthrough_event_spec

from lastlink_ui.text import t
from lastlink_ui.web.components.badges import avatar
from lastlink_ui.web.components.buttons import Flag, Text, button
from lastlink_ui.web.components.icons import icon
from lastlink_ui.web.modules import module

Place = Literal["", "number", "beside", "whole"]


class _RowKeys(rx.Component):
    """A table whose rows are walked with the arrow keys; see page_effects.js."""

    library = module("page_effects")
    tag = "RowKeys"


class _FlashingRows(rx.Component):
    """A table's body whose new and changed rows flash; see page_effects.js."""

    library = module("page_effects")
    tag = "FlashingRows"

    view: rx.Var[str]


class _SortableRows(rx.Component):
    """A table's body whose rows are dragged into another order; see sortable.js."""

    library = module("sortable")
    tag = "SortableRows"

    on_place: rx.EventHandler[passthrough_event_spec(str, int)]


def table(
    label: Text,
    header: list[rx.Component],
    *rows: Any,
    view: Text | None = None,
    on_place: Any = None,
    **props: Any,
) -> rx.Component:
    """A table called `label`; `rows` are rows or an `rx.foreach` of them.

    With `view`, the name of what is shown, rows that come or change flash while that stays the same.
    With `on_place(id, to)`, a row that names its `data-id` is dragged to another place by its handle.
    """
    if on_place is not None:
        body = _SortableRows.create(*rows, on_place=on_place)
    elif view is not None:
        body = _FlashingRows.create(*rows, view=view)
    else:
        body = rx.el.tbody(*rows)
    return _RowKeys.create(
        rx.el.thead(rx.el.tr(*header)),
        body,
        class_name="table",
        custom_attrs={"aria-label": label},
        **props,
    )


def header_cell(label: Text, *, number: bool = False, hidden: bool = False) -> rx.Component:
    """A column's name; `hidden` for the one of buttons, where only a screen reader needs it."""
    face = rx.el.span(label, class_name="visually-hidden") if hidden else label
    return rx.el.th(face, scope="col", class_name="number" if number else "")


def sortable_header_cell(
    label: Text, direction: rx.Var[str] | str, on_sort: Any, *, number: bool = False
) -> rx.Component:
    """A column's name that sorts; `direction` is "ascending", "descending" or "none"."""
    arrow = rx.match(
        direction,
        ("ascending", icon("arrow-up", 13)),
        ("descending", icon("arrow-down", 13)),
        rx.fragment(),
    )
    return rx.el.th(
        rx.el.button(label, arrow, type="button", on_click=on_sort),
        scope="col",
        class_name="number" if number else "",
        custom_attrs={"aria-sort": direction},
    )


def row(*cells: rx.Component, version: Text | None = None, **props: Any) -> rx.Component:
    """A row; in a table that flashes, it does when its `version` becomes another."""
    marked = {} if version is None else {"custom_attrs": {"data-version": version}}
    return rx.el.tr(*cells, **marked, **props)


def cell(main: Any, below: Any = None, *, place: Place = "", **props: Any) -> rx.Component:
    """A cell with a second, fainter line.

    `place` on a phone's card: "beside" at the top right, "whole" over the full width; "number" aligns
    right in the table.
    """
    second = [] if below is None else [rx.el.small(below)]
    return rx.el.td(main, *second, class_name=place, **props)


def person_cell(
    letters: Text,
    tone: Any,
    name: Text,
    below: Text,
    *,
    href: Text | None = None,
    on_open: Any = None,
    before: Any = None,
) -> rx.Component:
    """The row's header: avatar, name over handle; the name opens the row by `href` or `on_open`."""
    if href is not None:
        title = rx.el.a(name, href=href)
    elif on_open is not None:
        title = rx.el.button(name, type="button", on_click=on_open)
    else:
        title = rx.el.strong(name)
    first = [] if before is None else [before]
    return rx.el.th(
        rx.el.div(*first, avatar(letters, tone), rx.el.span(title, rx.el.small(below)), class_name="person"),
        scope="row",
    )


def actions_cell(*buttons: rx.Component) -> rx.Component:
    """The row's buttons, at its right end, or along a card's foot."""
    return rx.el.td(rx.el.div(*buttons), class_name="actions")


def drag_handle(hint: Text) -> rx.Component:
    """What a row is dragged by. For a pointer alone: whoever has none uses the buttons beside it."""
    return rx.el.span(icon("grip-vertical", 18), title=hint, aria_hidden="true", class_name="drag-handle")


def pager(
    summary: Text,
    *,
    is_first: Flag,
    is_last: Flag,
    on_first: Any,
    on_previous: Any,
    on_next: Any,
    on_last: Any,
) -> rx.Component:
    """Which rows these are, and the ways to those before and after, and to both ends."""
    return rx.el.nav(
        rx.el.span(summary),
        button(t("ui.first"), inert=is_first, on_click=on_first),
        button(t("ui.previous"), inert=is_first, on_click=on_previous),
        button(t("ui.next"), inert=is_last, on_click=on_next),
        button(t("ui.last"), inert=is_last, on_click=on_last),
        class_name="pager",
        aria_label=t("ui.pages"),
    )
