"""Subscribers of a bench's database, put at a sandbox too, so that a look at them finds something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.bench.ground import Ground
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.ids import PlanId
from lastlink_ui.plans.models import Plan
from lastlink_ui.settings import SANDBOX_KEY, Settings
from lastlink_ui.subscribers.lifecycle import Method, PaymentStatus, Status
from lastlink_ui.subscribers.models import Payment, Subscription
from lastlink_ui.wiring import build

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class OnSale:
    """One subscription that is known here and at the provider, and its paid invoice there."""

    subscription_id: str
    invoice: dict[str, Any]


async def put_on_sale(ground: Ground, sandbox_port: int, count: int) -> list[OnSale]:
    """The latest active subscriptions by card with their last payments, and the creator's account there."""
    origin = f"http://127.0.0.1:{sandbox_port}"
    async with ground.services.database.reading() as session:
        found = await session.execute(
            select(Subscription, Payment)
            .join(Payment, col(Payment.id) == col(Subscription.last_payment_id))
            .where(
                col(Subscription.creator_id) == ground.creator,
                col(Subscription.status) == Status.ACTIVE,
                col(Subscription.method) == Method.CARD,
                col(Payment.status) == PaymentStatus.PAID,
                col(Payment.refund_status).is_(None),
            )
            .order_by(col(Subscription.started_at).desc(), col(Subscription.id).desc())
            .limit(count)
        )
        rows = [(row[0], row[1]) for row in found]
        mine = col(Plan.creator_id) == ground.creator
        sold = await session.execute(select(col(Plan.id), col(Plan.provider_product_id)).where(mine))
        products = {row[0]: str(row[1]) for row in sold}
    async with httpx.AsyncClient(base_url=origin, auth=(SANDBOX_KEY, ""), timeout=60) as client:
        (await client.post("/_sandbox/load", json=_history(rows, products))).raise_for_status()
        invoices: list[dict[str, Any]] = []
        for start in range(0, len(rows), _AT_ONCE):
            for _, payment in rows[start : start + _AT_ONCE]:
                answer = await client.get(f"/v1/invoices/{payment.provider_invoice_id}")
                invoices.append(answer.raise_for_status().json())
    await _connect(ground, sandbox_port)
    return [
        OnSale(str(subscription.provider_subscription_id), invoice)
        for (subscription, _), invoice in zip(rows, invoices, strict=True)
    ]


async def _connect(ground: Ground, sandbox_port: int) -> None:
    known = ground.settings
    services = build(
        Settings(data_dir=known.data_dir, database_url=known.database_url, sandbox_port=sandbox_port)
    )
    try:
        await services.accounts_at_provider.connect(ground.creator, SANDBOX_KEY, "", SYSTEM)
    finally:
        await services.database.dispose()


def _history(rows: Sequence[tuple[Subscription, Payment]], products: Mapping[PlanId, str]) -> dict[str, Any]:
    first = min(_seconds(subscription.started_at) for subscription, _ in rows)
    return {
        "customers": [
            {
                "id": f"cus_{row.id.hex}",
                "email": f"{row.id.hex}@example.com",
                "created": _seconds(row.started_at),
            }
            for row, _ in rows
        ],
        "products": [{"id": each, "name": each, "created": first} for each in products.values()],
        "prices": [
            {"id": f"{product}_{amount}", "product": product, "unit_amount": amount, "created": first}
            for product, amount in sorted({(products[row.plan_id], payment.amount) for row, payment in rows})
        ],
        "subscriptions": [_subscription(row, payment, products[row.plan_id]) for row, payment in rows],
    }


def _subscription(row: Subscription, payment: Payment, product: str) -> dict[str, Any]:
    start, end = _seconds(payment.period_start), _seconds(payment.period_end)
    return {
        "id": row.provider_subscription_id,
        "customer": f"cus_{row.id.hex}",
        "price": f"{product}_{payment.amount}",
        # As a checkout of ours writes it.
        "metadata": {"creator_id": str(row.creator_id)},
        "created": _seconds(row.started_at),
        "status": "active",
        "current_period_start": start,
        "current_period_end": end,
        "invoices": [
            {
                "id": payment.provider_invoice_id,
                "payment_intent": payment.provider_payment_intent_id,
                "charge": f"ch_{payment.id.hex}",
                "amount": payment.amount,
                "status": "paid",
                "created": start,
                "paid_at": _seconds(payment.paid_at or payment.period_start),
                "period_start": start,
                "period_end": end,
            }
        ],
    }


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
