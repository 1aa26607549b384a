"""Which of the creator's plans the provider's charges are for."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select
from sqlmodel import col

from lastlink_ui.billing.gateway import PaymentSeen, SubscriptionSeen
from lastlink_ui.core.ids import PlanId
from lastlink_ui.core.period import Period
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
    asked = {"creator": subscription.creator_id, "products": sorted(products_of(seen))}
    found = await uow.session.execute(_SOLD_AS, asked)
    return terms_by({str(row[0]): (row[1], row[2]) for row in found}, terms_of(subscription), seen)


def products_of(seen: SubscriptionSeen) -> set[str]:
    """What the last paid charge and the next one are for, at the provider."""
    paid = _last_paid(seen)
    return {seen.product_id, paid.product_id if paid else ""} - {""}


def terms_by(sold_as: Mapping[str, tuple[PlanId, Period]], known: Terms, seen: SubscriptionSeen) -> Terms:
    """What the subscription is sold for, where `sold_as` says which plans the products are."""

    def price(product: str, amount: int) -> Price | None:
        if product not in sold_as:
            return None
        plan, period = sold_as[product]
        return Price(plan, amount, period)

    paid = _last_paid(seen)
    charged = price(paid.product_id, paid.facts.amount) if paid else None
    return terms_after(known, charged, price(seen.product_id, seen.amount))


def _last_paid(seen: SubscriptionSeen) -> PaymentSeen | None:
    paid = (payment for payment in seen.payments if payment.facts.is_paid)
    return max(paid, key=lambda payment: by_period(payment.facts), default=None)
