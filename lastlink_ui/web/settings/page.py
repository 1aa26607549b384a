"""How "Configurações" looks."""

import reflex as rx

from lastlink_ui.core.routes import SECOND_STEP
from lastlink_ui.text import t
from lastlink_ui.web.components import (
    Tone,
    actions_cell,
    badge,
    button,
    cell,
    header_cell,
    notice,
    page_header,
    row,
    table,
)
from lastlink_ui.web.components.theme import theme_choice
from lastlink_ui.web.frame import FrameState, dashboard, sign_out_button
from lastlink_ui.web.settings.email import email_card
from lastlink_ui.web.settings.history import HistoryState, history_section
from lastlink_ui.web.settings.password import password_card
from lastlink_ui.web.settings.receiving import ReceivingState
from lastlink_ui.web.settings.receiving_card import receiving_card
from lastlink_ui.web.settings.retention import RetentionState, retention_card
from lastlink_ui.web.settings.state import SessionRow, SettingsState
from lastlink_ui.web.settings.withdrawing import WithdrawingState, withdrawing_card

ROUTE = "/configuracoes"
TITLE = t("settings.title")
ON_LOAD = [
    FrameState.load,
    SettingsState.load,
    ReceivingState.load,
    WithdrawingState.load,
    RetentionState.load,
    HistoryState.load,
    FrameState.follow,
]


def settings() -> rx.Component:
    """The account, how the pages look, and where the account is open."""
    return dashboard(
        page_header(t("settings.title"), sign_out_button()),
        notice(SettingsState.result, kind="good"),
        rx.el.section(
            rx.el.h2(t("settings.account")),
            rx.el.dl(
                _fact(t("settings.name"), SettingsState.name),
                _fact(t("settings.handle"), SettingsState.handle),
                _fact(t("settings.email"), SettingsState.email),
                class_name="facts",
            ),
            class_name="card page-card",
        ),
        receiving_card(),
        withdrawing_card(),
        email_card(),
        password_card(),
        _second_step(),
        retention_card(),
        rx.el.section(
            rx.el.h2(t("settings.look")),
            rx.el.div(theme_choice(), class_name="page-actions"),
            class_name="card page-card",
        ),
        rx.el.section(
            rx.el.h2(t("settings.sessions"), class_name="page-section"),
            rx.el.p(t("settings.sessions_what"), class_name="muted"),
            table(
                t("settings.sessions"),
                [
                    header_cell(t("settings.column.browser")),
                    header_cell(t("settings.column.seen")),
                    header_cell(t("settings.column.since")),
                    header_cell(t("settings.column.actions"), hidden=True),
                ],
                rx.foreach(SettingsState.sessions, _session),
            ),
            rx.cond(
                SettingsState.has_others,
                rx.el.div(
                    button(t("settings.revoke_others"), on_click=SettingsState.revoke_others),
                    class_name="page-actions",
                ),
            ),
        ),
        history_section(),
        current=ROUTE,
    )


def _second_step() -> rx.Component:
    """Turned on and off on a page of its own, whose secrets no state of ours ever holds."""
    is_on = SettingsState.second_step
    return rx.el.section(
        rx.el.h2(t("settings.second_step.title"), id="second-step"),
        rx.el.p(rx.cond(is_on, t("settings.second_step.on"), t("settings.second_step.off"))),
        rx.el.div(
            rx.el.a(
                rx.cond(is_on, t("settings.second_step.manage"), t("settings.second_step.turn_on")),
                href=SECOND_STEP,
                reload_document=True,
                class_name="button",
            ),
            class_name="page-actions",
        ),
        aria_labelledby="second-step",
        class_name="card page-card",
    )


def _fact(label: str, value: rx.Var[str] | str) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(value))


def _session(session: rx.vars.ObjectVar[SessionRow]) -> rx.Component:
    return row(
        rx.el.th(rx.el.strong(session.browser), scope="row"),
        cell(rx.cond(session.is_this, badge(session.seen, Tone.GREEN), session.seen), place="beside"),
        cell(session.since),
        actions_cell(
            rx.cond(
                session.is_this,
                rx.fragment(),
                button(t("settings.revoke"), on_click=SettingsState.revoke(session.id)),
            )
        ),
        key=session.id,
    )
