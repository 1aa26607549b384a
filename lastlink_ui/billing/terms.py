"""Which of the creator's plans the provider's charges are for."""

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.billing.gateway import SubscriptionSeen
from lastlink_ui.db import UnitOfWork
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.lifecycle import by_period
from lastlink_ui.subscribers.models import Subscription
from lastlink_ui.subscribers.recording import terms_of
from lastlink_ui.subscribers.terms import Price, Terms, terms_after


async def terms_seen(uow: UnitOfWork, subscription: Subscription, seen: SubscriptionSeen) -> Terms:
    """What the subscription is sold for, by a look at the provider."""
    paid = max(
        (each for each in seen.payments if each.facts.is_paid),
        key=lambda each: by_period(each.facts),
        default=None,
    )
    products = {seen.product_id, paid.product_id if paid else ""} - {""}
    found = await uow.session.scalars(
        select(Plan).where(
            col(Plan.creator_id) == subscription.creator_id, col(Plan.provider_product_id).in_(products)
        )
    )
    plans = {plan.provider_product_id: plan for plan in found}

    def price(product: str, amount: int) -> Price | None:
        plan = plans.get(product)
        return Price(plan.id, amount, plan.period) if plan else None

    return terms_after(
        terms_of(subscription),
        price(paid.product_id, paid.facts.amount) if paid else None,
        price(seen.product_id, seen.amount),
    )
