"""Loads a ready-made history, which the public API cannot make: ``POST /_sandbox/load``.

The body is one `History`: customers, products, prices and subscriptions, each subscription with its invoices
and what became of their money. All times are seconds since the epoch, all amounts centavos, all ids the
caller's own: ``cus_… prod_… price_… sub_… in_… pi_… ch_… re_… dp_…``. Loading sends no events. Loading an id
again replaces it.

Derived from these are the invoice payment and the payment method: a boleto made out to the test CPF, or a
card ending in 4242 (for a subscription that is past due: one that keeps failing). A live subscription renews
when its ``current_period_end`` comes.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from . import billing, boleto, invoices, payments
from .books import Books
from .cards import card_named
from .catalogue import Recurring, new_price, new_product
from .clock import DAY
from .customers import new_customer
from .disputes import new_dispute
from .ids import derived_id
from .methods import new_boleto, new_card
from .refunds import new_refund
from .shapes_payments import NO_ADDRESS
from .subscriptions import new_subscription
from .types import Obj

_TEST_CPF = "00000000000"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Customer(_Entry):
    """Who pays."""

    id: str
    created: int
    email: str | None = None
    name: str | None = None
    metadata: dict[str, str] = {}
    test_clock: str | None = None


class Product(_Entry):
    """What is sold."""

    id: str
    name: str
    created: int
    active: bool = True
    description: str | None = None
    metadata: dict[str, str] = {}


class Price(_Entry):
    """For how many centavos how often."""

    id: str
    product: str
    unit_amount: int = Field(ge=0)
    created: int
    interval: Literal["day", "week", "month", "year"] = "month"
    interval_count: int = Field(default=1, ge=1)
    active: bool = True
    nickname: str | None = None
    metadata: dict[str, str] = {}


class Refund(_Entry):
    """Money returned for an invoice, in full unless ``amount`` says less."""

    id: str
    created: int
    status: Literal["pending", "succeeded", "failed", "canceled"] = "succeeded"
    amount: int | None = None


class Dispute(_Entry):
    """A chargeback of an invoice's charge."""

    id: str
    created: int
    status: Literal["needs_response", "under_review", "won", "lost"] = "needs_response"


class Invoice(_Entry):
    """One billing period and its money. ``charge`` is ignored unless the invoice is paid."""

    id: str
    payment_intent: str
    charge: str | None = None
    amount: int = Field(ge=0)
    status: Literal["paid", "open", "void"]
    method: Literal["card", "boleto"] = "card"
    created: int
    paid_at: int | None = None
    period_start: int
    period_end: int
    refund: Refund | None = None
    dispute: Dispute | None = None


class Subscription(_Entry):
    """One subscription and its invoices, oldest first."""

    id: str
    customer: str
    price: str
    created: int
    status: Literal["active", "past_due", "canceled", "incomplete", "incomplete_expired"]
    cancel_at_period_end: bool = False
    canceled_at: int | None = None
    ended_at: int | None = None
    current_period_start: int
    current_period_end: int
    collection: Literal["card", "boleto"] = "card"
    metadata: dict[str, str] = {}
    invoices: list[Invoice] = []


class History(_Entry):
    """Everything of one load."""

    customers: list[Customer] = []
    products: list[Product] = []
    prices: list[Price] = []
    subscriptions: list[Subscription] = []


def load(books: Books, history: History) -> dict[str, int]:
    """Write a history; return how many entries of each sort were read. Raises: NotFound for a dangling id."""
    customers = {entry.id: _customer(entry) for entry in history.customers}
    products = {
        entry.id: new_product(entry.id, **entry.model_dump(exclude={"id"})) for entry in history.products
    }
    prices = {entry.id: _price(entry) for entry in history.prices}
    books.store.save_all([*customers.values(), *products.values(), *prices.values()])
    written: list[Obj] = []
    for entry in history.subscriptions:
        customer = customers.get(entry.customer) or books.get("customer", entry.customer, "customer")
        price = prices.get(entry.price) or books.get("price", entry.price, "price")
        written.extend(_subscription(books, entry, customer, price))
    books.store.save_all(written)
    sizes: dict[str, int] = {name: len(entries) for name, entries in history}
    return sizes


def _customer(entry: Customer) -> Obj:
    return new_customer(entry.id, currency="brl", **entry.model_dump(exclude={"id"}))


def _price(entry: Price) -> Obj:
    return new_price(
        entry.id,
        product=entry.product,
        amount=entry.unit_amount,
        recurring=Recurring(interval=entry.interval, interval_count=entry.interval_count).shape(),
        created=entry.created,
        active=entry.active,
        nickname=entry.nickname,
        metadata=entry.metadata,
    )


