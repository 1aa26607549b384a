"""The dialogs that state name, plan and amount before anything is done to a row."""

from typing import Any

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import button, check_box, dialog, dialog_actions
from lastlink_ui.web.components.buttons import Kind
from lastlink_ui.web.subscribers.rows import Busy
from lastlink_ui.web.subscribers.state import SubscribersState

_asked: Any = SubscribersState.question


def action_dialogs() -> rx.Component:
    """One for each action that is asked about."""
    return rx.fragment(
        _dialog(
            Busy.REMOVE,
            SubscribersState.remove,
            rx.cond(
                _asked.can_cancel,
                check_box(t("subscribers.dialog.remove.also_cancel"), "also_cancel", value="yes"),
            ),
        ),
        _dialog(Busy.REFUND, SubscribersState.refund, kind="danger"),
        _dialog(Busy.UNDO_CANCEL, SubscribersState.undo_cancel),
        _dialog(Busy.CANCEL, SubscribersState.cancel, _when(), kind="danger"),
    )


def help_dialog() -> rx.Component:
    """The keys of this page."""
    keys = {
        "/": "search",
        "e": "export",
        t("subscribers.help.arrows"): "rows",
        "Enter": "open",
        "Esc": "close",
        "?": "help",
    }
    return dialog(
        t("subscribers.shortcuts"),
        rx.el.dl(
            *(
                rx.el.div(rx.el.dt(rx.el.kbd(key)), rx.el.dd(t(f"subscribers.help.{what}")))
                for key, what in keys.items()
            ),
            class_name="facts",
        ),
        open=SubscribersState.is_helping,
        on_dismiss=SubscribersState.end_help,
    )


def _dialog(action: Busy, submit: Any, *choices: rx.Component, kind: Kind = "primary") -> rx.Component:
    words = f"subscribers.dialog.{action}"
    return dialog(
        t(f"{words}.title"),
        rx.cond(
            SubscribersState.asking == action,
            rx.el.form(
                rx.el.p(t(f"{words}.sentence")),
                _facts(with_payment=action is Busy.REFUND),
                *choices,
                rx.el.input(type="hidden", name="subscription", value=_asked.id, read_only=True),
                dialog_actions(
                    button(t("subscribers.dialog.keep"), on_click=SubscribersState.dismiss),
                    button(t(f"{words}.confirm"), kind=kind, submit=True),
                ),
                on_submit=submit,
            ),
        ),
        open=SubscribersState.asking == action,
        on_dismiss=SubscribersState.dismiss,
    )


def _facts(*, with_payment: bool) -> rx.Component:
    facts = [
        _fact("name", rx.fragment(_asked.name, " ", rx.el.span(_asked.handle, class_name="muted"))),
        _fact("plan", _asked.plan),
        _fact("amount", _asked.amount),
    ]
    if with_payment:
        facts.append(_fact("last_payment", _asked.last_payment))
    return rx.el.dl(*facts, class_name="facts")


def _fact(name: str, value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(t(f"subscribers.dialog.{name}")), rx.el.dd(value))


def _when() -> rx.Component:
    words = "subscribers.dialog.cancel"
    return rx.el.fieldset(
        rx.el.legend(t(f"{words}.when"), class_name="field-label"),
        rx.cond(_asked.can_cancel, _radio("period_end", _asked.at_period_end, chosen=True)),
        _radio("now", t(f"{words}.at_once"), chosen=~_asked.can_cancel),
        class_name="choices",
    )


def _radio(value: str, label: Any, *, chosen: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="when", value=value, default_checked=chosen),
        label,
        class_name="checkbox",
    )
