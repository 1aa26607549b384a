"""What a Checkout session becomes when somebody pays: a customer, a subscription, its first payment."""

from . import billing, boleto, methods
from .books import Books
from .cards import TestCard
from .checkout import details
from .customers import new_customer
from .ids import new_id
from .invoices import intent_of
from .params import Group, merged
from .subscriptions import first_period, new_subscription
from .types import Obj


class Buyer(Group):
    """Who pays, as typed on the payment page or known before."""

    email: str
    name: str
    tax_id: str | None = None
    address: Obj | None = None


def pay_by_card(
    books: Books, session: Obj, buyer: Buyer, card: TestCard, *, last4: str, exp_month: int, exp_year: int
) -> Obj:
    """Complete a session with a card that is accepted; return the session, paid."""
    customer = _customer(books, session, buyer)
    now = books.time_of(customer)
    billing_details = {"email": buyer.email, "name": buyer.name}
    method = methods.new_card(
        new_id("pm"),
        card,
        last4=last4,
        exp_month=exp_month,
        exp_year=exp_year,
        created=now,
        customer=customer["id"],
        billing_details=billing_details,
    )
    books.add(method, "payment_method.attached")
    return _complete(books, session, customer, method, buyer, now)


def pay_by_boleto(books: Books, session: Obj, buyer: Buyer) -> Obj:
    """Complete a session with a voucher; return the session, unpaid until the voucher is."""
    customer = _customer(books, session, buyer)
    now = books.time_of(customer)
    billing_details = {
        "address": buyer.address,
        "email": buyer.email,
        "name": buyer.name,
        "tax_id": buyer.tax_id,
    }
    method = methods.new_boleto(
        new_id("pm"), tax_id=buyer.tax_id or "", billing_details=billing_details, created=now, customer=None
    )
    books.add(method)
    return _complete(books, session, customer, method, buyer, now)


def boleto_paid(books: Books, intent: Obj, now: int) -> None:
    """Let the payment of a voucher arrive. A voucher that no longer waits is left alone."""
    if intent["status"] != "requires_action":
        return
    invoice = _invoice_of(books, intent)
    books.unschedule(intent)
    billing.settle(books, invoice, intent, books.get("payment_method", intent["payment_method"]), now)
    for session in _sessions_of(books, invoice):
        if session["payment_status"] == "unpaid":
            books.change(session, payment_status="paid")
            books.emit("checkout.session.async_payment_succeeded", session)


def boleto_expired(books: Books, intent: Obj, now: int) -> None:
    """Let a voucher run out: a first one ends its subscription, a later one is tried again."""
    if intent["status"] != "requires_action":
        return
    invoice = _invoice_of(books, intent)
    books.unschedule(intent)
    boleto.expire(books, intent)
    subscription = billing.subscription_of(books, invoice)
    if subscription["status"] != "incomplete":
        billing.not_paid(books, invoice, now)
        return
    billing.never_paid(books, subscription, invoice, now)
    for session in _sessions_of(books, invoice):
        books.emit("checkout.session.async_payment_failed", session)


def _complete(books: Books, session: Obj, customer: Obj, method: Obj, buyer: Buyer, now: int) -> Obj:
    item = session["_line_items"][0]
    begin, until = first_period(item["price"], now)
    data = session["_subscription_data"]
    subscription = new_subscription(
        new_id("sub"),
        customer=customer,
        price=item["price"],
        quantity=item["quantity"],
        created=now,
        period_start=begin,
        period_end=until,
        status="incomplete",
        method=method,
        metadata=merged({}, data.get("metadata") or {}),
        description=data.get("description"),
        application_fee_percent=data.get("application_fee_percent"),
        _session=session["id"],
        _boleto_days=session["payment_method_options"].get("boleto", {}).get("expires_after_days"),
    )
    invoice = billing.start(books, subscription, customer, method, now)
    books.unschedule(session)
    invoice = books.get("invoice", invoice["id"])
    books.change(
        session,
        status="complete",
        payment_status="paid" if invoice["status"] == "paid" else "unpaid",
        url=None,
        customer=customer["id"],
        customer_details=_details_after(customer, buyer),
        invoice=invoice["id"],
        subscription=subscription["id"],
    )
    intent = intent_of(books, invoice)
    books.change(session, _payment_intent=intent["id"] if intent else None)
    books.emit("checkout.session.completed", session)
    return session


def _invoice_of(books: Books, intent: Obj) -> Obj:
    (payment,) = books.store.select_by("invoice_payment", payment_intent=intent["id"])
    return books.get("invoice", payment["invoice"])


def _sessions_of(books: Books, invoice: Obj) -> list[Obj]:
    """Return the session that began with this invoice, if it was made by one."""
    subscription = billing.subscription_of(books, invoice)
    sessions = books.store.select_by("checkout.session", subscription=subscription["id"])
    return [session for session in sessions if session["invoice"] == invoice["id"]]


def _customer(books: Books, session: Obj, buyer: Buyer) -> Obj:
    if session["customer"]:
        return books.get("customer", session["customer"])
    customer = new_customer(
        new_id("cus"),
        created=books.now,
        email=buyer.email,
        name=buyer.name,
        currency="brl",
        address=buyer.address,
        preferred_locales=[session["locale"]] if session["locale"] not in {None, "auto"} else [],
    )
    return books.add(customer, "customer.created")


def _details_after(customer: Obj, buyer: Buyer) -> Obj:
    return details(email=customer["email"] or buyer.email, name=buyer.name, address=buyer.address)
