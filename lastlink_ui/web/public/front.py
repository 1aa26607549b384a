"""What stands above the form: the creator, and a plan as a card. Also for the creator's own preview.

The same is in the HTML that the server sends first (lastlink_ui/api/public_page.py): the two look alike to
the pixel, so whoever changes one changes the other; a test compares them.
"""

from typing import Any

import reflex as rx

from lastlink_ui.plans.storefront import PlanCard, Storefront


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
    """A radio button whose accessible name is the plan's own; the price describes it."""
    title, price = f"plan-{plan.id}", f"price-{plan.id}"
    return rx.el.label(
        rx.cond(plan.tag, rx.el.span(plan.tag, class_name="fan-tag")),
        rx.el.input(
            type="radio", aria_labelledby=title, aria_describedby=price, class_name="fan-radio", **radio
        ),
        rx.el.span(rx.el.strong(plan.name, id=title), rx.foreach(plan.lines, rx.el.small)),
        rx.el.span(plan.price, " ", rx.el.small(plan.every), id=price, class_name="fan-price"),
        class_name="fan-plan",
        # Else a plan that is taken off sale would leave its mark on the one that moves up.
        key=plan.id,
    )


def page_preview(shop: Storefront) -> rx.Component:
    """All of it for the creator to look at; `shop` is a var. Nothing in it can be pressed."""
    return rx.el.div(
        creator_picture(shop),
        rx.el.p(shop.name, class_name="plan-preview-name"),
        rx.el.p(shop.handle, class_name="fan-handle"),
        rx.cond(shop.about, rx.el.p(shop.about, class_name="fan-about")),
        rx.el.div(rx.foreach(shop.plans, _shown_plan), class_name="fan-group fan-plans"),
        class_name="fan plan-preview",
        custom_attrs={"style": shop.colours},
    )


def _shown_plan(plan: rx.vars.ObjectVar[PlanCard]) -> rx.Component:
    return rx.el.div(
        rx.cond(plan.tag, rx.el.span(plan.tag, class_name="fan-tag")),
        rx.el.span(class_name="fan-radio", aria_hidden="true"),
        rx.el.span(rx.el.strong(plan.name), rx.foreach(plan.lines, rx.el.small)),
        rx.el.span(plan.price, " ", rx.el.small(plan.every), class_name="fan-price"),
        class_name=rx.cond(plan.tag, "fan-plan chosen", "fan-plan"),
        key=plan.id,
    )
