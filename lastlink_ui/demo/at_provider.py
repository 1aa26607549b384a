"""The objects behind the first demo subscribers at the sandbox, loaded through its bulk endpoint."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from lastlink_ui.core.period import Period
from lastlink_ui.demo.names import MadeUp
from lastlink_ui.demo.writing import Deal, customer_id, provider_number, subscription_id
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.lifecycle import DisputeStatus, PaymentFacts, PaymentStatus

_TIMEOUT_SECONDS = 60
_INTERVALS: dict[Period, tuple[str, int]] = {
    Period.MONTHLY: ("month", 1),
    Period.QUARTERLY: ("month", 3),
    Period.SEMIANNUAL: ("month", 6),
    Period.ANNUAL: ("year", 1),
}
_INVOICE_STATUSES = {
    PaymentStatus.PAID: "paid",
    PaymentStatus.PENDING: "open",
    PaymentStatus.FAILED: "open",
    PaymentStatus.EXPIRED: "void",
}


@dataclass(slots=True)
class History:
    """What the sandbox is told, in the shape that `POST /_sandbox/load` takes."""

    customers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    products: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    prices: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    subscriptions: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def add_plan(self, plan: Plan) -> None:
        """The plan's product and price; `plan` must name them."""
        created, (interval, count) = _seconds(plan.created_at), _INTERVALS[plan.period]
        self.products.append({"id": plan.provider_product_id, "name": plan.name, "created": created})
        self.prices.append(
            {
                "id": plan.provider_price_id,
                "product": plan.provider_product_id,
                "unit_amount": plan.amount,
                "created": created,
                "interval": interval,
                "interval_count": count,
            }
        )

    def add_fan(self, person: MadeUp, deals: Sequence[Deal], prices: dict[Any, str]) -> None:
        """The fan's customer and subscriptions; `prices` has each plan's price id."""
        customer = customer_id(deals[0].number)
        created = _seconds(deals[0].story.started_at)
        self.customers.append(
            {"id": customer, "email": person.email, "name": person.name, "created": created}
        )
        for deal in deals:
            self.subscriptions.append(_subscription(deal, customer, prices[deal.plan]))

    async def load(self, sandbox_api: str) -> None:
        """Tell the sandbox at that address. Raises: httpx.HTTPError. Telling it twice changes nothing."""
        told = {
            "customers": self.customers,
            "products": self.products,
            "prices": self.prices,
            "subscriptions": self.subscriptions,
        }
        async with httpx.AsyncClient(base_url=sandbox_api, timeout=_TIMEOUT_SECONDS) as client:
            (await client.post("/_sandbox/load", json=told)).raise_for_status()


def _subscription(deal: Deal, customer: str, price: str) -> dict[str, Any]:
    facts = deal.story.facts
    return {
        "id": subscription_id(deal.number),
        "customer": customer,
        "price": price,
        "created": _seconds(deal.story.started_at),
        "status": deal.story.provider_status,
        "cancel_at_period_end": facts.cancel_at_period_end,
        "canceled_at": _optional(facts.canceled_at),
        "ended_at": _optional(facts.ended_at),
        "current_period_start": _seconds(facts.payments[-1].period_start),
        "current_period_end": _seconds(facts.payments[-1].period_end),
        "collection": facts.payments[-1].method.value,
        "invoices": [
            _invoice(payment, provider_number(deal.number, nth)) for nth, payment in enumerate(facts.payments)
        ],
    }


def _invoice(payment: PaymentFacts, number: str) -> dict[str, Any]:
    invoice: dict[str, Any] = {
        "id": f"in_{number}",
        "payment_intent": f"pi_{number}",
        "charge": f"ch_{number}" if payment.is_paid else None,
        "amount": payment.amount,
        "status": _INVOICE_STATUSES[payment.status],
        "method": payment.method.value,
        "created": _seconds(payment.period_start),
        "paid_at": _optional(payment.paid_at),
        "period_start": _seconds(payment.period_start),
        "period_end": _seconds(payment.period_end),
    }
    if payment.refunded_at:
        invoice["refund"] = {"id": f"re_{number}", "created": _seconds(payment.refunded_at)}
    if payment.disputed_at:
        lost = payment.dispute is DisputeStatus.LOST
        invoice["dispute"] = {
            "id": f"dp_{number}",
            "created": _seconds(payment.disputed_at),
            "status": "lost" if lost else "needs_response",
        }
    return invoice


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def _optional(instant: datetime | None) -> int | None:
    return None if instant is None else _seconds(instant)
