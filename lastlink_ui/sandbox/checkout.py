"""Checkout sessions: the offer of a payment page."""

from . import boleto
from .books import Books
from .catalogue import new_price, new_product
from .checkout_params import BoletoOptions, LineItem, MethodOptions, ProductData, SessionCreate
from .clock import DAY, HOUR, MINUTE
from .errors import InvalidParameter, InvalidRequest
from .ids import new_id
from .params import ListParams, Params, merged
from .shapes import listing, shaped
from .shapes_payments import NO_ADDRESS
from .types import Obj

METHODS = ("card", "boleto")
LIVES_FOR = DAY
_SHORTEST_LIFE = 30 * MINUTE
_ECHOED = (
    "allow_promotion_codes",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer",
    "customer_email",
    "locale",
    "origin_context",
    "payment_method_collection",
    "submit_type",
    "success_url",
    "ui_mode",
)


def create(books: Books, params: SessionCreate) -> Obj:
    """Open a session with its payment page. Raises: InvalidParameter or NotFound for what cannot be sold."""
    customer = books.get("customer", params.customer, "customer") if params.customer else None
    if customer and params.customer_email:
        raise InvalidParameter("You may only specify one of these parameters: customer, customer_email.")
    now = books.time_of(customer)
    item = params.line_items[0]
    price = _price(books, item)
    types = _method_types(params, price["unit_amount"] * item.quantity)
    session_id = new_id("cs_test")
    echoed = {name: value for name, value in params.given().items() if name in _ECHOED and value is not None}
    subscription_data = params.subscription_data.given() if params.subscription_data else {}
    session: Obj = shaped("checkout.session", **echoed) | {
        "id": session_id,
        "allowed_payment_method_types": params.allowed_payment_method_types,
        "amount_subtotal": price["unit_amount"] * item.quantity,
        "amount_total": price["unit_amount"] * item.quantity,
        "created": now,
        "currency": "brl",
        "customer_details": _details_before(customer, params.customer_email),
        "expires_at": _expiry(params.expires_at, now),
        "metadata": merged({}, params.metadata or {}),
        "mode": params.mode,
        "payment_method_options": _options(params.payment_method_options, types),
        "payment_method_types": types,
        "phone_number_collection": {
            "enabled": bool(params.phone_number_collection and params.phone_number_collection.enabled)
        },
        "tax_id_collection": params.tax_id_collection.model_dump()
        if params.tax_id_collection
        else {"enabled": False, "required": "never"},
        "url": f"{books.origin}/c/pay/{session_id}",
        "_line_items": [_line_item(books, price, item.quantity)],
        "_subscription_data": subscription_data,
    }
    books.add(session)
    books.schedule("expire_session", session, session["expires_at"], holder=customer or session)
    return session


def expire(books: Books, _params: Params, session_id: str) -> Obj:
    """Close an open session. Raises: InvalidRequest when it is not open."""
    session = books.get("checkout.session", session_id, "session")
    if session["status"] != "open":
        raise InvalidRequest(
            'Only Checkout Sessions with a status in ["open"] can be expired.'
            f" This Session has a status of {session['status']}.",
            param="session",
        )
    return close(books, session)


def close(books: Books, session: Obj) -> Obj:
    """Mark a session as expired, and tell."""
    books.unschedule(session)
    books.change(session, status="expired", url=None)
    books.emit("checkout.session.expired", session)
    return session


def line_items(books: Books, _params: ListParams, session_id: str) -> Obj:
    """Return what the session sells."""
    session = books.get("checkout.session", session_id, "session")
    return listing(f"/v1/checkout/sessions/{session_id}/line_items", session["_line_items"])


def price_of(session: Obj) -> Obj:
    """Return the price that a session sells."""
    return session["_line_items"][0]["price"]


def _price(books: Books, item: LineItem) -> Obj:
    if item.price:
        price = books.get("price", item.price, "line_items[0][price]")
        if not price["active"]:
            raise InvalidRequest(
                "The price specified is inactive. This field only accepts active prices.",
                param="line_items[0][price]",
            )
        if not price["recurring"]:
            raise InvalidRequest(
                "You must provide at least one recurring price in `subscription` mode when using prices.",
                param="mode",
            )
        return price
    data = item.price_data
    if data is None or not (data.product or data.product_data):
        raise InvalidParameter(
            "Missing required param: line_items[0][price].",
            code="parameter_missing",
            param="line_items[0][price]",
        )
    if data.product:
        product = books.get("product", data.product, "line_items[0][price_data][product]")
    else:
        described = data.product_data or ProductData(name="")
        fields = {**described.given(), "metadata": merged({}, described.metadata or {})}
        product = books.add(new_product(new_id("prod"), created=books.now, **fields), "product.created")
    price = new_price(
        new_id("price"),
        product=product["id"],
        amount=data.unit_amount,
        recurring=data.recurring.shape(),
        created=books.now,
        active=False,
    )
    return books.add(price, "price.created")


def _method_types(params: SessionCreate, total: int) -> list[str]:
    """Return the methods that the page offers: what is allowed, less what cannot collect the amount."""
    allowed = params.allowed_payment_method_types
    unknown = [kind for kind in allowed or () if kind not in METHODS]
    if unknown:
        raise InvalidRequest(
            f"The payment method type provided: {unknown[0]} is invalid. Please ensure the provided type is"
            " activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and your"
            " account is enabled for any preview features that you are trying to use.",
            param="allowed_payment_method_types",
        )
    possible = [kind for kind in METHODS if kind != "boleto" or boleto.MINIMUM <= total <= boleto.MAXIMUM]
    offered = [kind for kind in possible if allowed is None or kind in allowed]
    if not offered:
        raise InvalidRequest(
            "No valid payment method types for this Checkout Session.", param="allowed_payment_method_types"
        )
    return offered


def _options(given: MethodOptions | None, types: list[str]) -> Obj:
    options: Obj = {"card": {"request_three_d_secure": "automatic"}}
    if given and given.card:
        options["card"] = {"request_three_d_secure": given.card.request_three_d_secure}
    if "boleto" in types:
        wanted = given.boleto if given and given.boleto else BoletoOptions()
        options["boleto"] = {"expires_after_days": wanted.expires_after_days}
    return {kind: options[kind] for kind in types}


def _expiry(wanted: int | None, now: int) -> int:
    if wanted is None:
        return now + LIVES_FOR
    if not now + _SHORTEST_LIFE - MINUTE <= wanted <= now + DAY + HOUR:
        raise InvalidParameter(
            "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from Checkout"
            " Session creation.",
            param="expires_at",
        )
    return wanted


def _line_item(books: Books, price: Obj, quantity: int) -> Obj:
    product = books.get("product", price["product"])
    total = price["unit_amount"] * quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": "brl",
        "description": product["name"],
        "metadata": {},
        "price": price,
        "quantity": quantity,
    }


def _details_before(customer: Obj | None, email: str | None) -> Obj | None:
    known = customer["email"] if customer else email
    return details(email=known, name=None, address=None) if known else None


def details(*, email: str | None, name: str | None, address: Obj | None) -> Obj:
    """Return what a session knows of its customer."""
    return {
        "address": {**NO_ADDRESS, **address} if address else None,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
