"""The API's table of contents: which address with which parameters is answered by whom."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import (
    catalogue,
    checkout,
    checkout_params,
    clocks,
    customers,
    disputes,
    endpoints,
    invoice_actions,
    invoices,
    lists,
    methods,
    portal,
    refunds,
    subscriptions,
)
from .books import Books
from .errors import NotFound
from .params import ListParams, Params
from .shapes import listing
from .types import Obj


class ChargeList(ListParams):
    """GET /v1/charges."""

    customer: str | None = None
    payment_intent: str | None = None


class IntentList(ListParams):
    """GET /v1/payment_intents."""

    customer: str | None = None


class TransactionList(ListParams):
    """GET /v1/balance_transactions."""

    source: str | None = None
    type: str | None = None


@dataclass(frozen=True)
class Route:
    """One operation of the API."""

    method: str
    path: str
    params: type[Params]
    answer: Callable[..., Obj]
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.compile(re.sub(r"\{\w+\}", "([^/]+)", self.path))
        object.__setattr__(self, "pattern", pattern)


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """Return the operation and the ids in its address. Raises: NotFound when there is none."""
    for route in ROUTES:
        match = route.pattern.fullmatch(path) if route.method == method else None
        if match:
            return route, match.groups()
    raise NotFound(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at"
        " https://support.stripe.com/."
    )


def _read(kind: str, path: str) -> Route:
    def answer(books: Books, _params: Params, object_id: str) -> Obj:
        return books.get(kind, object_id)

    return Route("GET", path, Params, answer)


def _list(kind: str, path: str, params: type[ListParams]) -> Route:
    def answer(books: Books, given: Any) -> Obj:  # noqa: ANN401 - an instance of ``params``
        return lists.page(books, kind, given, path)

    return Route("GET", path, params, answer)


def _customer_methods(books: Books, params: methods.CustomerMethodList, customer_id: str) -> Obj:
    books.get("customer", customer_id)
    narrowed = methods.MethodList.model_validate(
        {**params.model_dump(exclude_unset=True), "customer": customer_id}
    )
    return lists.page(books, "payment_method", narrowed, f"/v1/customers/{customer_id}/payment_methods")


def _invoice_lines(books: Books, params: ListParams, invoice_id: str) -> Obj:
    lines = books.get("invoice", invoice_id)["lines"]["data"]
    return listing(f"/v1/invoices/{invoice_id}/lines", lines[: params.limit])


def _configurations(books: Books, params: ListParams) -> Obj:
    portal.default_configuration(books)
    return lists.page(books, "billing_portal.configuration", params, "/v1/billing_portal/configurations")


ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/products", catalogue.ProductCreate, catalogue.create_product),
    Route("POST", "/v1/products/{id}", catalogue.ProductUpdate, catalogue.update_product),
    _read("product", "/v1/products/{id}"),
    _list("product", "/v1/products", catalogue.ProductList),
    Route("POST", "/v1/prices", catalogue.PriceCreate, catalogue.create_price),
    Route("POST", "/v1/prices/{id}", catalogue.PriceUpdate, catalogue.update_price),
    _read("price", "/v1/prices/{id}"),
    _list("price", "/v1/prices", catalogue.PriceList),
    Route("POST", "/v1/customers", customers.CustomerCreate, customers.create),
    Route("POST", "/v1/customers/{id}", customers.CustomerUpdate, customers.update),
    _read("customer", "/v1/customers/{id}"),
    _list("customer", "/v1/customers", customers.CustomerList),
    Route("GET", "/v1/customers/{id}/payment_methods", methods.CustomerMethodList, _customer_methods),
    _read("payment_method", "/v1/payment_methods/{id}"),
    _list("payment_method", "/v1/payment_methods", methods.MethodList),
    Route("POST", "/v1/payment_methods/{id}/attach", methods.Attach, methods.attach),
    Route("POST", "/v1/payment_methods/{id}/detach", Params, methods.detach),
    Route("POST", "/v1/checkout/sessions", checkout_params.SessionCreate, checkout.create),
    _read("checkout.session", "/v1/checkout/sessions/{id}"),
    _list("checkout.session", "/v1/checkout/sessions", checkout_params.SessionList),
    Route("POST", "/v1/checkout/sessions/{id}/expire", Params, checkout.expire),
    Route("GET", "/v1/checkout/sessions/{id}/line_items", ListParams, checkout.line_items),
    Route("POST", "/v1/subscriptions/{id}", subscriptions.SubscriptionUpdate, subscriptions.update),
    Route("DELETE", "/v1/subscriptions/{id}", subscriptions.SubscriptionCancel, subscriptions.cancel),
    _read("subscription", "/v1/subscriptions/{id}"),
    _list("subscription", "/v1/subscriptions", subscriptions.SubscriptionList),
    _read("invoice", "/v1/invoices/{id}"),
    _list("invoice", "/v1/invoices", invoices.InvoiceList),
    Route("POST", "/v1/invoices/{id}/pay", invoice_actions.InvoicePay, invoice_actions.pay),
    Route("POST", "/v1/invoices/{id}/void", Params, invoice_actions.void),
    Route("GET", "/v1/invoices/{id}/lines", ListParams, _invoice_lines),
    _read("invoice_payment", "/v1/invoice_payments/{id}"),
    _list("invoice_payment", "/v1/invoice_payments", invoices.InvoicePaymentList),
    _read("payment_intent", "/v1/payment_intents/{id}"),
    _list("payment_intent", "/v1/payment_intents", IntentList),
    _read("charge", "/v1/charges/{id}"),
    _list("charge", "/v1/charges", ChargeList),
    Route("POST", "/v1/refunds", refunds.RefundCreate, refunds.create),
    Route("POST", "/v1/refunds/{id}", refunds.RefundUpdate, refunds.update),
    _read("refund", "/v1/refunds/{id}"),
    _list("refund", "/v1/refunds", refunds.RefundList),
    Route("POST", "/v1/disputes/{id}", disputes.DisputeUpdate, disputes.update),
    Route("POST", "/v1/disputes/{id}/close", Params, disputes.accept),
    _read("dispute", "/v1/disputes/{id}"),
    _list("dispute", "/v1/disputes", disputes.DisputeList),
    _read("balance_transaction", "/v1/balance_transactions/{id}"),
    _list("balance_transaction", "/v1/balance_transactions", TransactionList),
    Route("POST", "/v1/billing_portal/sessions", portal.PortalCreate, portal.create),
    Route("GET", "/v1/billing_portal/configurations", ListParams, _configurations),
    _read("billing_portal.configuration", "/v1/billing_portal/configurations/{id}"),
    Route("POST", "/v1/test_helpers/test_clocks", clocks.ClockCreate, clocks.create),
    Route("POST", "/v1/test_helpers/test_clocks/{id}/advance", clocks.ClockAdvance, clocks.advance),
    Route("DELETE", "/v1/test_helpers/test_clocks/{id}", Params, clocks.delete),
    _read("test_helpers.test_clock", "/v1/test_helpers/test_clocks/{id}"),
    _list("test_helpers.test_clock", "/v1/test_helpers/test_clocks", clocks.ClockList),
    _read("event", "/v1/events/{id}"),
    _list("event", "/v1/events", endpoints.EventList),
    Route("POST", "/v1/webhook_endpoints", endpoints.EndpointCreate, endpoints.create),
    Route("POST", "/v1/webhook_endpoints/{id}", endpoints.EndpointUpdate, endpoints.update),
    Route("DELETE", "/v1/webhook_endpoints/{id}", Params, endpoints.delete),
    _read("webhook_endpoint", "/v1/webhook_endpoints/{id}"),
    _list("webhook_endpoint", "/v1/webhook_endpoints", ListParams),
)
