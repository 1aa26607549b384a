"""How "Para fazer na lista" looks."""

import reflex as rx

from lastlink_ui.subscribers.filters import PAST_PATH
from lastlink_ui.text import t
from lastlink_ui.web.components import (
    actions_cell,
    badge,
    button,
    cell,
    copy_button,
    empty_state,
    header_cell,
    link_button,
    live_dot,
    notice,
    page_header,
    person_cell,
    row,
    skeleton,
    table,
    text_field,
)
from lastlink_ui.web.frame import FrameState, dashboard
from lastlink_ui.web.todo_list.courtesy_form import CourtesyState, courtesy_dialog
from lastlink_ui.web.todo_list.rows import TaskRow
from lastlink_ui.web.todo_list.state import TodoListState
from lastlink_ui.web.todo_list.transfers import TransfersState, transfers

ROUTE = "/lista"
TITLE = t("lista.title")
ON_LOAD = [
    FrameState.load,
    TodoListState.load,
    TransfersState.load,
    FrameState.follow,
    TodoListState.follow,
    TransfersState.follow,
]


def todo_list() -> rx.Component:
    """What waits, newest first, with what the hand needs for it."""
    return dashboard(
        page_header(
            t("lista.title"),
            live_dot(),
            button(t("lista.add"), kind="primary", icon_name="user-plus", on_click=CourtesyState.begin),
            count=TodoListState.count,
        ),
        rx.el.p(t("lista.what"), class_name="page-lead"),
        notice(CourtesyState.result, kind="good"),
        notice(
            TodoListState.done_sentence,
            button(t("lista.undo"), kind="link", on_click=TodoListState.undo),
            kind="good",
        ),
        transfers(),
        rx.cond(TodoListState.ready, rx.cond(TodoListState.tasks, _tasks(), _nothing()), _first_load()),
        _past(),
        courtesy_dialog(),
        current=ROUTE,
    )


def _tasks() -> rx.Component:
    return rx.fragment(
        table(
            t("lista.title"),
            [
                header_cell(t("lista.column.profile")),
                header_cell(t("lista.column.wish")),
                header_cell(t("lista.column.reason")),
                header_cell(t("lista.column.actions"), hidden=True),
            ],
            rx.foreach(TodoListState.tasks, _task),
        ),
        rx.cond(
            TodoListState.has_more,
            rx.el.div(button(t("lista.more"), on_click=TodoListState.show_more), class_name="page-more"),
        ),
    )


def _task(task: rx.vars.ObjectVar[TaskRow]) -> rx.Component:
    return row(
        person_cell(task.initials, task.tone, task.name, task.handle),
        cell(badge(task.wish, task.wish_tone), place="beside"),
        cell(rx.el.span(task.reason, class_name="capital"), rx.el.time(task.when, title=task.when_exactly)),
        actions_cell(
            copy_button(
                task.profile, t("lista.copy"), kind="quiet", aria_label=t("lista.copy_of", handle=task.handle)
            ),
            link_button(
                t("lista.open"),
                task.profile_link,
                kind="quiet",
                icon_name="external-link",
                target="_blank",
                rel="noopener noreferrer",
                aria_label=t("lista.open_of", handle=task.handle),
            ),
            button(t("lista.done"), icon_name="check", on_click=TodoListState.done(task.id)),
        ),
        key=task.id,
    )


def _nothing() -> rx.Component:
    return empty_state(t("lista.empty.title"), t("lista.empty.sentence"), icon_name="list-checks")


def _first_load() -> rx.Component:
    return rx.el.div(*(skeleton(height="48px") for _ in range(4)), class_name="page-skeleton")


def _past() -> rx.Component:
    """Asks for the list of a day gone by; the browser itself sends it, and gets a file."""
    return rx.el.section(
        rx.el.h2(t("lista.past.title")),
        rx.el.p(t("lista.past.what"), class_name="muted"),
        rx.el.form(
            text_field(t("lista.past.day"), "dia", type="date", required=True, max=TodoListState.today),
            button(t("lista.past.download"), icon_name="download", submit=True),
            action=PAST_PATH,
            method="get",
            on_submit=None,
            class_name="past-form",
        ),
        class_name="page-section",
    )
