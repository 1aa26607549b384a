"""What the own page asks before it does anything: once, in plain words."""

from typing import Any

import reflex as rx

from lastlink_ui.subscribers.withdrawal import ACCOUNT_MAX
from lastlink_ui.text import t
from lastlink_ui.web.components import button, dialog, dialog_actions, notice, text_field
from lastlink_ui.web.components.buttons import Kind
from lastlink_ui.web.fan_page.cards import OfferLine
from lastlink_ui.web.fan_page.state import ACCOUNT, PLAN, FanPageState

_asked: Any = FanPageState.asked


def fan_dialogs() -> rx.Component:
    """One for each thing that is asked about."""
    return rx.fragment(
        _dialog("cancel", FanPageState.cancel, rx.el.p(_asked.cancel_sentence)),
        _dialog("change", FanPageState.change_plan, _offers(), kind="primary"),
        _dialog(
            "withdraw",
            FanPageState.withdraw,
            rx.el.p(_asked.withdraw_sentence),
            rx.cond(_asked.asks_account, _account()),
        ),
        _dialog("account", FanPageState.withdraw, rx.el.p(_asked.withdrawn), _account(), kind="primary"),
        _dialog(
            "delete",
            FanPageState.delete,
            rx.el.p(t("fan_page.delete.sentence")),
            rx.el.p(t("fan_page.delete.kept"), class_name="muted"),
        ),
    )


def _offers() -> rx.Component:
    return rx.fragment(
        rx.el.p(_asked.change_sentence),
        rx.el.fieldset(
            rx.el.legend(t("fan_page.change.plans"), class_name="field-label"),
            rx.foreach(_asked.offers, _offer),
            class_name="choices",
        ),
        rx.el.p(t("fan_page.change.other_period"), class_name="muted"),
    )


def _offer(offer: rx.vars.ObjectVar[OfferLine]) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name=PLAN, value=offer.id),
        rx.el.span(offer.name, " · ", offer.price),
        key=offer.id,
        class_name="checkbox",
    )


def _account() -> rx.Component:
    return text_field(
        t("fan_page.withdraw.account"),
        ACCOUNT,
        hint=t("fan_page.withdraw.account_hint"),
        error=FanPageState.account_error,
        default_value=_asked.account,
        auto_complete="off",
        max_length=ACCOUNT_MAX,
    )


def _dialog(what: str, submit: Any, *content: rx.Component, kind: Kind = "danger") -> rx.Component:
    is_open = FanPageState.asking == what
    return dialog(
        t(f"fan_page.{what}.title"),
        rx.cond(
            is_open,
            rx.el.form(
                rx.el.p(
                    rx.el.strong(_asked.creator),
                    *([" · ", _asked.plan, " · ", _asked.price] if what != "delete" else []),
                ),
                notice(FanPageState.trouble, kind="error"),
                *content,
                dialog_actions(
                    button(t("fan_page.keep"), on_click=FanPageState.dismiss),
                    button(t(f"fan_page.{what}.confirm"), kind=kind, submit=True),
                ),
                on_submit=submit,
                no_validate=True,
                class_name="own-dialog",
            ),
        ),
        open=is_open,
        on_dismiss=FanPageState.dismiss,
    )
