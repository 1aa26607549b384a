"""A small history to load: card and boleto, paid, open, void, refunded, disputed."""

from typing import Any

DAY = 86_400
NOW = 1_795_000_000
_AGO = NOW - 60 * DAY


def invoice(number: str, **fields: object) -> dict[str, Any]:
    """One period's invoice, paid by card unless `fields` say otherwise."""
    return {
        "id": f"in_{number}",
        "payment_intent": f"pi_{number}",
        "charge": f"ch_{number}",
        "amount": 2_990,
        "status": "paid",
        "method": "card",
        "created": NOW - 20 * DAY,
        "paid_at": NOW - 20 * DAY,
        "period_start": NOW - 20 * DAY,
        "period_end": NOW + 10 * DAY,
        **fields,
    }


def subscription(name: str, *invoices: dict[str, Any], **fields: object) -> dict[str, Any]:
    """One active card subscription unless `fields` say otherwise."""
    return {
        "id": f"sub_{name}",
        "customer": "cus_loaded",
        "price": "price_loaded",
        "created": _AGO,
        "status": "active",
        "current_period_start": NOW - 20 * DAY,
        "current_period_end": NOW + 4_000 * DAY,
        "collection": "card",
        "invoices": list(invoices),
        **fields,
    }


HISTORY: dict[str, Any] = {
    "customers": [
        {
            "id": "cus_loaded",
            "created": _AGO,
            "email": "ana@example.com",
            "name": "Ana",
            "metadata": {"a": "1"},
        }
    ],
    "products": [{"id": "prod_loaded", "name": "Plano Prata", "created": _AGO}],
    "prices": [{"id": "price_loaded", "product": "prod_loaded", "unit_amount": 2_990, "created": _AGO}],
    "subscriptions": [
        subscription("card", invoice("card1"), invoice("card2")),
        subscription("late", invoice("late1"), invoice("late2", status="open"), status="past_due"),
        subscription("boleto", invoice("boleto1", method="boleto"), collection="boleto"),
        subscription(
            "waiting",
            invoice("waiting1", method="boleto", status="open", paid_at=None),
            collection="boleto",
            status="incomplete",
        ),
        subscription(
            "refunded",
            invoice("refunded1", refund={"id": "re_loaded", "created": NOW, "status": "succeeded"}),
            status="canceled",
            canceled_at=NOW,
            ended_at=NOW,
        ),
        subscription(
            "disputed", invoice("disputed1", dispute={"id": "dp_loaded", "created": NOW, "status": "lost"})
        ),
        subscription(
            "void", invoice("void1", status="void"), status="canceled", canceled_at=NOW, ended_at=NOW
        ),
    ],
}
