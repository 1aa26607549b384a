"""The tabs and selects above the table."""

from typing import Any

import reflex as rx

from lastlink_ui.subscribers.filters import Sheet
from lastlink_ui.text import t
from lastlink_ui.web.components import button, choice, filter_bar, tab, tabs
from lastlink_ui.web.subscribers.options import ALL, CUSTOM
from lastlink_ui.web.subscribers.state import SubscribersState

PANEL = "assinantes"
_controls = SubscribersState.controls


def sheets() -> rx.Component:
    """The tabs "Todos", "Ativos" and "Inativos", each with its count."""
    return tabs(
        t("subscribers.sheets"),
        _controls.sheet,
        [tab(each, t(f"subscribers.sheet.{each}"), _controls.sheets[each.value]) for each in Sheet],
        SubscribersState.choose_sheet,
        panel=PANEL,
    )


def filters() -> rx.Component:
    """Status and date always; plan, method and list when asked for, or in force."""
    return filter_bar(
        choice(
            t("subscribers.status.label"),
            _controls.status,
            _controls.statuses,
            SubscribersState.choose_status,
        ),
        choice(t("subscribers.since.label"), _controls.since, _controls.dates, SubscribersState.choose_since),
        rx.cond(_controls.since == CUSTOM, _days()),
        _further("plan", _controls.plan, _controls.plans, SubscribersState.choose_plan),
        _further("method", _controls.method, _controls.methods, SubscribersState.choose_method),
        _further("list", _controls.in_list, _controls.lists, SubscribersState.choose_list),
        rx.cond(
            SubscribersState.shows_more_filters,
            rx.fragment(),
            button(
                t("subscribers.add_filter"),
                kind="dashed",
                icon_name="plus",
                on_click=SubscribersState.show_more_filters,
            ),
        ),
        rx.cond(
            _controls.is_filtered,
            button(t("subscribers.clear"), kind="link", on_click=SubscribersState.clear_filters),
        ),
    )


def _further(name: str, value: Any, options: Any, choose: Any) -> rx.Component:
    return rx.cond(
        SubscribersState.shows_more_filters | (value != ALL),
        choice(t(f"subscribers.{name}.label"), value, options, choose),
    )


def _days() -> rx.Component:
    return rx.fragment(
        _day(t("subscribers.since.from"), _controls.first_day, SubscribersState.choose_first_day),
        _day(t("subscribers.since.to"), _controls.last_day, SubscribersState.choose_last_day),
    )


def _day(label: str, value: Any, choose: Any) -> rx.Component:
    # Its own value while it is being typed; another one from the address makes another field.
    field = rx.el.input(type="date", default_value=value, on_change=choose, key=value)
    return rx.el.label(rx.el.span(label), field, class_name="choice day-choice")
