"""The own page as a fan sees it: each subscription with everything that can be done about it."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import account_status, button, copy_button, icon, notice
from lastlink_ui.web.fan_page.cards import Card, PaymentLine
from lastlink_ui.web.fan_page.dialogs import fan_dialogs
from lastlink_ui.web.fan_page.state import FanPageState
from lastlink_ui.web.signed_in_fan import FanSessionOver
from lastlink_ui.web.thanks.receipt import Fact

ROUTE = "/minha-assinatura"
TITLE = t("fan_page.title")
ON_LOAD = [FanPageState.load, FanPageState.follow]

_CardVar = rx.vars.ObjectVar[Card]


def fan_page() -> rx.Component:
    """Nothing until it is known what there is; nothing of it any more once the session is over."""
    return rx.el.main(
        rx.el.noscript(rx.el.p(t("fan_page.needs_script"), class_name="fan-empty")),
        rx.cond(FanSessionOver.over, _over(), rx.cond(FanPageState.ready, _page())),
        class_name="fan",
    )


def _over() -> rx.Component:
    return rx.fragment(
        rx.el.h1(t("fan_page.title")),
        notice(FanPageState.said, kind="good"),
        rx.el.p(t("fan_page.over"), class_name="fan-sentence"),
        rx.el.p(
            rx.el.a(
                t("fan_page.enter_again"),
                href=ROUTE,
                reload_document=True,
                class_name="button button-primary button-wide",
            ),
            class_name="fan-after",
        ),
    )


def _page() -> rx.Component:
    return rx.fragment(
        rx.el.h1(t("fan_page.title")),
        rx.el.div(
            rx.el.span(FanPageState.email),
            rx.el.form(
                button(t("fan_page.leave"), kind="link", submit=True),
                action=f"{ROUTE}/sair",
                method="post",
                on_submit=None,
            ),
            class_name="own-who",
        ),
        notice(FanPageState.said, kind="good"),
        notice(rx.cond(FanPageState.asking == "", FanPageState.trouble, ""), kind="error"),
        rx.cond(
            FanPageState.cards,
            rx.el.div(rx.foreach(FanPageState.cards, _card), class_name="own-cards"),
            rx.el.p(t("fan_page.nothing"), class_name="fan-empty"),
        ),
        _data(),
        fan_dialogs(),
    )


def _card(card: _CardVar) -> rx.Component:
    return rx.el.article(
        rx.el.header(
            rx.el.div(
                rx.el.h2(card.plan, id=f"plano-{card.id}"),
                rx.el.a(card.creator, href=card.creator_page),
            ),
            account_status(card.status_code, card.status),
            class_name="own-head",
        ),
        rx.el.div(
            rx.cond(card.under_way, rx.el.p(icon("clock", 16), card.under_way, class_name="own-note")),
            rx.cond(card.refused, rx.el.p(icon("circle-alert", 16), card.refused, class_name="own-note")),
            rx.cond(card.withdrawn, _withdrawn(card)),
            role="status",
        ),
        rx.cond(card.line, _voucher(card)),
        rx.cond(card.has_access, _access(card)),
        rx.el.dl(rx.foreach(card.facts, _fact), class_name="fan-facts"),
        _actions(card),
        rx.cond(card.payments, _payments(card)),
        key=card.id,
        aria_labelledby=f"plano-{card.id}",
        class_name="own-card",
    )


def _fact(fact: rx.vars.ObjectVar[Fact]) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.name), rx.el.dd(fact.value))


def _actions(card: _CardVar) -> rx.Component:
    return rx.el.div(
        rx.cond(
            card.can_undo,
            button(t("fan_page.undo"), kind="primary", wide=True, on_click=FanPageState.undo(card.id)),
        ),
        rx.cond(
            card.card_page,
            rx.el.a(
                t("fan_page.change_card"),
                href=card.card_page,
                reload_document=True,
                class_name="button button-wide",
            ),
        ),
        rx.cond(
            card.offers,
            button(t("fan_page.change.button"), wide=True, on_click=FanPageState.ask("change", card.id)),
        ),
        rx.cond(
            card.can_withdraw,
            rx.fragment(
                button(
                    t("fan_page.withdraw.button"),
                    wide=True,
                    on_click=FanPageState.ask("withdraw", card.id),
                ),
                rx.el.p(card.withdraw_hint, class_name="own-hint"),
            ),
        ),
        rx.cond(
            card.can_cancel,
            button(t("fan_page.cancel.button"), wide=True, on_click=FanPageState.ask("cancel", card.id)),
        ),
        class_name="own-actions",
    )


def _withdrawn(card: _CardVar) -> rx.Component:
    return rx.el.section(
        rx.el.h3(t("fan_page.withdrawn.title")),
        rx.el.p(card.withdrawn),
        rx.el.p(t("fan_page.protocol"), " ", rx.el.strong(card.protocol)),
        rx.cond(card.account, rx.el.p(t("fan_page.account_told"), " ", rx.el.strong(card.account))),
        rx.cond(
            card.account_button,
            button(card.account_button, wide=True, on_click=FanPageState.ask("account", card.id)),
        ),
        class_name="fan-access",
    )


def _voucher(card: _CardVar) -> rx.Component:
    return rx.el.section(
        rx.el.h3(t("fan_page.boleto"), " ", card.due),
        rx.el.code(card.line, class_name="fan-line"),
        copy_button(card.line_digits, t("thanks.copy_line"), kind="primary", wide=True),
        rx.el.a(
            t("thanks.voucher"),
            href=card.voucher,
            target="_blank",
            rel="noopener noreferrer",
            class_name="button button-wide",
        ),
        class_name="fan-access",
    )


def _access(card: _CardVar) -> rx.Component:
    return rx.el.section(
        rx.el.h3(t("thanks.access")),
        rx.cond(card.access_text, rx.el.p(card.access_text)),
        rx.cond(
            card.access_link,
            rx.el.a(
                t("thanks.access_link"),
                href=card.access_link,
                target="_blank",
                rel="noopener noreferrer",
                class_name="button button-primary button-wide",
            ),
        ),
        class_name="fan-access",
    )


def _payments(card: _CardVar) -> rx.Component:
    return rx.el.details(
        rx.el.summary(t("fan_page.payments")),
        rx.el.ul(rx.foreach(card.payments, _payment)),
        class_name="own-payments",
    )


def _payment(payment: rx.vars.ObjectVar[PaymentLine]) -> rx.Component:
    return rx.el.li(
        rx.el.span(payment.when),
        rx.el.span(payment.status, class_name="muted"),
        rx.el.strong(payment.amount),
        rx.cond(
            payment.receipt,
            rx.el.a(
                t("fan_page.receipt"),
                href=payment.receipt,
                reload_document=True,
                aria_label=payment.receipt_label,
            ),
            rx.el.span(),
        ),
        key=payment.id,
    )


def _data() -> rx.Component:
    """The copy, and the deletion, which each creator does by itself."""
    return rx.el.section(
        rx.el.h2(t("fan_page.data.title")),
        rx.el.p(t("fan_page.data.what")),
        rx.el.a(
            t("fan_page.data.download"),
            href=f"{ROUTE}/dados.json",
            reload_document=True,
            download=True,
            class_name="button button-wide",
        ),
        rx.foreach(FanPageState.creators, _delete),
        class_name="own-data",
    )


def _delete(card: _CardVar) -> rx.Component:
    return button(
        rx.fragment(t("fan_page.data.delete"), " ", card.creator),
        wide=True,
        on_click=FanPageState.ask("delete", card.id),
        key=card.creator_id,
    )
