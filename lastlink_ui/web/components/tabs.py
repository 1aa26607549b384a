"""Sheets of one page: tabs and what they govern."""

from typing import Any

import reflex as rx
from reflex_base.event import passthrough_event_spec

from lastlink_ui.web.components.buttons import Text
from lastlink_ui.web.modules import module


class _Tabs(rx.Component):
    """See inputs.js."""

    library = module("inputs")
    tag = "Tabs"

    label: rx.Var[str]
    selected: rx.Var[str]
    items: rx.Var[list[dict[str, str]]]
    controls: rx.Var[str]
    on_choose: rx.EventHandler[passthrough_event_spec(str)]


def tab(value: str, label: str, count: Text = "") -> dict[str, Any]:
    """One tab: its value, its word, and a count that is shown beside it but is not in its name."""
    return {"value": value, "label": label, "count": count}


def tabs(
    label: Text, selected: Text, items: list[dict[str, Any]], on_choose: Any, *, panel: str
) -> rx.Component:
    """The tabs called `label`; `panel` is the id of the `tab_panel` below them."""
    return _Tabs.create(label=label, selected=selected, items=items, controls=panel, on_choose=on_choose)


def tab_panel(panel: str, label: Text, *children: Any) -> rx.Component:
    """What the chosen tab shows."""
    return rx.el.div(*children, id=panel, role="tabpanel", aria_label=label)
