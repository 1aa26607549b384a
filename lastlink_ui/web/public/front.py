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
        rx.el.div(shop.initials, class_name="fan-picture", aria_hidden="true"),
        rx.el.h1(shop.name),
        rx.el.p(shop.handle, class_name="fan-handle"),
        rx.cond(shop.about, rx.el.p(shop.about, class_name="fan-about")),
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
