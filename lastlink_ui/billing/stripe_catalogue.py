"""Plans in Stripe's catalogue: a product each, with one price for sale."""

from typing import Any

import stripe

from lastlink_ui.billing.gateway import PlanListed, Price
from lastlink_ui.billing.stripe_once import once_free
from lastlink_ui.core.money import CURRENCY
from lastlink_ui.core.period import Period

_RECURRING: dict[Period, tuple[str, int]] = {
    Period.MONTHLY: ("month", 1),
    Period.QUARTERLY: ("month", 3),
    Period.SEMIANNUAL: ("month", 6),
    Period.ANNUAL: ("year", 1),
}
_MOST_PRICES = 100
_EXISTS = "resource_already_exists"


async def list_plan(api: stripe.V1Services, plan: PlanListed, key: str) -> Price:
    """The plan's product as it is to be, and its price; other prices of it are no longer for sale.

    Whoever subscribes at one of those goes on paying it: https://docs.stripe.com/products-prices/manage-prices
    """
    product_id = await _product(api, plan, key)
    for_sale = await api.prices.list_async({"product": product_id, "active": True, "limit": _MOST_PRICES})
    same = [price.id for price in for_sale.data if _is_price_of(plan, price)]
    price_id = same[0] if same else await _create_price(api, plan, product_id, key)
    for price in for_sale.data:
        if price.id not in same:
            await api.prices.update_async(price.id, {"active": False})
    return Price(product_id, price_id)


async def _product(api: stripe.V1Services, plan: PlanListed, key: str) -> str:
    """Its id is the plan's own: asking for it twice cannot make two of it."""
    product_id = plan.product_id or f"plan_{plan.plan_id}"
    if plan.product_id is None and await _is_new(api, plan, product_id, key):
        return product_id
    await api.products.update_async(
        product_id, {"name": plan.name, "description": plan.description, "active": plan.is_offered}
    )
    return product_id


async def _is_new(api: stripe.V1Services, plan: PlanListed, product_id: str, key: str) -> bool:
    wanted: Any = {
        "id": product_id,
        "name": plan.name,
        "active": plan.is_offered,
        "metadata": {"plan_id": plan.plan_id},
    }
    if plan.description:  # an empty one is no value to begin with
        wanted["description"] = plan.description
    try:
        await once_free(api.products.create_async, wanted, {"idempotency_key": f"{key}:product"})
    except stripe.InvalidRequestError as error:
        if error.code != _EXISTS:
            raise
        return False
    return True


async def _create_price(api: stripe.V1Services, plan: PlanListed, product_id: str, key: str) -> str:
    interval, count = _RECURRING[plan.period]
    made = await once_free(
        api.prices.create_async,
        {
            "product": product_id,
            "currency": CURRENCY.lower(),
            "unit_amount": plan.amount,
            "recurring": {"interval": interval, "interval_count": count},  # pyright: ignore[reportArgumentType]
            "metadata": {"plan_id": plan.plan_id},
        },
        {"idempotency_key": f"{key}:price"},
    )
    return made.id


def _is_price_of(plan: PlanListed, price: stripe.Price) -> bool:
    recurring = price.recurring
    return (
        recurring is not None
        and price.currency == CURRENCY.lower()
        and price.unit_amount == plan.amount
        and (recurring.interval, recurring.interval_count) == _RECURRING[plan.period]
    )
