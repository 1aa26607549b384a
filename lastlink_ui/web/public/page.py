"""The public page as a fan sees it: who it is, the plans, one form, one button."""

from typing import Any

import reflex as rx

from lastlink_ui.plans.storefront import PlanCard
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.text import t
from lastlink_ui.web.components import (
    leave_for,
    notice,
    remove_prerendered,
    select_field,
    submit_button,
    text_field,
)
from lastlink_ui.web.public.form import ADDRESS_MAX, NAME_MAX, NUMBER_MAX, STATES, Field
from lastlink_ui.web.public.front import creator_header, plan_card
from lastlink_ui.web.public.state import MethodChoice, PublicPageState

ROUTE = "/[creator_handle]"
TITLE = PublicPageState.shop.title
ON_LOAD = [PublicPageState.load, PublicPageState.follow]

_PAUSE_MS = 500


def public_page() -> rx.Component:
    """Nothing until the creator's data is here; then all of it in one step."""
    return rx.fragment(
        rx.cond(PublicPageState.ready, rx.cond(PublicPageState.gone, _gone(), _page())),
        remove_prerendered(PublicPageState.ready),
    )


def _gone() -> rx.Component:
    return rx.el.main(
        rx.el.h1(t("site.not_found.heading")),
        rx.el.p(t("public.gone"), class_name="fan-empty"),
        class_name="fan",
    )


def _page() -> rx.Component:
    shop = PublicPageState.shop
    return rx.el.main(
        creator_header(shop),
        rx.cond(
            PublicPageState.waiting_page,
            rx.el.div(
                rx.el.span(
                    t("public.waiting"),
                    " ",
                    rx.el.a(t("public.waiting_link"), href=PublicPageState.waiting_page),
                ),
                class_name="notice notice-info",
            ),
        ),
        rx.cond(
            shop.plans,
            rx.cond(PublicPageState.methods, _form(), _closed()),
            rx.el.p(t("public.no_plans"), class_name="fan-empty"),
        ),
        class_name="fan",
        custom_attrs={"style": shop.colours},
    )


def _closed() -> rx.Component:
    """The plans of a creator who cannot be paid now."""
    return rx.fragment(
        _group(
            "fan-plans",
            t("public.choose_plan"),
            Field.PLAN,
            rx.foreach(PublicPageState.shop.plans, lambda plan: plan_card(plan, disabled=True)),
        ),
        rx.el.p(t("public.closed"), class_name="fan-empty"),
    )


def _form() -> rx.Component:
    errors = PublicPageState.errors
    return rx.el.form(
        _group(
            "fan-plans", t("public.choose_plan"), Field.PLAN, rx.foreach(PublicPageState.shop.plans, _plan)
        ),
        rx.el.div(
            text_field(
                t("public.field.name"),
                Field.NAME.value,
                error=errors[Field.NAME.value],
                auto_complete="name",
                max_length=NAME_MAX,
                **_typing(Field.NAME, PublicPageState.first.nome),
            ),
            text_field(
                t("public.field.handle"),
                Field.HANDLE.value,
                hint=t("public.field.handle_hint"),
                error=errors[Field.HANDLE.value],
                auto_complete="off",
                auto_capitalize="none",
                spell_check=False,
                max_length=200,
                **_typing(Field.HANDLE, PublicPageState.first.perfil),
            ),
            text_field(
                t("public.field.email"),
                Field.EMAIL.value,
                error=errors[Field.EMAIL.value],
                # Not type="email": browsers rewrite what is typed there, and judge it in their own words.
                input_mode="email",
                auto_complete="email",
                auto_capitalize="none",
                spell_check=False,
                max_length=254,
                **_typing(Field.EMAIL, PublicPageState.first.email),
            ),
            _group(
                "",
                t("public.field.method"),
                Field.METHOD,
                rx.el.div(rx.foreach(PublicPageState.methods, _method), class_name="fan-methods"),
            ),
            rx.cond(PublicPageState.paying == Method.BOLETO.value, _boleto()),
            _before_paying(),
            class_name="fan-form",
        ),
        on_submit=PublicPageState.subscribe,
        no_validate=True,
        # A browser without a live page must not send the form anywhere, least of all into an address.
        method="post",
    )


def _group(class_name: str, title: str, field: Field, *children: Any) -> rx.Component:
    """Radio buttons under their title, with the error that belongs to them."""
    return rx.el.fieldset(
        rx.el.legend(title, id=f"{field}-title"),
        *children,
        rx.el.span(
            PublicPageState.errors[field.value], id=f"{field}-error", class_name="field-error", role="alert"
        ),
        # As a prop, Reflex takes the role of a fieldset for a style.
        custom_attrs={"role": "radiogroup"},
        aria_labelledby=f"{field}-title",
        aria_describedby=f"{field}-error",
        class_name=f"fan-group {class_name}".strip(),
    )


