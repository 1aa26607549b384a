"""The drawer with everything about one subscription."""

from typing import Any

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import account_status, avatar, button, drawer, notice
from lastlink_ui.web.subscribers.detail import Line
from lastlink_ui.web.subscribers.past import past_question
from lastlink_ui.web.subscribers.state import SubscribersState

_detail: Any = SubscribersState.detail


def detail_drawer() -> rx.Component:
    """Open while the address names a subscription."""
    return drawer(
        t("subscribers.detail.title"),
        rx.cond(
            SubscribersState.is_open,
            rx.cond(_detail.name, _content(), notice(t("subscribers.detail.missing"), kind="warning")),
        ),
        open=SubscribersState.is_open,
        on_dismiss=SubscribersState.close_detail,
    )


def _content() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            avatar(_detail.initials, _detail.tone, large=True),
            rx.el.div(rx.el.strong(_detail.name), rx.el.small(_detail.handle)),
            account_status(_detail.status, _detail.status_label),
            class_name="detail-who",
        ),
        rx.el.h3(t("subscribers.detail.data")),
        rx.el.dl(
            rx.foreach(_detail.data, lambda line: rx.el.div(rx.el.dt(line.label), rx.el.dd(line.value))),
            class_name="facts",
        ),
        rx.cond(
            _detail.can_cancel,
            rx.el.div(
                button(t("subscribers.action.cancel"), on_click=SubscribersState.ask_cancel(_detail.id)),
                class_name="detail-actions",
            ),
        ),
        past_question(_detail.id),
        rx.el.h3(t("subscribers.detail.payments")),
        rx.cond(
            _detail.payments,
            rx.el.ul(rx.foreach(_detail.payments, _payment), class_name="detail-list"),
            rx.el.p(t("subscribers.detail.no_payments"), class_name="muted"),
        ),
        rx.el.h3(t("subscribers.detail.timeline")),
        rx.el.ol(rx.foreach(_detail.timeline, _happened), class_name="detail-list"),
    )


def _payment(line: rx.vars.ObjectVar[Line]) -> rx.Component:
    return rx.el.li(rx.el.span(line.label, rx.el.small(line.note)), rx.el.span(line.value))


def _happened(line: rx.vars.ObjectVar[Line]) -> rx.Component:
    return rx.el.li(
        rx.el.span(line.label, rx.cond(line.note, rx.el.small(line.note))), rx.el.time(line.value)
    )
