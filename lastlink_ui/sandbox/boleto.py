"""Boletos: when they fall due, the line that is typed to pay them, their life as an intent's next action."""

import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from .books import Books
from .types import Obj

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
DUE_AFTER_DAYS = 3
_CLEARING_DAYS = 1
MINIMUM, MAXIMUM = 500, 4_999_999  # centavos
_SATURDAY = 5
_SOON, _LATER = 3, 180  # seconds
_PAID_LATER = ("pay_boleto", _LATER)
_OUTCOMES: dict[str, tuple[str, int] | None] = {
    "succeed_immediately": ("pay_boleto", _SOON),
    "expire_immediately": ("expire_boleto", _SOON),
    "expire_with_delay": ("expire_boleto", _LATER),
    "fill_never": None,
}
_BANK, _CURRENCY_REAL = "341", "9"
_FIRST_DUE_FACTOR_DAY = datetime(2022, 5, 29, tzinfo=UTC)  # factor 1000 again since 22 February 2025


def due_at(now: int, days: int) -> int:
    """Return the last second of a boleto issued now: 23:59:59 in São Paulo, moved off a weekend."""
    day = datetime.fromtimestamp(now, SAO_PAULO) + timedelta(days=days)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return int(day.replace(hour=23, minute=59, second=59, microsecond=0).timestamp())


def digitable_line(reference: str, amount: int, expires_at: int) -> str:
    """Return the 47 digits that pay a boleto of ``amount`` centavos, check digits included (FEBRABAN)."""
    free = f"{int(hashlib.sha256(reference.encode()).hexdigest(), 16) % 10**25:025d}"
    factor = (datetime.fromtimestamp(expires_at, SAO_PAULO).date() - _FIRST_DUE_FACTOR_DAY.date()).days
    value = f"{factor:04d}{amount:010d}"
    check = _modulo_11(f"{_BANK}{_CURRENCY_REAL}{value}{free}")
    first, second, third = f"{_BANK}{_CURRENCY_REAL}{free[:5]}", free[5:15], free[15:]
    return f"{first}{_modulo_10(first)}{second}{_modulo_10(second)}{third}{_modulo_10(third)}{check}{value}"


def issue(books: Books, intent: Obj, method: Obj, now: int) -> None:
    """Give an intent a voucher to be paid, and plan what happens to it."""
    days = intent["payment_method_options"]["boleto"]["expires_after_days"]
    expires_at = due_at(now, days)
    books.change(intent, payment_method=method["id"], **voucher(intent, expires_at, books.origin))
    books.emit("payment_intent.requires_action", intent)
    customer = books.get("customer", intent["customer"])
    # Who pays on the last day has paid in time, and the banks tell of it on the next one.
    books.schedule("expire_boleto", intent, due_at(expires_at, _CLEARING_DAYS), holder=customer)
    planned = _outcome(method["billing_details"]["email"] or "")
    if planned:
        kind, after = planned
        books.schedule(kind, intent, now + after, holder=customer)


def expire(books: Books, intent: Obj) -> None:
    """Take the voucher from an intent: nobody paid it in time."""
    error = {
        "code": "payment_intent_payment_attempt_expired",
        "message": "The boleto expired before it was paid.",
        "type": "invalid_request_error",
    }
    books.change(intent, status="requires_payment_method", next_action=None, last_payment_error=error)
    books.emit("payment_intent.payment_failed", intent)


def voucher(intent: Obj, expires_at: int, origin: str) -> Obj:
    """Return the changes that make an intent wait for a voucher to be paid."""
    url = f"{origin}/boleto/{intent['id']}"
    details: Obj = {
        "expires_at": expires_at,
        "hosted_voucher_url": url,
        "number": digitable_line(intent["id"], intent["amount"], expires_at),
        "pdf": f"{url}/pdf",
    }
    action = {"type": "boleto_display_details", "boleto_display_details": details}
    return {"status": "requires_action", "next_action": action}


def _outcome(email: str) -> tuple[str, int] | None:
    """Return what becomes of a voucher by itself, and after how many seconds, by the payer's e-mail.

    Source: docs.stripe.com/payments/boleto/accept-a-payment, "Test your integration".
    """
    name = email.partition("@")[0]
    return next((outcome for ending, outcome in _OUTCOMES.items() if name.endswith(ending)), _PAID_LATER)


def _modulo_10(digits: str) -> int:
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(digits)))
    return -total % 10


def _modulo_11(digits: str) -> int:
    total = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(reversed(digits)))
    rest = 11 - total % 11
    return 1 if rest in {0, 10, 11} else rest
