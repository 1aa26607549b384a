"""Payment methods: the card or the boleto details that a customer pays with."""

import hashlib
from typing import Literal

from .books import Books
from .cards import TestCard, card_behind, card_for_token
from .errors import InvalidParameter, InvalidRequest
from .ids import new_id
from .params import ListParams, Params
from .shapes import shaped
from .shapes_payments import NO_BILLING_DETAILS
from .types import Obj

_CHECKS_PASSED: Obj = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}


class Attach(Params):
    """POST /v1/payment_methods/{payment_method}/attach."""

    customer: str


class MethodList(ListParams):
    """GET /v1/payment_methods."""

    customer: str | None = None
    type: Literal["card", "boleto"] | None = None


class CustomerMethodList(ListParams):
    """GET /v1/customers/{customer}/payment_methods."""

    type: Literal["card", "boleto"] | None = None


def new_card(
    method_id: str,
    card: TestCard,
    *,
    last4: str,
    exp_month: int,
    exp_year: int,
    created: int,
    customer: str | None,
    billing_details: Obj | None = None,
) -> Obj:
    """Return a card payment method; of the number only the last four digits and the behaviour remain."""
    fingerprint = hashlib.sha256(f"{card.name}:{last4}".encode()).hexdigest()[:16]
    return shaped(
        "payment_method",
        id=method_id,
        type="card",
        created=created,
        customer=customer,
        billing_details={**NO_BILLING_DETAILS, **(billing_details or {})},
        card={
            "brand": card.brand,
            "checks": _CHECKS_PASSED,
            "country": card.country,
            "display_brand": card.brand,
            "exp_month": exp_month,
            "exp_year": exp_year,
            "fingerprint": fingerprint,
            "funding": "credit",
            "generated_from": None,
            "last4": last4,
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        _card=card.name,
    )


def new_boleto(
    method_id: str, *, tax_id: str, billing_details: Obj, created: int, customer: str | None
) -> Obj:
    """Return a boleto payment method: who the voucher is made out to."""
    return shaped(
        "payment_method",
        id=method_id,
        type="boleto",
        created=created,
        customer=customer,
        billing_details={**NO_BILLING_DETAILS, **billing_details},
        boleto={"tax_id": tax_id},
    )


def charge_details(method: Obj, amount: int) -> Obj:
    """Return a charge's ``payment_method_details`` for ``amount`` centavos paid by this method."""
    if method["type"] == "boleto":
        return {"type": "boleto", "boleto": {"tax_id": method["boleto"]["tax_id"]}}
    card = method["card"]
    unavailable: Obj = {"status": "unavailable"}
    return {
        "type": "card",
        "card": {
            "amount_authorized": amount,
            "authorization_code": "123456",
            "brand": card["brand"],
            "checks": card["checks"],
            "country": card["country"],
            "exp_month": card["exp_month"],
            "exp_year": card["exp_year"],
            "extended_authorization": {"status": "disabled"},
            "fingerprint": card["fingerprint"],
            "funding": card["funding"],
            "incremental_authorization": unavailable,
            "installments": None,
            "last4": card["last4"],
            "mandate": None,
            "multicapture": unavailable,
            "network": card["brand"],
            "network_token": {"used": False},
            "network_transaction_id": None,
            "overcapture": {"maximum_amount_capturable": amount, **unavailable},
            "regulated_status": card["regulated_status"],
            "three_d_secure": None,
            "transaction_link_id": None,
            "wallet": None,
        },
    }


def attach(books: Books, params: Attach, method_id: str) -> Obj:
    """Give a method to a customer; a test token such as ``pm_card_visa`` makes a new one.

    Raises: CardError when the card refuses to be saved.
    """
    customer = books.get("customer", params.customer, "customer")
    known = card_for_token(method_id)
    if known:
        card, last4 = known
        method = new_card(
            new_id("pm"),
            card,
            last4=last4,
            exp_month=12,
            exp_year=2034,
            created=books.time_of(customer),
            customer=None,
        )
    else:
        method = books.get("payment_method", method_id, "payment_method")
        if method["type"] != "card":
            raise InvalidRequest("A boleto payment method can't be attached to a customer.", param="customer")
        card = card_behind(method)
    if method["customer"] and method["customer"] != customer["id"]:
        raise InvalidRequest("The payment method is already attached to another customer.")
    if card.decline and not card.attaches:
        raise card.decline.error()
    method["customer"] = customer["id"]
    return books.add(method, "payment_method.attached")


def detach(books: Books, _params: Params, method_id: str) -> Obj:
    """Take a method from its customer, for good."""
    method = books.get("payment_method", method_id, "payment_method")
    if not method["customer"]:
        raise InvalidRequest(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    return books.change(method, "payment_method.detached", customer=None)


def owned(books: Books, method_id: str, customer_id: str, param: str) -> Obj:
    """Return a customer's method. Raises: InvalidParameter when it is somebody else's."""
    method = books.get("payment_method", method_id, param)
    if method["customer"] != customer_id:
        raise InvalidParameter(
            f"The customer does not have a payment method with the ID {method_id}."
            " The payment method must be attached to the customer.",
            code="resource_missing",
            param=param,
        )
    return method
