"""What time and payments do to a subscription: first payment, renewal, dunning, end."""

from . import boleto, invoices, payments
from .books import Books
from .cards import card_behind
from .clock import DAY, HOUR, period_after
from .customers import next_invoice_number
from .ids import new_id
from .types import Obj

FINALIZED_AFTER = HOUR  # a renewal's draft may be edited for an hour at the provider
RETRY_AFTER = (3 * DAY, 5 * DAY, 7 * DAY)  # after the failure before; then the subscription ends
_LIVE = frozenset({"active", "past_due"})


def start(books: Books, subscription: Obj, customer: Obj, method: Obj, now: int) -> Obj:
    """Begin a subscription: tell of it, make its first invoice and try to collect that; return it."""
    books.add(subscription, "customer.subscription.created")
    item = subscription["items"]["data"][0]
    invoice = invoices.new_invoice(
        new_id("in"),
        subscription,
        customer,
        created=now,
        period_start=item["current_period_start"],
        period_end=item["current_period_end"],
        billing_reason="subscription_create",
    )
    books.change(subscription, latest_invoice=invoice["id"])
    books.add(invoice, "invoice.created")
    _finalize(books, invoice, method, now)
    return invoice


def end(books: Books, subscription: Obj, now: int, details: Obj) -> Obj:
    """End a subscription for good; what was not paid of its first invoice is void."""
    books.unschedule(subscription)
    first_unpaid = subscription["status"] == "incomplete"
    for invoice in books.store.select_by("invoice", subscription=subscription["id"]):
        books.unschedule(invoice)
        if invoice["status"] == "draft" or (first_unpaid and invoice["status"] == "open"):
            abandon(books, invoice, now)
    canceled_at = subscription["canceled_at"] or now
    books.change(
        subscription,
        status="canceled",
        ended_at=now,
        canceled_at=canceled_at,
        cancellation_details=details,
    )
    books.emit("customer.subscription.deleted", subscription)
    return subscription


def abandon(books: Books, invoice: Obj, now: int) -> None:
    """Void an invoice that nobody will pay, and its intent."""
    intent = invoices.intent_of(books, invoice)
    invoices.void(books, invoice, now)
    if intent:
        books.unschedule(intent)
        payments.cancel(books, intent, "void_invoice", now)


def plan_next(books: Books, subscription: Obj) -> None:
    """Plan what happens next to a live subscription: its renewal, or its end if that comes first."""
    books.unschedule(subscription, "renew")
    if subscription["status"] in _LIVE:
        at = subscription["items"]["data"][0]["current_period_end"]
        books.schedule("renew", subscription, min(at, subscription["cancel_at"] or at))


def renew(books: Books, subscription: Obj, now: int) -> None:
    """Begin the next period with a draft invoice, or end a subscription that was cancelled for now."""
    if subscription["status"] not in _LIVE:
        return
    if subscription["cancel_at"] and subscription["cancel_at"] <= now:
        end(books, subscription, now, subscription["cancellation_details"])
        return
    item = dict(subscription["items"]["data"][0])
    recurring = item["price"]["recurring"]
    begin = item["current_period_end"]
    until = period_after(
        subscription["billing_cycle_anchor"], recurring["interval"], recurring["interval_count"], begin
    )
    item |= {"current_period_start": begin, "current_period_end": until, "billed_until": until}
    invoice = invoices.new_invoice(
        new_id("in"),
        subscription,
        books.get("customer", subscription["customer"]),
        created=now,
        period_start=begin,
        period_end=until,
        billing_reason="subscription_cycle",
    )
    invoice["lines"]["data"][0]["period"] = {"start": begin, "end": until}
    invoice |= {
        "period_start": begin,
        "period_end": begin,
        "automatically_finalizes_at": now + FINALIZED_AFTER,
    }
    books.change(
        subscription,
        "customer.subscription.updated",
        items={**subscription["items"], "data": [item]},
        latest_invoice=invoice["id"],
    )
    books.add(invoice, "invoice.created")
    books.schedule("finalize", invoice, now + FINALIZED_AFTER)
    plan_next(books, subscription)


def finalize(books: Books, invoice: Obj, now: int) -> None:
    """Make a renewal's draft final and try to collect it."""
    if invoice["status"] == "draft":
        subscription = subscription_of(books, invoice)
        _finalize(books, invoice, books.get("payment_method", subscription["_method"]), now)


