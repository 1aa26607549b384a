"""What Stripe's objects (as plain mappings) say in our words: pure translation, every enum taken as open."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from lastlink_ui.billing.gateway import CheckoutSeen, PaymentSeen, RefundSeen, SubscriptionSeen
from lastlink_ui.billing.stripe_plain import Json
from lastlink_ui.subscribers.lifecycle import (
    DisputeStatus,
    Method,
    PaymentFacts,
    PaymentStatus,
    RefundStatus,
)
from lastlink_ui.subscribers.recording import Voucher

# Inquiries ("warning_…") hold no money: https://docs.stripe.com/disputes/how-disputes-work#inquiries
_DISPUTES = {
    "needs_response": DisputeStatus.OPEN,
    "under_review": DisputeStatus.OPEN,
    "won": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
}
_DISPUTE_RANK = (DisputeStatus.LOST, DisputeStatus.OPEN, DisputeStatus.WON)


_NOBODY_PAID = "payment_failed"


def checkout_seen(session: Json) -> CheckoutSeen:
    """How far a Checkout session came."""
    return CheckoutSeen(
        session["id"],
        _id(session.get("subscription")) or None,
        is_complete=session.get("status") == "complete",
        is_expired=session.get("status") == "expired",
    )


def refund_seen(refund: Json) -> RefundSeen:
    """A refund that needs anybody's further step is under way."""
    status = {
        "succeeded": RefundStatus.SUCCEEDED,
        "failed": RefundStatus.FAILED,
        "canceled": RefundStatus.FAILED,
    }.get(str(refund.get("status")), RefundStatus.PENDING)
    return RefundSeen(refund["id"], status)


def subscription_seen(subscription: Json, payments: tuple[PaymentSeen, ...]) -> SubscriptionSeen:
    """A subscription (customer expanded) and its payments. The period's end is on the item."""
    item = cast("Json", subscription["items"]["data"][0])
    customer = subscription["customer"]
    return SubscriptionSeen(
        id=subscription["id"],
        customer_id=_id(customer),
        email=cast("Json", customer).get("email") if isinstance(customer, Mapping) else None,
        amount=int(item["price"]["unit_amount"]) * int(item.get("quantity") or 1),
        product_id=_id(item["price"].get("product")),
        started_at=instant(subscription.get("start_date") or subscription["created"]),
        current_period_end=optional_instant(item.get("current_period_end")),
        cancel_at_period_end=bool(subscription.get("cancel_at_period_end")),
        canceled_at=optional_instant(subscription.get("canceled_at")),
        ended_at=optional_instant(subscription.get("ended_at")),
        payments=payments,
        given_up=cast("Json", subscription.get("cancellation_details") or {}).get("reason") == _NOBODY_PAID,
        metadata=dict(cast("Mapping[str, str]", subscription.get("metadata") or {})),
    )


def payment_seen(
    invoice: Json, intent: Json | None, refunds: Sequence[Json], disputes: Sequence[Json]
) -> PaymentSeen | None:
    """One invoice with the payment intent that paid it, or tried to; None while it is a draft."""
    lines = cast("Sequence[Json]", invoice["lines"]["data"])
    if invoice.get("status") == "draft" or not lines:
        return None
    charge = _charge(intent)
    refunded = [r for r in refunds if refund_seen(r).status is RefundStatus.SUCCEEDED]
    dispute, disputed_at = _dispute(disputes)
    facts = PaymentFacts(
        amount=int(invoice["total"]),
        method=_method(charge, intent),
        status=_payment_status(invoice, intent),
        period_start=instant(min(line["period"]["start"] for line in lines)),
        period_end=instant(max(line["period"]["end"] for line in lines)),
        due_at=_due_at(invoice, intent),
        paid_at=optional_instant(cast("Json", invoice.get("status_transitions") or {}).get("paid_at")),
        refund=_refund_status(refunds),
        refunded_amount=sum(int(r["amount"]) for r in refunded),
        refunded_at=max((instant(r["created"]) for r in refunded), default=None),
        dispute=dispute,
        disputed_at=disputed_at,
        attempts=int(invoice.get("attempt_count") or 0),
    )
    voucher = _voucher(intent) if facts.status is PaymentStatus.PENDING else None
    return PaymentSeen(
        invoice["id"],
        _id(intent) or None,
        instant(invoice["created"]),
        facts,
        voucher,
        product_id=_product(lines[0]),
    )


def _product(line: Json) -> str:
    pricing = cast("Json", line.get("pricing") or {})
    return _id(cast("Json", pricing.get("price_details") or {}).get("product"))


def _charge(intent: Json | None) -> Json | None:
    charge = intent.get("latest_charge") if intent else None
    return cast("Json", charge) if isinstance(charge, Mapping) else None


def _method(charge: Json | None, intent: Json | None) -> Method:
    """What was paid with, else what is waited for, else a card."""
    used = cast("Json", charge.get("payment_method_details") or {}).get("type") if charge else None
    offered = cast("Sequence[str]", intent.get("payment_method_types") or ()) if intent else ()
    for kind in (used, *offered):
        if kind in set(Method):
            return Method(kind)
    return Method.CARD


def invoice_status(invoice: Json) -> PaymentStatus:
    """How far an invoice came, as far as it says so itself: nothing of a payment that failed."""
    status = invoice.get("status")
    if status == "paid":
        return PaymentStatus.PAID
    return PaymentStatus.EXPIRED if status in {"void", "uncollectible"} else PaymentStatus.PENDING


def _payment_status(invoice: Json, intent: Json | None) -> PaymentStatus:
    status = invoice_status(invoice)
    if status is not PaymentStatus.PENDING:
        return status
    waits_for_method = intent is not None and intent.get("status") == "requires_payment_method"
    if not (waits_for_method and invoice.get("attempted")):
        return PaymentStatus.PENDING
    # Nobody refused a boleto: its time ran out.
    return PaymentStatus.EXPIRED if _method(None, intent) is Method.BOLETO else PaymentStatus.FAILED


def _due_at(invoice: Json, intent: Json | None) -> datetime | None:
    return optional_instant(_boleto(intent).get("expires_at") or invoice.get("due_date"))


def _voucher(intent: Json | None) -> Voucher | None:
    shown = _boleto(intent)
    line, url = shown.get("number"), shown.get("hosted_voucher_url")
    return Voucher(str(line), str(url)) if line and url else None


def _boleto(intent: Json | None) -> Json:
    action = cast("Json", (intent or {}).get("next_action") or {})
    return cast("Json", action.get("boleto_display_details") or {})


def _refund_status(refunds: Sequence[Json]) -> RefundStatus | None:
    seen = {refund_seen(refund).status for refund in refunds}
    for status in (RefundStatus.PENDING, RefundStatus.SUCCEEDED, RefundStatus.FAILED):
        if status in seen:
            return status
    return None


def _dispute(disputes: Sequence[Json]) -> tuple[DisputeStatus | None, datetime | None]:
    """The worst of the disputes, and when it was opened."""
    known = {_DISPUTES[d["status"]]: instant(d["created"]) for d in disputes if d.get("status") in _DISPUTES}
    for status in _DISPUTE_RANK:
        if status in known:
            return status, known[status]
    return None, None


def instant(seconds: int) -> datetime:
    """Stripe's Unix seconds as an aware UTC instant."""
    return datetime.fromtimestamp(int(seconds), UTC)


def optional_instant(seconds: int | None) -> datetime | None:
    """The same where there may be none."""
    return None if seconds is None else instant(seconds)


def _id(value: object) -> str:
    if isinstance(value, Mapping):
        return str(cast("Json", value).get("id") or "")
    return str(value or "")