def _plan(plan: rx.vars.ObjectVar[PlanCard]) -> rx.Component:
    return plan_card(
        plan,
        name=Field.PLAN.value,
        value=plan.id,
        default_checked=PublicPageState.chosen == plan.id,
        on_change=PublicPageState.choose,
    )


def _method(method: rx.vars.ObjectVar[MethodChoice]) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name=Field.METHOD.value,
            value=method.code,
            default_checked=PublicPageState.paying == method.code,
            on_change=PublicPageState.pay_by,
        ),
        method.label,
        class_name="fan-method",
        key=method.code,
    )


def _boleto() -> rx.Component:
    """Who the boleto is made out to. What the provider is handed here, its page need not ask again."""
    first = PublicPageState.first
    return rx.el.div(
        rx.el.p(t("public.field.boleto_why"), class_name="fan-why"),
        _asked(
            Field.TAX_ID, first.documento, auto_complete="off", auto_capitalize="characters", max_length=24
        ),
        rx.el.div(
            _asked(
                Field.POSTAL_CODE, first.cep, auto_complete="postal-code", input_mode="numeric", max_length=12
            ),
            rx.el.div(
                select_field(
                    t("public.field.uf"),
                    Field.STATE.value,
                    rx.el.option(t("public.field.uf_choose"), value=""),
                    *(rx.el.option(state, value=state) for state in STATES),
                    error=PublicPageState.errors[Field.STATE.value],
                    auto_complete="address-level1",
                    required=True,
                    default_value=first.uf,
                    # A select takes its first value when it is made, and never again.
                    key=first.uf,
                    on_change=lambda text: PublicPageState.check(Field.STATE.value, text),
                ),
            ),
            class_name="fan-pair",
        ),
        _asked(Field.STREET, first.rua, auto_complete="address-line1", max_length=ADDRESS_MAX),
        rx.el.div(
            _asked(Field.NUMBER, first.numero, auto_complete="off", max_length=NUMBER_MAX),
            _asked(
                Field.COMPLEMENT,
                first.complemento,
                auto_complete="address-line2",
                max_length=ADDRESS_MAX,
                required=False,
            ),
            class_name="fan-pair",
        ),
        rx.el.div(
            _asked(Field.DISTRICT, first.bairro, auto_complete="address-level3", max_length=ADDRESS_MAX),
            _asked(Field.CITY, first.cidade, auto_complete="address-level2", max_length=ADDRESS_MAX),
            class_name="fan-pair",
        ),
        class_name="fan-boleto",
    )


def _asked(field: Field, first: Any, **props: Any) -> rx.Component:
    return text_field(
        t(f"public.field.{field}"),
        field.value,
        error=PublicPageState.errors[field.value],
        spell_check=False,
        **(_typing(field, first) | props),
    )


def _before_paying() -> rx.Component:
    offer, sending = PublicPageState.offer, PublicPageState.sending
    # The browser follows it by itself: for the app it would be a page of its own.
    way = rx.el.a(t("public.submit.open_now"), href=PublicPageState.payment_page, reload_document=True)
    opening = rx.el.div(rx.el.span(t("public.submit.opening"), " ", way), class_name="notice notice-info")
    return rx.fragment(
        leave_for(PublicPageState.payment_page, PublicPageState.visit),
        rx.el.div(
            notice(PublicPageState.trouble, kind="error"),
            rx.el.div(
                rx.cond(PublicPageState.payment_page, opening),
                rx.cond(
                    PublicPageState.sent,
                    rx.el.div(rx.el.span(PublicPageState.sent), class_name="notice notice-info"),
                ),
                role="status",
            ),
            submit_button(
                rx.cond(sending, t("public.submit.under_way"), offer.button),
                busy=sending,
                class_name="fan-submit",
            ),
            class_name="fan-pay",
        ),
        rx.el.div(
            rx.cond(offer.charge, rx.el.p(rx.el.strong(offer.charge))),
            rx.el.p(t("public.terms.cancel")),
            _terms(),
            rx.el.p(
                t("public.terms.subscribed"),
                " ",
                rx.el.a(t("public.terms.own_page"), href="/minha-assinatura", reload_document=True),
            ),
            class_name="fan-fine",
        ),
    )


def _terms() -> rx.Component:
    """What pressing the button agrees to, in words that fit a phone."""
    sentences = (
        t("public.terms.recurring"),
        t("public.terms.cancelling"),
        PublicPageState.shop.withdrawal,
        t("public.terms.data"),
    )
    return rx.el.div(
        rx.el.p(t("public.terms.accept")),
        rx.el.details(
            rx.el.summary(t("public.terms.heading")),
            rx.el.ul(*(rx.el.li(sentence) for sentence in sentences)),
        ),
        class_name="fan-terms",
    )


def _typing(field: Field, first: str) -> dict[str, Any]:
    """A field that keeps what is typed to itself, and has it checked at each pause and on leaving."""
    return {
        "default_value": first,
        "on_change": lambda text: PublicPageState.check(field.value, text).debounce(_PAUSE_MS),
        "on_blur": lambda text: PublicPageState.check(field.value, text),
        "required": True,
    }
