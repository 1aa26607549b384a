"""What stands above the form: the creator, and a plan as a card. Also for the creator's own preview.

The same is in the HTML that the server sends first (lastlink_ui/api/public_page.py): the two look alike to
the pixel, so whoever changes one changes the other; a test compares them.
"""

from typing import Any

import reflex as rx

from lastlink_ui.plans.storefront import PlanCard, Storefront
from lastlink_ui.text import t


def creator_header(shop: Storefront) -> rx.Component:
    """The creator's picture, name, profile and text; `shop` is a var of it."""
    return rx.el.header(
        creator_picture(shop),
        rx.el.h1(shop.name),
        rx.el.p(shop.handle, class_name="fan-handle"),
        rx.cond(shop.about, rx.el.p(shop.about, class_name="fan-about")),
    )


def creator_picture(shop: Storefront) -> rx.Component:
    """The creator's picture, or initials on their colour; the name stands below in words."""
    return rx.cond(
        shop.picture,
        rx.el.img(src=shop.picture, alt="", width="88", height="88", class_name="fan-picture"),
        rx.el.div(shop.initials, class_name="fan-picture", aria_hidden="true"),
    )


def plan_card(plan: rx.vars.ObjectVar[PlanCard], **radio: Any) -> rx.Component:
    """A radio button whose accessible name is the plan's own; all else that the card says describes it."""
    title, price, tag, more = (f"{part}-{plan.id}" for part in ("plan", "price", "tag", "more"))
    return rx.el.label(
        rx.cond(plan.tag, rx.el.span(plan.tag, id=tag, class_name="fan-tag")),
        rx.el.input(
            type="radio",
            aria_labelledby=title,
            aria_describedby=f"{price} {tag} {more}",
            class_name="fan-radio",
            **radio,
        ),
        rx.el.span(rx.el.strong(plan.name, id=title), rx.el.span(*_below_the_name(plan), id=more)),
        rx.el.span(plan.price, " ", rx.el.small(plan.every), id=price, class_name="fan-price"),
        class_name="fan-plan",
        # Else a plan that is taken off sale would leave its mark on the one that moves up.
        key=plan.id,
    )


def _below_the_name(plan: rx.vars.ObjectVar[PlanCard]) -> list[rx.Component]:
    return [
        rx.foreach(plan.lines, rx.el.small),
        rx.foreach(plan.benefits, lambda benefit: rx.el.small(benefit, class_name="fan-benefit")),
    ]


def page_preview(shop: Storefront) -> rx.Component:
    """All of it for the creator to look at, as on a phone or wide; `shop` is a var. It cannot be pressed."""
    return rx.el.section(
        rx.el.fieldset(
            rx.el.legend(t("public.preview.title")),
            _size("phone", is_first=True),
            _size("wide", is_first=False),
            class_name="preview-sizes",
        ),
        rx.el.div(
            rx.el.div(
                creator_picture(shop),
                rx.el.p(shop.name, class_name="plan-preview-name"),
                rx.el.p(shop.handle, class_name="fan-handle"),
                rx.cond(shop.about, rx.el.p(shop.about, class_name="fan-about")),
                rx.el.div(rx.foreach(shop.plans, _shown_plan), class_name="fan-group fan-plans"),
                class_name="fan",
                custom_attrs={"style": shop.colours},
            ),
            class_name="plan-preview",
        ),
        class_name="page-preview",
        aria_label=t("public.preview.title"),
    )


def _size(size: str, *, is_first: bool) -> rx.Component:
    # The style sheet draws what is chosen: nothing of it is anybody else's business.
    radio = rx.el.input(type="radio", name="preview-size", value=size, default_checked=is_first)
    return rx.el.label(radio, t(f"public.preview.{size}"))


def _shown_plan(plan: rx.vars.ObjectVar[PlanCard]) -> rx.Component:
    return rx.el.div(
        rx.cond(plan.tag, rx.el.span(plan.tag, class_name="fan-tag")),
        rx.el.span(class_name="fan-radio", aria_hidden="true"),
        rx.el.span(rx.el.strong(plan.name), *_below_the_name(plan)),
        rx.el.span(plan.price, " ", rx.el.small(plan.every), class_name="fan-price"),
        class_name=rx.cond(plan.tag, "fan-plan chosen", "fan-plan"),
        key=plan.id,
    )
