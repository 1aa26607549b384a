"""The table of subscribers, with what can be done to each."""

from typing import Any

import reflex as rx

from lastlink_ui.subscribers.filters import SortKey
from lastlink_ui.text import t
from lastlink_ui.web.components import (
    account_status,
    actions_cell,
    cell,
    header_cell,
    icon_button,
    menu,
    menu_item,
    person_cell,
    row,
    sortable_header_cell,
    table,
)
from lastlink_ui.web.subscribers.rows import Busy, SubscriberRow
from lastlink_ui.web.subscribers.state import SubscribersState


def subscriber_table() -> rx.Component:
    """The rows of the page."""
    return table(
        t("subscribers.title"),
        [
            _sortable("name", SortKey.NAME),
            header_cell(t("subscribers.column.plan")),
            _sortable("amount", SortKey.AMOUNT, number=True),
            header_cell(t("subscribers.column.payment")),
            header_cell(t("subscribers.column.status")),
            _sortable("started", SortKey.STARTED),
            _sortable("access", SortKey.ACCESS),
            header_cell(t("subscribers.column.actions"), number=True),
        ],
        rx.foreach(SubscribersState.rows, _row),
        view=SubscribersState.view,
    )


def _sortable(name: str, key: SortKey, *, number: bool = False) -> rx.Component:
    return sortable_header_cell(
        t(f"subscribers.column.{name}"),
        SubscribersState.sorted[key.value],
        SubscribersState.sort_by(key.value),
        number=number,
    )


def _row(each: rx.vars.ObjectVar[SubscriberRow]) -> rx.Component:
    status = rx.fragment(
        account_status(each.status, each.status_label),
        rx.cond(each.note, rx.el.small(each.note)),
        rx.cond(each.list_note, rx.el.small(each.list_note)),
    )
    return row(
        person_cell(each.initials, each.tone, each.name, each.handle, href=each.href),
        cell(each.plan),
        cell(each.amount, place="number"),
        cell(each.method, each.payment, place="whole"),
        cell(status, place="beside"),
        cell(each.started, each.started_ago, **_named_on_a_card("started")),
        cell(each.access, each.access_note, **_named_on_a_card("access")),
        _actions(each),
        version=each.version,
        key=each.id,
    )


def _named_on_a_card(column: str) -> dict[str, Any]:
    # A date says nothing by itself where the table's header is not to be seen.
    return {"custom_attrs": {"data-label": t(f"subscribers.column.{column}")}}


def _actions(each: rx.vars.ObjectVar[SubscriberRow]) -> rx.Component:
    return actions_cell(
        icon_button(
            t("subscribers.action.remove"),
            "trash-2",
            refusal=each.remove_refusal,
            busy=each.busy == Busy.REMOVE,
            on_press=SubscribersState.ask_remove(each.id),
        ),
        icon_button(
            t("subscribers.action.readd"),
            "user-plus",
            refusal=each.readd_refusal,
            busy=each.busy == Busy.READD,
            on_press=SubscribersState.readd(each.id),
        ),
        icon_button(
            t("subscribers.action.refund"),
            "dollar-sign",
            refusal=each.refund_refusal,
            busy=each.busy == Busy.REFUND,
            on_press=SubscribersState.ask_refund(each.id),
        ),
        menu(
            menu_item(t("subscribers.action.details"), icon_name="panel-right-open", href=each.href),
            rx.cond(
                each.can_undo,
                menu_item(
                    t("subscribers.action.undo_cancel"),
                    icon_name="undo-2",
                    on_select=SubscribersState.ask_undo_cancel(each.id),
                ),
            ),
            menu_item(
                t("subscribers.action.cancel"),
                icon_name="circle-x",
                refusal=each.cancel_refusal,
                danger=True,
                on_select=SubscribersState.ask_cancel(each.id),
            ),
            label=t("ui.more_actions"),
        ),
    )
