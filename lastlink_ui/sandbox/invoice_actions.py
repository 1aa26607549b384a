"""Invoices acted on by request: pay one now, or void it."""

from . import billing, invoices
from .books import Books
from .cards import card_behind
from .errors import InvalidRequest
from .methods import owned
from .params import Params
from .types import Obj


class InvoicePay(Params):
    """POST /v1/invoices/{invoice}/pay."""

    off_session: bool | None = None
    payment_method: str | None = None


def pay(books: Books, params: InvoicePay, invoice_id: str) -> Obj:
    """Try to collect an open invoice now. Raises: CardError when the card refuses."""
    invoice = books.get("invoice", invoice_id)
    if invoice["status"] == "paid":
        raise InvalidRequest("Invoice is already paid", code="invoice_already_paid")
    intent = invoices.intent_of(books, invoice)
    if invoice["status"] != "open" or intent is None:
        raise InvalidRequest("This invoice can't be paid: it is not open.", param="invoice")
    subscription = billing.subscription_of(books, invoice)
    method = books.get("payment_method", subscription["_method"])
    if params.payment_method:
        method = owned(books, params.payment_method, invoice["customer"], "payment_method")
    books.unschedule(invoice)
    billing.collect(books, invoice, intent, method, books.time_of(subscription))
    decline = card_behind(method).decline if method["type"] == "card" else None
    if decline:
        raise decline.error(books.get("payment_intent", intent["id"])["latest_charge"])
    return books.get("invoice", invoice_id)


def void(books: Books, _params: Params, invoice_id: str) -> Obj:
    """Void an open invoice, and its intent."""
    invoice = books.get("invoice", invoice_id)
    books.unschedule(invoice)
    billing.abandon(books, invoice, books.time_of(invoice))
    return books.get("invoice", invoice_id)
