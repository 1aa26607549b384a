"""Which of the creator's plans the provider's charges are for."""

from sqlalchemy import bindparam, select
from sqlmodel import col

from lastlink_ui.billing.gateway import SubscriptionSeen
from lastlink_ui.db import UnitOfWork
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.lifecycle import by_period
from lastlink_ui.subscribers.models import Subscription
from lastlink_ui.subscribers.recording import terms_of
from lastlink_ui.subscribers.terms import Price, Terms, terms_after

# Written once: building a statement takes longer than asking it.
_SOLD_AS = select(col(Plan.provider_product_id), col(Plan.id), col(Plan.period)).where(
    col(Plan.creator_id) == bindparam("creator"),
    col(Plan.provider_product_id).in_(bindparam("products", expanding=True)),
)


async def terms_seen(uow: UnitOfWork, subscription: Subscription, seen: SubscriptionSeen) -> Terms:
    """What the subscription is sold for, by a look at the provider."""
    paid = max(
        (each for each in seen.payments if each.facts.is_paid),
        key=lambda each: by_period(each.facts),
        default=None,
    )
    products = {seen.product_id, paid.product_id if paid else ""} - {""}
    creator = subscription.creator_id
    found = await uow.session.execute(_SOLD_AS, {"creator": creator, "products": sorted(products)})
    plans = {row[0]: (row[1], row[2]) for row in found}

    def price(product: str, amount: int) -> Price | None:
        if product not in plans:
            return None
        plan, period = plans[product]
        return Price(plan, amount, period)

    return terms_after(
        terms_of(subscription),
        price(paid.product_id, paid.facts.amount) if paid else None,
        price(seen.product_id, seen.amount),
    )
