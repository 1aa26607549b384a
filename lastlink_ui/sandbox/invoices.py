"""Invoices and their payments: what one billing period costs and whether it was paid."""

from typing import Literal

from .books import Books
from .errors import InvalidRequest
from .ids import derived_id, new_id
from .params import Group, ListParams
from .shapes import listing, shaped
from .types import Obj


class InvoiceList(ListParams):
    """GET /v1/invoices."""

    customer: str | None = None
    status: Literal["draft", "open", "paid", "uncollectible", "void"] | None = None
    subscription: str | None = None


class PaymentFilter(Group):
    """Which payment an invoice payment stands for."""

    type: Literal["payment_intent"]
    payment_intent: str | None = None


class InvoicePaymentList(ListParams):
    """GET /v1/invoice_payments."""

    invoice: str | None = None
    payment: PaymentFilter | None = None
    status: Literal["canceled", "open", "paid"] | None = None

    def conditions(self) -> list[tuple[str, str, object]]:
        """Return the filters; the payment is found by its intent."""
        filters = [condition for condition in super().conditions() if condition[0] != "payment"]
        if self.payment and self.payment.payment_intent:
            filters.append(("payment_intent", "=", self.payment.payment_intent))
        return filters


def new_invoice(
    invoice_id: str,
    subscription: Obj,
    customer: Obj,
    *,
    created: int,
    period_start: int,
    period_end: int,
    billing_reason: str,
    amount: int | None = None,
) -> Obj:
    """Return a draft for one period of a subscription."""
    item = subscription["items"]["data"][0]
    price = item["price"]
    total = price["unit_amount"] * item["quantity"] if amount is None else amount
    return shaped(
        "invoice",
        id=invoice_id,
        amount_due=total,
        amount_paid=0,
        amount_remaining=total,
        attempt_count=0,
        attempted=False,
        auto_advance=True,
        billing_reason=billing_reason,
        created=created,
        currency="brl",
        customer=customer["id"],
        customer_email=customer["email"],
        customer_name=customer["name"],
        effective_at=None,
        hosted_invoice_url=None,
        invoice_pdf=None,
        lines=listing(
            f"/v1/invoices/{invoice_id}/lines",
            [_line(invoice_id, subscription, item, price, total, period_start, period_end)],
        ),
        number=None,
        parent={
            "quote_details": None,
            "subscription_details": {
                "metadata": subscription["metadata"],
                "subscription": subscription["id"],
            },
            "type": "subscription_details",
        },
        # The provider's own rule: an invoice is dated by the period that ends when it is made.
        period_start=created if billing_reason == "subscription_create" else period_start,
        period_end=created if billing_reason == "subscription_create" else period_start,
        status="draft",
        status_transitions=_transitions(),
        subtotal=total,
        subtotal_excluding_tax=total,
        test_clock=subscription["test_clock"],
        total=total,
        total_excluding_tax=total,
    )


def new_invoice_payment(payment_id: str, invoice: Obj, intent: Obj, *, created: int) -> Obj:
    """Return the link between an invoice and the intent that is to pay it."""
    return shaped(
        "invoice_payment",
        id=payment_id,
        amount_paid=None,
        amount_requested=invoice["amount_due"],
        created=created,
        currency="brl",
        invoice=invoice["id"],
        payment={"payment_intent": intent["id"], "type": "payment_intent"},
        status="open",
        status_transitions={"canceled_at": None, "paid_at": None},
    )


def finalized(invoice: Obj, *, number: str, origin: str, at: int) -> Obj:
    """Return the changes that make a draft final."""
    return {
        "status": "open",
        "number": number,
        "effective_at": at,
        "hosted_invoice_url": f"{origin}/i/{invoice['id']}",
        "invoice_pdf": f"{origin}/i/{invoice['id']}/pdf",
        "status_transitions": {**invoice["status_transitions"], "finalized_at": at},
    }


def paid(invoice: Obj, *, at: int) -> Obj:
    """Return the changes that a received payment makes."""
    return {
        "status": "paid",
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempted": True,
        "attempt_count": invoice["attempt_count"] + 1,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status_transitions": {**invoice["status_transitions"], "paid_at": at},
    }


def payment_paid(payment: Obj, *, at: int) -> Obj:
    """Return the changes that settle an invoice payment."""
    return {
        "status": "paid",
        "amount_paid": payment["amount_requested"],
        "status_transitions": {"canceled_at": None, "paid_at": at},
    }


def void(books: Books, invoice: Obj, now: int) -> Obj:
    """Void an open or draft invoice. Raises: InvalidRequest for one that is paid or void."""
    if invoice["status"] not in {"draft", "open", "uncollectible"}:
        raise InvalidRequest("You can only pass in open invoices. This invoice isn't open.", param="invoice")
    for payment in books.store.select_by("invoice_payment", invoice=invoice["id"], status="open"):
        books.change(payment, status="canceled", status_transitions={"canceled_at": now, "paid_at": None})
    return books.change(
        invoice,
        "invoice.voided",
        status="void",
        auto_advance=False,
        next_payment_attempt=None,
        status_transitions={**invoice["status_transitions"], "voided_at": now},
    )


def intent_of(books: Books, invoice: Obj) -> Obj | None:
    """Return the intent that is to pay an invoice, or has."""
    payments = books.store.select_by("invoice_payment", invoice=invoice["id"])
    return books.get("payment_intent", payments[0]["payment"]["payment_intent"]) if payments else None


def _transitions() -> Obj:
    return {"finalized_at": None, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None}


def _line(
    invoice_id: str, subscription: Obj, item: Obj, price: Obj, total: int, period_start: int, period_end: int
) -> Obj:
    return {
        "id": derived_id("il", invoice_id),
        "object": "line_item",
        "amount": total,
        "currency": "brl",
        "description": f"{item['quantity']} x {price['nickname'] or price['product']}",
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice_id,
        "livemode": False,
        "metadata": subscription["metadata"],
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        "period": {"end": period_end, "start": period_start},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "quantity_decimal": str(item["quantity"]),
        "subtotal": total,
        "taxes": [],
    }


def open_payment(books: Books, invoice: Obj, intent: Obj, now: int) -> Obj:
    """Link a new intent to an invoice."""
    return books.add(new_invoice_payment(new_id("inpay"), invoice, intent, created=now))
