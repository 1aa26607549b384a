"""``expand``: puts whole objects where their ids stand, and adds what is only there on request."""

from collections.abc import Callable
from typing import cast

from .books import Books
from .errors import InvalidParameter
from .shapes import listing, public
from .types import Obj

_MAX_DEPTH = 4
_REFERENCES = {
    "charge": "charge",
    "configuration": "billing_portal.configuration",
    "customer": "customer",
    "default_payment_method": "payment_method",
    "default_price": "price",
    "failure_balance_transaction": "balance_transaction",
    "balance_transaction": "balance_transaction",
    "invoice": "invoice",
    "latest_charge": "charge",
    "latest_invoice": "invoice",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "price": "price",
    "product": "product",
    "subscription": "subscription",
    "test_clock": "test_helpers.test_clock",
}


def expanded(books: Books, answer: Obj, paths: list[str]) -> Obj:
    """Return the answer with every path expanded. Raises: InvalidParameter for one that leads nowhere."""
    shown = _shown(answer)
    for path in paths:
        steps = path.split(".")
        if len(steps) > _MAX_DEPTH + (steps[0] == "data"):
            raise InvalidParameter(
                f"You cannot expand more than {_MAX_DEPTH} levels of a property. Property: {path}",
                param="expand",
            )
        _walk(books, shown, steps, path)
    return shown


def _walk(books: Books, node: Obj, steps: list[str], path: str) -> None:
    if not steps:
        return
    name, *rest = steps
    if name == "data" and node.get("object") == "list":
        for item in node["data"]:
            _walk(books, item, rest, path)
        return
    node[name] = _fetched(books, node, name, path)
    found = node[name]
    if isinstance(found, dict):
        _walk(books, cast("Obj", found), rest, path)


def _fetched(books: Books, node: Obj, name: str, path: str) -> object:
    """Return what ``name`` of an object is, whole."""
    addition = _ADDITIONS.get((str(node.get("object")), name))
    if name not in node and addition:
        return _shown(addition(books, node))
    value = node.get(name)
    if isinstance(value, str) and name in _REFERENCES:
        found = books.store.find(_REFERENCES[name], value)
        return public(found) if found else value
    if name not in node or not (value is None or isinstance(value, dict)):
        raise InvalidParameter(
            f"This property cannot be expanded ({path}). You may want to try expanding"
            f" '{path.rsplit('.', 1)[0]}' instead.",
            param="expand",
        )
    # A copy: the same stored value may stand in several places of one answer.
    return None if value is None else {**cast("Obj", value)}


def _shown(answer: Obj) -> Obj:
    """Return an answer without our own fields; in a list also without those of its objects."""
    shown = public(answer)
    if shown.get("object") == "list":
        shown["data"] = [public(item) for item in shown["data"]]
    return shown


def _refunds(books: Books, charge: Obj) -> Obj:
    return listing(
        f"/v1/charges/{charge['id']}/refunds", books.store.select_by("refund", charge=charge["id"])
    )


def _payments(books: Books, invoice: Obj) -> Obj:
    payments = books.store.select_by("invoice_payment", invoice=invoice["id"])
    return listing("/v1/invoice_payments", payments)


def _line_items(books: Books, session: Obj) -> Obj:
    whole = books.get("checkout.session", session["id"])
    return listing(f"/v1/checkout/sessions/{session['id']}/line_items", whole["_line_items"])


def _subscriptions(books: Books, customer: Obj) -> Obj:
    live = [
        subscription
        for subscription in books.store.select_by("subscription", customer=customer["id"])
        if subscription["status"] != "canceled"
    ]
    return listing(f"/v1/customers/{customer['id']}/subscriptions", live)


_ADDITIONS: dict[tuple[str, str], Callable[[Books, Obj], Obj]] = {
    ("charge", "refunds"): _refunds,
    ("invoice", "payments"): _payments,
    ("checkout.session", "line_items"): _line_items,
    ("customer", "subscriptions"): _subscriptions,
}
