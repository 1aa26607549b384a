"""Customers: who pays."""

from typing import Literal

from pydantic import Field

from .books import Books
from .ids import new_id
from .params import Group, ListParams, Metadata, Params, merged
from .shapes import shaped
from .shapes_payments import NO_ADDRESS
from .types import Obj


class Address(Group):
    """A postal address."""

    city: str | None = None
    country: str | None = None
    line1: str | None = None
    line2: str | None = None
    postal_code: str | None = None
    state: str | None = None


class TaxId(Group):
    """A tax number given with a new customer."""

    type: Literal["br_cpf", "br_cnpj"]
    value: str


class InvoiceSettings(Group):
    """How invoices are paid by default."""

    default_payment_method: str | None = None


class CustomerCreate(Params):
    """POST /v1/customers."""

    address: Address | None = None
    description: str | None = None
    email: str | None = Field(default=None, max_length=512)
    metadata: Metadata | None = None
    name: str | None = None
    phone: str | None = None
    preferred_locales: list[str] = Field(default=[])
    tax_id_data: list[TaxId] = Field(default=[])
    test_clock: str | None = None


class CustomerUpdate(Params):
    """POST /v1/customers/{customer}."""

    address: Address | None = None
    description: str | None = None
    email: str | None = Field(default=None, max_length=512)
    invoice_settings: InvoiceSettings | None = None
    metadata: Metadata | None = None
    name: str | None = None
    phone: str | None = None
    preferred_locales: list[str] | None = None


class CustomerList(ListParams):
    """GET /v1/customers."""

    email: str | None = None
    test_clock: str | None = None


def create(books: Books, params: CustomerCreate) -> Obj:
    """Create a customer, on a test clock if one is named."""
    if params.test_clock:
        books.get("test_helpers.test_clock", params.test_clock, "test_clock")
    fields = params.given("address", "metadata", "tax_id_data")
    customer = new_customer(
        new_id("cus"),
        created=books.time_of(fields),
        address=_address(params.address),
        metadata=merged({}, params.metadata or {}),
        **fields,
    )
    if params.tax_id_data:
        customer["_tax_id"] = params.tax_id_data[0].value
    return books.add(customer, "customer.created")


def new_customer(customer_id: str, *, created: int, **fields: object) -> Obj:
    """Return a customer."""
    prefix = customer_id[-8:].upper()
    return shaped("customer", id=customer_id, created=created, invoice_prefix=prefix, **fields)


def update(books: Books, params: CustomerUpdate, customer_id: str) -> Obj:
    """Change a customer."""
    customer = books.get("customer", customer_id)
    changes = params.given()
    if "metadata" in changes:
        changes["metadata"] = merged(customer["metadata"], params.metadata)
    if "address" in changes:
        changes["address"] = _address(params.address)
    if params.invoice_settings:
        method = params.invoice_settings.default_payment_method
        if method:
            books.get("payment_method", method, "invoice_settings[default_payment_method]")
        changes["invoice_settings"] = {**customer["invoice_settings"], "default_payment_method": method}
    return books.change(customer, "customer.updated", **changes)


def next_invoice_number(books: Books, customer: Obj) -> str:
    """Return the number of the customer's next invoice and move the count on."""
    sequence = customer["next_invoice_sequence"]
    books.change(customer, next_invoice_sequence=sequence + 1)
    return f"{customer['invoice_prefix']}-{sequence:04d}"


def _address(address: Address | None) -> Obj | None:
    return {**NO_ADDRESS, **address.given()} if address else None
