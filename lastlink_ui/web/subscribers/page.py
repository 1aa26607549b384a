"""How the page "Assinantes" looks."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import (
    announcement,
    button,
    empty_state,
    link_button,
    live_dot,
    notice,
    page_header,
    pager,
    search_box,
    shortcut,
    skeleton,
    tab_panel,
)
from lastlink_ui.web.frame import FrameState, dashboard
from lastlink_ui.web.subscribers.detail_drawer import detail_drawer
from lastlink_ui.web.subscribers.dialogs import action_dialogs, help_dialog
from lastlink_ui.web.subscribers.export_button import export_button
from lastlink_ui.web.subscribers.filter_controls import PANEL, filters, sheets
from lastlink_ui.web.subscribers.state import SubscribersState
from lastlink_ui.web.subscribers.table import subscriber_table

ROUTE = "/assinantes"
TITLE = t("subscribers.title")
ON_LOAD = [FrameState.load, SubscribersState.show]
_HELP = "atalhos"


def subscribers() -> rx.Component:
    """Every subscriber of the signed-in creator, as the address filters them."""
    return dashboard(
        page_header(
            t("subscribers.title"),
            live_dot(),
            search_box(t("subscribers.search"), SubscribersState.controls.q, SubscribersState.search),
            export_button(SubscribersState.controls.export_url, SubscribersState.controls.export_rows),
            count=SubscribersState.counted,
        ),
        notice(SubscribersState.problem, kind="error"),
        announcement(SubscribersState.said),
        sheets(),
        filters(),
        rx.el.div(
            tab_panel(
                PANEL,
                t("subscribers.title"),
                rx.cond(
                    SubscribersState.ready, rx.cond(SubscribersState.rows, _rows(), _nobody()), _first_load()
                ),
            ),
            class_name="subscribers",
        ),
        action_dialogs(),
        detail_drawer(),
        help_dialog(),
        shortcut("?", _HELP),
        current=ROUTE,
    )


def _rows() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.cond(
                SubscribersState.added,
                rx.el.button(
                    SubscribersState.added,
                    type="button",
                    class_name="pill",
                    on_click=SubscribersState.first_page,
                ),
            ),
            role="status",
            class_name="new-rows",
        ),
        subscriber_table(),
        rx.el.div(
            pager(
                SubscribersState.range,
                is_first=SubscribersState.is_first,
                is_last=SubscribersState.is_last,
                on_first=SubscribersState.first_page,
                on_previous=SubscribersState.previous_page,
                on_next=SubscribersState.next_page,
                on_last=SubscribersState.last_page,
            ),
            button(t("subscribers.shortcuts"), kind="link", id=_HELP, on_click=SubscribersState.help),
            class_name="table-foot",
        ),
    )


def _nobody() -> rx.Component:
    return rx.cond(
        SubscribersState.has_anybody,
        empty_state(
            t("subscribers.none.title"),
            t("subscribers.none.sentence"),
            button(t("subscribers.clear"), on_click=SubscribersState.clear_filters),
            icon_name="search-x",
        ),
        empty_state(
            t("subscribers.empty.title"),
            t("subscribers.empty.sentence"),
            link_button(t("subscribers.empty.plans"), "/planos", kind="primary"),
            icon_name="users",
        ),
    )


def _first_load() -> rx.Component:
    return rx.el.div(*(skeleton(height="48px") for _ in range(8)), class_name="page-skeleton")
