"""How the plan editor looks: the form, and beside it the public page as it would be."""

from typing import Any

import reflex as rx

from lastlink_ui.core.period import Period
from lastlink_ui.plans import rules
from lastlink_ui.text import t
from lastlink_ui.web.components import (
    button,
    check_box,
    dialog,
    dialog_actions,
    notice,
    select_field,
    text_area,
    text_field,
)
from lastlink_ui.web.plans.editor import POPULAR, PlanEditorState
from lastlink_ui.web.public.front import page_preview

_PAUSE_MS = 400


def plan_editor() -> rx.Component:
    """The dialog; the page has the buttons that open it."""
    return dialog(
        PlanEditorState.title,
        rx.cond(
            PlanEditorState.open,
            rx.el.div(
                _form(),
                page_preview(PlanEditorState.preview),
                class_name="plan-editor",
                # A form that begins anew is another one: what stands in its fields is the browser's.
                key=PlanEditorState.opened,
            ),
        ),
        open=PlanEditorState.open,
        on_dismiss=PlanEditorState.dismiss,
        wide=True,
    )


def _form() -> rx.Component:
    periods = [rx.el.option(t(f"period.{period}"), value=period.value) for period in Period]
    return rx.el.form(
        rx.cond(
            PlanEditorState.is_draft,
            rx.el.div(
                rx.el.span(t("plans.editor.draft")),
                button(t("plans.editor.discard"), on_click=PlanEditorState.discard),
                class_name="notice notice-info plan-draft",
            ),
        ),
        notice(PlanEditorState.trouble, kind="error"),
        text_field(t("plans.field.nome"), "nome", max_length=200, auto_complete="off", **_typing("nome")),
        rx.el.div(
            text_field(
                t("plans.field.preco"),
                "preco",
                hint=t("plans.field.preco_hint"),
                input_mode="decimal",
                auto_complete="off",
                placeholder="29,90",
                **_typing("preco"),
            ),
            select_field(
                t("plans.field.periodo"),
                "periodo",
                *periods,
                error=PlanEditorState.errors["periodo"],
                default_value=PlanEditorState.first["periodo"],
                on_change=lambda period: PlanEditorState.check("periodo", period),
            ),
            class_name="field-pair",
        ),
        notice(PlanEditorState.keeping),
        text_field(
            t("plans.field.descricao"),
            "descricao",
            hint=t("plans.field.descricao_hint"),
            auto_complete="off",
            **_typing("descricao"),
        ),
        text_area(
            t("plans.field.beneficios"),
            "beneficios",
            hint=t("plans.field.beneficios_hint"),
            max_length=2000,
            rows=4,
            **_typing("beneficios"),
        ),
        text_area(
            t("plans.field.acesso"),
            "acesso",
            hint=t("plans.field.acesso_hint"),
            max_length=rules.ACCESS_TEXT_MAX,
            **_typing("acesso"),
        ),
        text_field(
            t("plans.field.link"),
            "link",
            input_mode="url",
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
            placeholder="https://",
            **_typing("link"),
        ),
        check_box(
            t("plans.field.popular"),
            POPULAR,
            default_checked=PlanEditorState.first_popular,
            on_change=PlanEditorState.mark_popular,
        ),
        dialog_actions(
            button(t("plans.editor.cancel"), on_click=PlanEditorState.dismiss),
            button(t("plans.editor.save"), kind="primary", submit=True),
        ),
        on_submit=PlanEditorState.save,
        no_validate=True,
        # A browser without a live page must not send the form anywhere, least of all into an address.
        method="post",
    )


def _typing(name: str) -> dict[str, Any]:
    """A field that keeps what is typed to itself, and has it checked at each pause and on leaving."""
    return {
        "error": PlanEditorState.errors[name],
        "default_value": PlanEditorState.first[name],
        "on_change": lambda text: PlanEditorState.check(name, text).debounce(_PAUSE_MS),
        "on_blur": lambda text: PlanEditorState.check(name, text),
    }
