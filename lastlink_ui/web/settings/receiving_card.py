"""The card "Recebimentos": what is missing, the methods, and the two keys."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import button, copy_button, notice, switch, text_field
from lastlink_ui.web.settings.receiving import KEY, SECRET, MethodSwitch, ReceivingState


def receiving_card() -> rx.Component:
    """How the creator is paid, and what fans are offered because of it."""
    return rx.el.section(
        rx.el.h2(t("receiving.title"), id="recebimentos"),
        rx.cond(
            ReceivingState.ready,
            rx.fragment(
                rx.cond(
                    ReceivingState.key_hint,
                    rx.fragment(),
                    rx.el.div(rx.el.span(t("receiving.nothing_sold")), class_name="notice notice-info"),
                ),
                notice(ReceivingState.result, kind="good"),
                notice(ReceivingState.trouble, kind="error"),
                rx.el.fieldset(
                    rx.el.legend(t("receiving.methods")),
                    rx.foreach(ReceivingState.methods, _method),
                    class_name="switches",
                ),
                _keys(),
            ),
        ),
        aria_labelledby="recebimentos",
        class_name="card page-card",
    )


def _method(method: rx.vars.ObjectVar[MethodSwitch]) -> rx.Component:
    return switch(
        method.label,
        method.note,
        f"metodo-{method.code}",
        checked=method.is_on,
        disabled=~method.is_available,
        on_change=lambda is_on: ReceivingState.offer(method.code, is_on.to(bool)),
    )


def _keys() -> rx.Component:
    errors, private = (
        ReceivingState.errors,
        {"type": "password", "auto_complete": "off", "spell_check": False},
    )
    return rx.el.form(
        rx.el.h3(t("receiving.keys")),
        rx.el.p(t("receiving.keys_what"), class_name="muted"),
        text_field(
            t("receiving.key"),
            KEY,
            hint=rx.cond(
                ReceivingState.key_hint,
                ReceivingState.key_note,
                t("receiving.key_hint"),
            ),
            error=errors[KEY],
            max_length=255,
            key=f"key-{ReceivingState.saved}",
            **private,
        ),
        rx.el.div(
            rx.el.span(t("receiving.address"), class_name="field-label"),
            rx.el.div(
                rx.el.code(ReceivingState.address, class_name="address"),
                copy_button(ReceivingState.address, t("receiving.copy_address")),
                class_name="address-line",
            ),
            rx.el.details(
                rx.el.summary(t("receiving.events")),
                rx.el.p(ReceivingState.event_types, class_name="muted"),
            ),
            class_name="field",
        ),
        text_field(
            t("receiving.secret"),
            SECRET,
            hint=ReceivingState.secret_note,
            error=errors[SECRET],
            max_length=255,
            key=f"secret-{ReceivingState.saved}",
            **private,
        ),
        rx.el.div(
            button(t("receiving.save"), kind="primary", submit=True),
            class_name="page-actions",
        ),
        on_submit=ReceivingState.connect,
        no_validate=True,
        method="post",
        class_name="receiving-keys",
    )