def retry(books: Books, invoice: Obj, now: int) -> None:
    """Try again to collect an open invoice, with the method that the subscription has now."""
    subscription = subscription_of(books, invoice)
    intent = invoices.intent_of(books, invoice)
    if invoice["status"] == "open" and intent and subscription["status"] != "canceled":
        collect(books, invoice, intent, books.get("payment_method", subscription["_method"]), now)


def collect(books: Books, invoice: Obj, intent: Obj, method: Obj, now: int) -> None:
    """Try to collect an open invoice: charge the card, or issue a boleto and wait."""
    subscription = subscription_of(books, invoice)
    if method["type"] == "boleto":
        boleto.issue(books, intent, method, now)
        books.change(
            invoice,
            "invoice.payment_action_required",
            attempted=True,
            attempt_count=invoice["attempt_count"] + 1,
        )
        if subscription["status"] == "active":
            books.change(subscription, "customer.subscription.updated", status="past_due")
        return
    decline = card_behind(method).decline
    if decline:
        payments.fail(books, intent, method, decline, now)
        not_paid(books, invoice, now)
    else:
        settle(books, invoice, intent, method, now)


def settle(books: Books, invoice: Obj, intent: Obj, method: Obj, now: int) -> Obj:
    """Take the money for an invoice and bring its subscription up to date. Return the charge."""
    charge = payments.succeed(books, intent, method, now)
    for payment in books.store.select_by("invoice_payment", invoice=invoice["id"], status="open"):
        books.change(payment, "invoice_payment.paid", **invoices.payment_paid(payment, at=now))
    books.unschedule(invoice)
    books.change(invoice, "invoice.paid", **invoices.paid(invoice, at=now))
    books.emit("invoice.payment_succeeded", invoice)
    subscription = subscription_of(books, invoice)
    if subscription["status"] in {"incomplete", "past_due"}:
        books.change(subscription, "customer.subscription.updated", status="active")
        plan_next(books, subscription)
    if method["type"] == "card" and card_behind(method).disputed:
        books.schedule("dispute", charge, now, holder=subscription)
    return charge


def not_paid(books: Books, invoice: Obj, now: int) -> None:
    """Follow up a failed attempt: try again later, and end the subscription after the last attempt."""
    attempts: int = invoice["attempt_count"] + 1
    wait = RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else None
    books.change(
        invoice,
        attempted=True,
        attempt_count=attempts,
        next_payment_attempt=now + wait if wait else None,
        auto_advance=wait is not None,
    )
    books.emit("invoice.payment_failed", invoice)
    subscription = subscription_of(books, invoice)
    if subscription["status"] == "active":
        books.change(subscription, "customer.subscription.updated", status="past_due")
    if wait:
        books.schedule("retry", invoice, now + wait)
    elif subscription["status"] != "canceled":
        end(books, subscription, now, {**subscription["cancellation_details"], "reason": "payment_failed"})


def never_paid(books: Books, subscription: Obj, invoice: Obj, now: int) -> None:
    """Close a subscription whose first payment never came."""
    books.emit("invoice.payment_failed", invoice)
    abandon(books, invoice, now)
    books.unschedule(subscription)
    books.change(subscription, "customer.subscription.updated", status="incomplete_expired", ended_at=now)


def subscription_of(books: Books, invoice: Obj) -> Obj:
    """Return the subscription that an invoice is for."""
    return books.get("subscription", invoice["parent"]["subscription_details"]["subscription"])


def _finalize(books: Books, invoice: Obj, method: Obj, now: int) -> None:
    number = next_invoice_number(books, books.get("customer", invoice["customer"]))
    changes = invoices.finalized(invoice, number=number, origin=books.origin, at=now)
    books.change(invoice, automatically_finalizes_at=None, **changes)
    books.emit("invoice.finalized", invoice)
    first = invoice["billing_reason"] == "subscription_create"
    intent = payments.new_intent(
        new_id("pi"),
        amount=invoice["amount_due"],
        customer=invoice["customer"],
        method=method,
        created=now,
        description="Subscription creation" if first else "Subscription update",
        boleto_days=subscription_of(books, invoice).get("_boleto_days"),
    )
    books.add(intent, "payment_intent.created")
    invoices.open_payment(books, invoice, intent, now)
    collect(books, invoice, intent, method, now)
