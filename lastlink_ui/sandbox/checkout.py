"""Checkout sessions: the offer of a payment page, and what a session becomes when somebody has paid."""

from typing import Annotated, Literal

from pydantic import Field

from . import billing, boleto, methods
from .books import Books
from .cards import TestCard
from .catalogue import Recurring, new_price, new_product
from .clock import DAY, HOUR, MINUTE
from .customers import new_customer
from .errors import InvalidParameter, InvalidRequest
from .ids import new_id
from .invoices import intent_of
from .params import Group, ListParams, Metadata, Params, merged
from .shapes import NO_ADDRESS, listing, shaped
from .subscriptions import first_period, new_subscription
from .types import Obj

METHODS = ("card", "boleto")
LIVES_FOR = DAY
_SHORTEST_LIFE = 30 * MINUTE


class ProductData(Group):
    """A product made along with the session."""

    name: str
    description: str | None = None
    metadata: Metadata | None = None


class PriceData(Group):
    """A price made along with the session."""

    currency: Literal["brl"]
    product: str | None = None
    product_data: ProductData | None = None
    recurring: Recurring
    unit_amount: int = Field(ge=0)


class LineItem(Group):
    """What is bought."""

    price: str | None = None
    price_data: PriceData | None = None
    quantity: int = Field(default=1, ge=1)


class SubscriptionData(Group):
    """What the subscription will carry."""

    application_fee_percent: float | None = None
    description: str | None = None
    metadata: Metadata | None = None


class BoletoOptions(Group):
    """How boletos are issued."""

    expires_after_days: int = Field(default=boleto.DUE_AFTER_DAYS, ge=0, le=60)
    setup_future_usage: Literal["none", "off_session", "on_session"] | None = None


class CardOptions(Group):
    """How cards are charged."""

    request_three_d_secure: Literal["any", "automatic", "challenge"] = "automatic"


class MethodOptions(Group):
    """Options per method."""

    boleto: BoletoOptions | None = None
    card: CardOptions | None = None


class Switch(Group):
    """A feature that is on or off."""

    enabled: bool


class TaxIdCollection(Switch):
    """Whether the page asks for a tax number."""

    required: Literal["if_supported", "never"] = "never"


class CustomerUpdateRule(Group):
    """What the page may write back to a known customer."""

    address: Literal["auto", "never"] | None = None
    name: Literal["auto", "never"] | None = None
    shipping: Literal["auto", "never"] | None = None


class SessionCreate(Params):
    """POST /v1/checkout/sessions."""

    mode: Literal["subscription"]
    line_items: Annotated[list[LineItem], Field(min_length=1, max_length=1)]
    success_url: str
    adaptive_pricing: Switch | None = None
    allow_promotion_codes: bool | None = None
    allowed_payment_method_types: list[str] | None = None
    billing_address_collection: Literal["auto", "required"] | None = None
    cancel_url: str | None = None
    client_reference_id: str | None = Field(default=None, max_length=200)
    currency: Literal["brl"] | None = None
    customer: str | None = None
    customer_email: str | None = None
    customer_update: CustomerUpdateRule | None = None
    expires_at: int | None = None
    locale: str | None = None
    metadata: Metadata | None = None
    origin_context: Literal["mobile_app", "web"] | None = None
    payment_method_collection: Literal["always", "if_required"] | None = None
    payment_method_options: MethodOptions | None = None
    phone_number_collection: Switch | None = None
    submit_type: Literal["auto", "book", "donate", "pay", "subscribe"] | None = None
    subscription_data: SubscriptionData | None = None
    tax_id_collection: TaxIdCollection | None = None
    ui_mode: Literal["hosted_page"] | None = None


class SessionList(ListParams):
    """GET /v1/checkout/sessions."""

    customer: str | None = None
    payment_intent: str | None = None
    status: Literal["complete", "expired", "open"] | None = None
    subscription: str | None = None


class Buyer(Group):
    """Who pays, as typed on the payment page or known before."""

    email: str
    name: str
    tax_id: str | None = None
    address: Obj | None = None


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
    session = shaped("checkout.session", **echoed) | {
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
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Session has a status of {session["status"]}.',
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


def price_of(session: Obj) -> Obj:
    """Return the price that a session sells."""
    return session["_line_items"][0]["price"]


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
            "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from Checkout Session creation.",
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
    return _details(email=known, name=None, address=None) if known else None


def _details_after(customer: Obj, buyer: Buyer) -> Obj:
    return _details(email=customer["email"] or buyer.email, name=buyer.name, address=buyer.address)


def _details(*, email: str | None, name: str | None, address: Obj | None) -> Obj:
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
