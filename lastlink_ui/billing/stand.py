"""What was known of a subscription when a look at it was begun, and whether the look says anything new."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.billing.gateway import PaymentSeen, SubscriptionSeen
from lastlink_ui.billing.terms import products_of, terms_by
from lastlink_ui.core.ids import CreatorId, FanId, PlanId, SubscriptionId
from lastlink_ui.core.period import Period
from lastlink_ui.db.gathered import gathered
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.lifecycle import (
    PaymentFacts,
    Status,
    SubscriptionFacts,
    facts_of,
    merge,
    standing,
)
from lastlink_ui.subscribers.loading import FACTS
from lastlink_ui.subscribers.models import Payment, Subscription
from lastlink_ui.subscribers.recording import Voucher, kept_due_at
from lastlink_ui.subscribers.terms import Price, Terms

_PAID = (
    col(Payment.provider_invoice_id),
    col(Payment.provider_payment_intent_id),
    col(Payment.voucher_line),
    col(Payment.voucher_url),
    *FACTS,
)


@dataclass(frozen=True, slots=True)
class _Paid:
    """A payment as it was written down."""

    payment_intent_id: str | None
    voucher: Voucher | None
    facts: PaymentFacts

    def is_as(self, seen: PaymentSeen) -> bool:
        """Whether to write down what was seen would change nothing."""
        facts = replace(seen.facts, due_at=kept_due_at(seen.facts, self.facts.due_at))
        return self == _Paid(seen.payment_intent_id, seen.voucher, facts)

    def beside(self, glance: PaymentSeen) -> PaymentSeen:
        """The payment with what a glance does not show as it is known."""
        known = self.facts
        facts = replace(
            glance.facts,
            method=known.method,
            refund=known.refund,
            refunded_amount=known.refunded_amount,
            refunded_at=known.refunded_at,
            dispute=known.dispute,
            disputed_at=known.disputed_at,
        )
        return replace(glance, facts=facts)


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a subscription had come here."""

    id: SubscriptionId
    fan_id: FanId
    revision: int
    status: Status
    access_until: datetime | None
    facts: SubscriptionFacts
    payments: Mapping[str, _Paid]
    """By their invoices."""
    terms: Terms
    sold_as: Mapping[str, tuple[PlanId, Period]]
    """Its plan, by the product that it is at the provider."""

    def is_told_nothing_new_by_a_glance(self, glance: SubscriptionSeen) -> bool:
        """The same of one that has nothing of what was paid with and of what moved back: that is as known.

        What moves back has news of its own.
        """
        payments = (
            known.beside(payment) if (known := self.payments.get(payment.invoice_id)) else payment
            for payment in glance.payments
        )
        return self.is_told_nothing_new_by(replace(glance, payments=tuple(payments)))

    def is_told_nothing_new_by(self, seen: SubscriptionSeen) -> bool:
        """Whether all that was seen, and all that follows from it, is written down already."""
        if self.status is Status.PAYMENT_PENDING:
            return False  # a mail may follow from it
        if products_of(seen) - set(self.sold_as):
            return False
        if not all(
            (known := self.payments.get(payment.invoice_id)) and known.is_as(payment)
            for payment in seen.payments
        ):
            return False
        now = replace(
            self.facts,
            cancel_at_period_end=seen.cancel_at_period_end,
            canceled_at=seen.canceled_at,
            ended_at=seen.ended_at,
        )
        return (
            merge(self.facts, now) == self.facts
            and standing(self.facts).is_of(self.status, self.access_until)
            and terms_by(self.sold_as, self.terms, seen) == self.terms
        )


async def stand_of(connection: AsyncConnection, creator: CreatorId, provider_id: str) -> Stand | None:
    """How far the creator's subscription has come here; None where it is not known."""
    query = _stand(is_sqlite=connection.dialect.name == "sqlite")
    found = await connection.execute(query, {"creator": creator, "provider_id": provider_id})
    if (row := found.one_or_none()) is None:
        return None
    payments = {
        invoice: _Paid(intent, Voucher(line, url or "") if line else None, PaymentFacts(*facts))
        for invoice, intent, line, url, *facts in row[-1]
    }
    paid = Price(row.plan_id, row.amount, row.period)
    later = (
        Price(row.next_plan_id, row.next_amount, row.period)
        if row.next_plan_id and row.next_amount is not None
        else None
    )
    return Stand(
        row.id,
        row.fan_id,
        row.revision,
        row.status,
        row.access_until,
        facts_of(
            cancel_at_period_end=row.cancel_at_period_end,
            canceled_at=row.canceled_at,
            ended_at=row.ended_at,
            payments=[payment.facts for payment in payments.values()],
        ),
        payments,
        Terms(paid, later),
        {row.provider_product_id: (row.plan_id, row.period)},
    )


# Written once: building a statement takes longer than asking it.
@cache
def _stand(*, is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    payments = gathered(_PAID, col(Payment.subscription_id) == col(Subscription.id), is_sqlite=is_sqlite)
    return (
        select(
            col(Subscription.id),
            col(Subscription.fan_id),
            col(Subscription.revision),
            col(Subscription.status),
            col(Subscription.access_until),
            col(Subscription.cancel_at_period_end),
            col(Subscription.canceled_at),
            col(Subscription.ended_at),
            col(Subscription.plan_id),
            col(Subscription.amount),
            col(Subscription.period),
            col(Subscription.next_plan_id),
            col(Subscription.next_amount),
            col(Plan.provider_product_id),
            payments,
        )
        .join(Plan, col(Plan.id) == col(Subscription.plan_id))
        .where(
            col(Subscription.creator_id) == bindparam("creator"),
            col(Subscription.provider_subscription_id) == bindparam("provider_id"),
        )
    )