def _subscription(books: Books, entry: Subscription, customer: Obj, price: Obj) -> list[Obj]:
    used = {entry.collection, *(invoice.method for invoice in entry.invoices)}
    methods = {kind: _method(kind, entry, customer) for kind in sorted(used)}
    subscription = new_subscription(
        entry.id,
        customer=customer,
        price=price,
        quantity=1,
        created=entry.created,
        period_start=entry.current_period_start,
        period_end=entry.current_period_end,
        status=entry.status,
        method=methods[entry.collection],
        metadata=entry.metadata,
        cancel_at_period_end=entry.cancel_at_period_end,
        cancel_at=entry.current_period_end if entry.cancel_at_period_end else None,
        canceled_at=entry.canceled_at,
        ended_at=entry.ended_at,
        latest_invoice=entry.invoices[-1].id if entry.invoices else None,
        cancellation_details={
            "comment": None,
            "feedback": None,
            "reason": "cancellation_requested" if entry.canceled_at else None,
        },
    )
    billing.plan_next(books, subscription)
    written = [subscription, *methods.values()]
    for number, invoice in enumerate(entry.invoices):
        written.extend(
            _invoice(books, invoice, subscription, customer, methods[invoice.method], first=not number)
        )
    return written


def _method(kind: str, entry: Subscription, customer: Obj) -> Obj:
    method_id = derived_id("pm", entry.id, kind)
    overdue = entry.status == "past_due"
    billing_details: Obj = {"email": customer["email"], "name": customer["name"]}
    if kind == "boleto":
        address = {**NO_ADDRESS, "country": "BR"}
        return new_boleto(
            method_id,
            tax_id=_TEST_CPF,
            billing_details={**billing_details, "address": address, "tax_id": _TEST_CPF},
            created=entry.created,
            customer=None,
        )
    return new_card(
        method_id,
        card_named("chargeCustomerFail" if overdue else "visa"),
        last4="0341" if overdue else "4242",
        exp_month=12,
        exp_year=2034,
        created=entry.created,
        customer=customer["id"],
        billing_details=billing_details,
    )


def _invoice(
    books: Books, entry: Invoice, subscription: Obj, customer: Obj, method: Obj, *, first: bool
) -> list[Obj]:
    invoice = invoices.new_invoice(
        entry.id,
        subscription,
        customer,
        created=entry.created,
        period_start=entry.period_start,
        period_end=entry.period_end,
        billing_reason="subscription_create" if first else "subscription_cycle",
        amount=entry.amount,
    )
    number = f"{customer['invoice_prefix']}-{entry.id[-8:]}"
    invoice |= invoices.finalized(invoice, number=number, origin=books.origin, at=entry.created)
    intent = payments.new_intent(
        entry.payment_intent,
        amount=entry.amount,
        customer=customer["id"],
        method=method,
        created=entry.created,
    )
    payment = invoices.new_invoice_payment(
        derived_id("inpay", entry.id), invoice, intent, created=entry.created
    )
    written = [invoice, intent, payment]
    if entry.status == "paid":
        at = entry.paid_at or entry.created
        charge = payments.new_charge(
            entry.charge or derived_id("ch", entry.payment_intent), intent, method, created=at
        )
        intent |= {"status": "succeeded", "amount_received": entry.amount, "latest_charge": charge["id"]}
        invoice |= invoices.paid(invoice, at=at)
        payment |= invoices.payment_paid(payment, at=at)
        written += [charge, *_returned(entry, charge)]
    elif entry.status == "void":
        intent |= {
            "status": "canceled",
            "canceled_at": entry.period_end,
            "cancellation_reason": "void_invoice",
        }
        payment |= {
            "status": "canceled",
            "status_transitions": {"canceled_at": entry.period_end, "paid_at": None},
        }
        transitions = {**invoice["status_transitions"], "voided_at": entry.period_end}
        invoice |= {"status": "void", "auto_advance": False, "status_transitions": transitions}
    elif entry.method == "boleto":
        intent |= _voucher(books, intent, entry)
    else:
        intent |= {"status": "requires_payment_method", "payment_method": None}
        invoice |= {"attempted": True, "attempt_count": 1, "next_payment_attempt": entry.created + 3 * DAY}
    return written


def _voucher(books: Books, intent: Obj, entry: Invoice) -> Obj:
    expires_at = max(entry.created + 3 * DAY, books.now + DAY)
    books.unschedule(intent)
    books.schedule("expire_boleto", intent, expires_at)
    return boleto.voucher(intent, expires_at, books.origin)


def _returned(entry: Invoice, charge: Obj) -> list[Obj]:
    """Return the refund and the dispute of a charge, which is marked as they demand."""
    written: list[Obj] = []
    if entry.refund:
        amount = entry.refund.amount or entry.amount
        refund = new_refund(
            entry.refund.id, charge, amount=amount, status=entry.refund.status, created=entry.refund.created
        )
        if entry.refund.status in {"pending", "succeeded"}:
            charge |= {"amount_refunded": amount, "refunded": amount == entry.amount}
        written.append(refund)
    if entry.dispute:
        charge["disputed"] = True
        written.append(
            new_dispute(entry.dispute.id, charge, created=entry.dispute.created, status=entry.dispute.status)
        )
    return written
