"""Payment intents, the charges that they make, and what those move on the account's balance."""

import secrets

from .boleto import DUE_AFTER_DAYS
from .books import Books
from .cards import Decline
from .clock import DAY
from .ids import new_id
from .methods import charge_details
from .shapes import shaped
from .types import Obj

# Source: stripe.com/br/pricing: domestic cards 3.99% + R$ 0.39, boletos R$ 3.45.
_CARD_FEE_PERMYRIAD, _CARD_FEE_FIXED, _BOLETO_FEE = 399, 39, 345
_CLEARING = {"card": 30 * DAY, "boleto": 2 * DAY}


def new_intent(
    intent_id: str,
    *,
    amount: int,
    customer: str,
    method: Obj,
    created: int,
    description: str | None = None,
    boleto_days: int | None = None,
) -> Obj:
    """Return a payment intent of ``amount`` centavos that waits for its payment."""
    return shaped(
        "payment_intent",
        id=intent_id,
        amount=amount,
        amount_received=0,
        client_secret=f"{intent_id}_secret_{secrets.token_hex(12)}",
        created=created,
        currency="brl",
        customer=customer,
        description=description,
        payment_method=method["id"],
        payment_method_options=_options(method["type"], boleto_days),
        payment_method_types=[method["type"]],
        setup_future_usage="off_session" if method["type"] == "card" else None,
        status="requires_confirmation",
    )


def new_charge(
    charge_id: str, intent: Obj, method: Obj, *, created: int, decline: Decline | None = None
) -> Obj:
    """Return the charge of an attempt: captured, or failed."""
    captured = decline is None
    return shaped(
        "charge",
        id=charge_id,
        amount=intent["amount"],
        amount_captured=intent["amount"] if captured else 0,
        balance_transaction=None,
        billing_details=method["billing_details"],
        captured=captured,
        created=created,
        currency="brl",
        customer=intent["customer"],
        description=intent["description"],
        failure_code=decline.code if decline else None,
        failure_message=decline.message if decline else None,
        outcome=_outcome(decline),
        paid=captured,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details=charge_details(method, intent["amount"]),
        status="failed" if decline else "succeeded",
    )


def succeed(books: Books, intent: Obj, method: Obj, now: int) -> Obj:
    """Capture an intent's amount; return the charge."""
    charge = new_charge(new_id("ch"), intent, method, created=now)
    fee = _fee(method["type"], charge["amount"])
    entry = add_transaction(
        books, "charge", charge, charge["amount"], now, fee=fee, available=now + _CLEARING[method["type"]]
    )
    charge["balance_transaction"] = entry["id"]
    books.add(charge, "charge.succeeded")
    books.change(
        intent,
        "payment_intent.succeeded",
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=charge["id"],
        payment_method=method["id"],
        last_payment_error=None,
        next_action=None,
    )
    return charge


def fail(books: Books, intent: Obj, method: Obj, decline: Decline, now: int) -> Obj:
    """Record a refused attempt; return the failed charge."""
    charge = books.add(
        new_charge(new_id("ch"), intent, method, created=now, decline=decline), "charge.failed"
    )
    shown = {name: value for name, value in method.items() if not name.startswith("_")}
    books.change(
        intent,
        "payment_intent.payment_failed",
        status="requires_payment_method",
        latest_charge=charge["id"],
        payment_method=None,
        last_payment_error={**decline.error(charge["id"]).body()["error"], "payment_method": shown},
    )
    return charge


def cancel(books: Books, intent: Obj, reason: str, now: int) -> None:
    """Give up an intent that was not paid."""
    if intent["status"] not in {"succeeded", "canceled"}:
        books.change(
            intent,
            "payment_intent.canceled",
            status="canceled",
            canceled_at=now,
            cancellation_reason=reason,
            next_action=None,
        )


def add_transaction(
    books: Books, kind: str, source: Obj, amount: int, now: int, *, fee: int = 0, available: int | None = None
) -> Obj:
    """Write what ``source`` moves on the balance: ``amount`` centavos, negative when they leave."""
    details = [
        {
            "amount": fee,
            "application": None,
            "currency": "brl",
            "description": "Stripe fees",
            "type": "stripe_fee",
        }
    ]
    return books.add(
        shaped(
            "balance_transaction",
            id=new_id("txn"),
            amount=amount,
            available_on=available or now,
            created=now,
            currency="brl",
            fee=fee,
            fee_details=details if fee else [],
            net=amount - fee,
            reporting_category="dispute" if kind == "adjustment" else kind,
            source=source["id"],
            status="pending" if available else "available",
            type=kind,
        )
    )


def _options(method_type: str, boleto_days: int | None) -> Obj:
    if method_type == "boleto":
        return {"boleto": {"expires_after_days": DUE_AFTER_DAYS if boleto_days is None else boleto_days}}
    card = {
        "installments": None,
        "mandate_options": None,
        "network": None,
        "request_three_d_secure": "automatic",
    }
    return {"card": card}


def _fee(method_type: str, amount: int) -> int:
    if method_type == "boleto":
        return _BOLETO_FEE
    return round(amount * _CARD_FEE_PERMYRIAD / 10_000) + _CARD_FEE_FIXED


def _outcome(decline: Decline | None) -> Obj:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if decline else "approved_by_network",
        "reason": decline.decline_code if decline else None,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": "The bank did not return any further details with this decline."
        if decline
        else "Payment complete.",
        "type": "issuer_declined" if decline else "authorized",
    }
