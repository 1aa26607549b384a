"""Refunds: money back for a charge, never more than was captured."""

from typing import Literal

from . import payments
from .books import Books
from .cards import card_named
from .errors import InvalidParameter, InvalidRequest
from .ids import new_id
from .params import ListParams, Metadata, Params, merged
from .shapes import shaped
from .types import Obj

SETTLES_AFTER = 60  # seconds until the cards with a late outcome show it


class RefundCreate(Params):
    """POST /v1/refunds."""

    amount: int | None = None
    charge: str | None = None
    metadata: Metadata | None = None
    payment_intent: str | None = None
    reason: Literal["duplicate", "fraudulent", "requested_by_customer"] | None = None


class RefundUpdate(Params):
    """POST /v1/refunds/{refund}."""

    metadata: Metadata | None = None


class RefundList(ListParams):
    """GET /v1/refunds."""

    charge: str | None = None
    payment_intent: str | None = None


def create(books: Books, params: RefundCreate) -> Obj:
    """Return money to the payer. Raises: InvalidRequest for a boleto, a dispute, more than what is left."""
    charge = _charge(books, params)
    amount = _refundable(charge, params.amount)
    method = books.store.find("payment_method", charge["payment_method"]) or {}
    behaviour = card_named(method.get("_card", "visa")).refund
    now = books.time_of(books.store.find("customer", charge["customer"] or ""))
    refund = new_refund(
        new_id("re"),
        charge,
        amount=amount,
        status="pending" if behaviour == "pending" else "succeeded",
        created=now,
        reason=params.reason,
        metadata=merged({}, params.metadata or {}),
    )
    entry = payments.add_transaction(books, "refund", refund, -amount, now)
    refund["balance_transaction"] = entry["id"]
    books.add(refund, "refund.created")
    returned = charge["amount_refunded"] + amount
    changes = {"amount_refunded": returned, "refunded": returned == charge["amount_captured"]}
    books.change(charge, "charge.refunded", **changes)
    if behaviour != "succeeds":
        books.schedule(f"refund_{behaviour}", refund, books.now + SETTLES_AFTER)
    return refund


def new_refund(
    refund_id: str, charge: Obj, *, amount: int, status: str, created: int, **fields: object
) -> Obj:
    """Return a refund of ``amount`` centavos."""
    return shaped(
        "refund",
        id=refund_id,
        amount=amount,
        balance_transaction=None,
        charge=charge["id"],
        created=created,
        currency="brl",
        destination_details={
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        payment_intent=charge["payment_intent"],
        status=status,
        **fields,
    )


def update(books: Books, params: RefundUpdate, refund_id: str) -> Obj:
    """Change a refund's metadata."""
    refund = books.get("refund", refund_id)
    if "metadata" not in params.model_fields_set:
        return refund
    return books.change(refund, "refund.updated", metadata=merged(refund["metadata"], params.metadata))


def succeed(books: Books, refund: Obj, _now: int) -> None:
    """Let a pending refund arrive."""
    if refund["status"] == "pending":
        _told(books, refund, status="succeeded")


def fail(books: Books, refund: Obj, now: int) -> None:
    """Let a refund that seemed to have succeeded come back: the money is the account's again."""
    if refund["status"] not in {"pending", "succeeded"}:
        return
    entry = payments.add_transaction(books, "refund_failure", refund, refund["amount"], now)
    _told(
        books,
        refund,
        status="failed",
        failure_balance_transaction=entry["id"],
        failure_reason="expired_or_canceled_card",
    )
    books.emit("refund.failed", refund)
    charge = books.get("charge", refund["charge"])
    left = charge["amount_refunded"] - refund["amount"]
    books.change(charge, "charge.updated", amount_refunded=left, refunded=False)


def _told(books: Books, refund: Obj, **changes: object) -> None:
    books.change(refund, "refund.updated", **changes)
    books.emit("charge.refund.updated", refund)


def _charge(books: Books, params: RefundCreate) -> Obj:
    if params.charge:
        return books.get("charge", params.charge, "charge")
    if not params.payment_intent:
        raise InvalidParameter(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    intent = books.get("payment_intent", params.payment_intent, "payment_intent")
    if not intent["latest_charge"] or intent["status"] != "succeeded":
        raise InvalidRequest(
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
            param="payment_intent",
        )
    return books.get("charge", intent["latest_charge"])


def _refundable(charge: Obj, wanted: int | None) -> int:
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["payment_method_details"]["type"] == "boleto":
        # Source: docs.stripe.com/payments/boleto: "Refunds: no".
        raise InvalidRequest(
            f"Charge {charge['id']} was paid with boleto, which does not support refunds.", param="charge"
        )
    if charge["disputed"]:
        raise InvalidRequest(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    if charge["status"] != "succeeded" or charge["amount_captured"] == 0:
        raise InvalidRequest(
            f"Charge {charge['id']} was not captured; there is nothing to refund.", param="charge"
        )
    if left <= 0:
        raise InvalidRequest(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
        )
    amount = left if wanted is None else wanted
    if amount <= 0:
        raise InvalidParameter("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise InvalidRequest(
            f"Refund amount ({_reais(amount)}) is greater than unrefunded amount on charge ({_reais(left)})",
            param="amount",
        )
    return amount


def _reais(centavos: int) -> str:
    return f"R${centavos // 100:,}.{centavos % 100:02d}"
