"""How "Planos" looks."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import (
    Tone,
    actions_cell,
    badge,
    button,
    cell,
    dialog,
    dialog_actions,
    drag_handle,
    empty_state,
    header_cell,
    icon_button,
    notice,
    page_header,
    row,
    skeleton,
    table,
)
from lastlink_ui.web.frame import FrameState, dashboard
from lastlink_ui.web.plans.editor import PlanEditorState
from lastlink_ui.web.plans.editor_view import plan_editor
from lastlink_ui.web.plans.rows import PlanRow
from lastlink_ui.web.plans.state import PlansState

ROUTE = "/planos"
TITLE = t("plans.title")
ON_LOAD = [FrameState.load, PlansState.load, FrameState.follow, PlansState.follow]


def plans() -> rx.Component:
    """What is offered, in the order of the public page; below it what no longer is."""
    return dashboard(
        page_header(t("plans.title"), _new_button()),
        rx.el.p(t("plans.what"), class_name="page-lead"),
        notice(PlansState.result, kind="good"),
        rx.cond(PlansState.ready, rx.cond(PlansState.offered, _offered(), _nothing()), _first_load()),
        rx.cond(PlansState.archived, _archived()),
        plan_editor(),
        _question(),
        current=ROUTE,
    )


def _new_button() -> rx.Component:
    return button(t("plans.new"), kind="primary", icon_name="plus", on_click=PlanEditorState.write_new)


def _offered() -> rx.Component:
    return table(
        t("plans.title"),
        _header(),
        rx.foreach(PlansState.offered, _offered_row),
        on_place=PlansState.place,
    )


def _archived() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("plans.archived"), class_name="page-section"),
        table(t("plans.archived"), _header(), rx.foreach(PlansState.archived, _archived_row)),
    )


def _header() -> list[rx.Component]:
    return [
        header_cell(t("plans.column.plan")),
        header_cell(t("plans.column.price"), number=True),
        header_cell(t("plans.column.subscribers"), number=True),
        header_cell(t("plans.column.actions"), hidden=True),
    ]


def _offered_row(plan: rx.vars.ObjectVar[PlanRow]) -> rx.Component:
    return row(
        *_facts(plan),
        actions_cell(
            drag_handle(t("plans.drag")),
            icon_button(
                t("plans.move_up"),
                "arrow-up",
                refusal=rx.cond(plan.is_first, t("plans.is_first"), ""),
                on_press=PlansState.move_up(plan.id),
            ),
            icon_button(
                t("plans.move_down"),
                "arrow-down",
                refusal=rx.cond(plan.is_last, t("plans.is_last"), ""),
                on_press=PlansState.move_down(plan.id),
            ),
            icon_button(t("plans.edit"), "pencil", on_press=PlanEditorState.edit(plan.id)),
            icon_button(t("plans.archive.do"), "archive", on_press=PlansState.ask_to_archive(plan.id)),
        ),
        key=plan.id,
        custom_attrs={"data-id": plan.id},
    )


def _archived_row(plan: rx.vars.ObjectVar[PlanRow]) -> rx.Component:
    return row(
        *_facts(plan),
        actions_cell(
            icon_button(t("plans.edit"), "pencil", on_press=PlanEditorState.edit(plan.id)),
            icon_button(
                t("plans.restore.do"), "archive-restore", on_press=PlansState.ask_to_restore(plan.id)
            ),
        ),
        key=plan.id,
    )


def _facts(plan: rx.vars.ObjectVar[PlanRow]) -> list[rx.Component]:
    return [
        rx.el.th(
            rx.el.span(
                rx.el.button(plan.name, type="button", on_click=PlanEditorState.edit(plan.id)),
                rx.cond(plan.popular, badge(plan.popular, Tone.VIOLET)),
                rx.cond(plan.draft, badge(plan.draft, Tone.AMBER)),
                class_name="plan-name",
            ),
            rx.cond(plan.description, rx.el.small(plan.description)),
            scope="row",
        ),
        rx.el.td(
            plan.price,
            rx.el.small(plan.every, rx.cond(plan.saving, rx.fragment(" · ", plan.saving))),
            class_name="number beside",
        ),
        cell(plan.subscribers, place="number"),
    ]


def _question() -> rx.Component:
    return dialog(
        PlansState.question,
        rx.el.p(PlansState.consequence),
        dialog_actions(
            button(t("plans.keep"), on_click=PlansState.dismiss),
            rx.cond(
                PlansState.archiving,
                button(t("plans.archive.do"), kind="danger", on_click=PlansState.confirm),
                button(t("plans.restore.do"), kind="primary", on_click=PlansState.confirm),
            ),
        ),
        open=PlansState.asking,
        on_dismiss=PlansState.dismiss,
    )


def _nothing() -> rx.Component:
    return empty_state(t("plans.empty.title"), t("plans.empty.sentence"), icon_name="tag")


def _first_load() -> rx.Component:
    return rx.el.div(*(skeleton(height="48px") for _ in range(3)), class_name="page-skeleton")
