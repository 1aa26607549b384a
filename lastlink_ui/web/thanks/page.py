"""The return page as a fan sees it: paid or not yet, what was bought, how to get at it, how to stop."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import copy_button, icon
from lastlink_ui.web.thanks.receipt import Fact
from lastlink_ui.web.thanks.state import ThanksState

ROUTE = "/obrigado/[checkout_token]"
TITLE = rx.cond(ThanksState.ready, ThanksState.receipt.heading, t("thanks.title"))
ON_LOAD = ThanksState.follow


def thanks() -> rx.Component:
    """Nothing until it is known how far the payment came."""
    return rx.cond(ThanksState.ready, _receipt())


def _receipt() -> rx.Component:
    receipt = ThanksState.receipt
    is_known = receipt.stage != "unknown"
    return rx.el.main(
        # Announced when it changes: the fan may be looking elsewhere while the payment goes through.
        rx.el.div(
            rx.match(
                receipt.stage,
                ("confirmed", _mark("check", "tone-green")),
                ("waiting", _mark("clock", "tone-amber fan-waiting")),
                ("boleto", _mark("barcode", "tone-amber")),
                _mark("circle-off", "tone-grey"),
            ),
            rx.el.h1(receipt.heading),
            rx.el.p(receipt.sentence, class_name="fan-sentence"),
            role="status",
        ),
        rx.cond(receipt.stage == "confirmed", _access()),
        rx.cond(receipt.stage == "boleto", _voucher()),
        rx.cond(is_known, rx.el.dl(rx.foreach(receipt.facts, _fact), class_name="fan-facts")),
        rx.cond(
            is_known,
            rx.el.div(
                rx.el.p(t("thanks.manage")),
                rx.el.p(rx.el.a(t("thanks.own_page"), href="/minha-assinatura", reload_document=True)),
                rx.el.p(rx.el.a(receipt.back_label, href=receipt.back)),
                class_name="fan-after",
            ),
        ),
        class_name="fan",
    )


def _mark(name: str, tone: str) -> rx.Component:
    return rx.el.div(icon(name, 30), class_name=f"fan-mark {tone}")


def _fact(fact: rx.vars.ObjectVar[Fact]) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.name), rx.el.dd(fact.value))


def _voucher() -> rx.Component:
    receipt = ThanksState.receipt
    return rx.el.section(
        rx.el.h2(t("thanks.line"), id="linha"),
        rx.el.code(receipt.line, class_name="fan-line"),
        copy_button(receipt.line_digits, t("thanks.copy_line"), kind="primary", wide=True),
        rx.el.a(
            t("thanks.voucher"),
            href=receipt.voucher,
            target="_blank",
            rel="noopener noreferrer",
            class_name="button button-wide",
        ),
        aria_labelledby="linha",
        class_name="fan-access",
    )


def _access() -> rx.Component:
    receipt = ThanksState.receipt
    return rx.el.section(
        rx.el.h2(t("thanks.access"), id="acesso"),
        rx.cond(receipt.access_text, rx.el.p(receipt.access_text)),
        rx.cond(
            receipt.access_link,
            rx.el.a(
                t("thanks.access_link"),
                href=receipt.access_link,
                target="_blank",
                rel="noopener noreferrer",
                class_name="button button-primary button-wide",
            ),
        ),
        aria_labelledby="acesso",
        class_name="fan-access",
    )
