"""Subscriptions as the API shows and changes them; what time and payments do to them is in `billing`."""

from typing import Literal

from pydantic import Field

from . import billing
from .books import Books
from .clock import period_after
from .errors import InvalidParameter, InvalidRequest, NotFound
from .ids import derived_id
from .methods import owned
from .params import Group, ListParams, Metadata, Params, merged
from .shapes import listing, shaped
from .store import Condition
from .types import Obj

Feedback = Literal[
    "customer_service",
    "low_quality",
    "missing_features",
    "other",
    "switched_service",
    "too_complex",
    "too_expensive",
    "unused",
]
_ENDED = ("canceled", "incomplete_expired")
_FREE_WHEN_ENDED = {"metadata", "cancellation_details"}


class CancellationDetails(Group):
    """Why somebody cancels."""

    comment: str | None = None
    feedback: Feedback | None = None


class ItemUpdate(Group):
    """A change of what is subscribed to."""

    id: str | None = None
    price: str | None = None
    quantity: int | None = None


class SubscriptionUpdate(Params):
    """POST /v1/subscriptions/{subscription}."""

    cancel_at: int | None = None
    cancel_at_period_end: bool | None = None
    cancellation_details: CancellationDetails | None = None
    default_payment_method: str | None = None
    description: str | None = None
    items: list[ItemUpdate] = Field(default=[])
    metadata: Metadata | None = None
    proration_behavior: Literal["always_invoice", "create_prorations", "none"] = "create_prorations"


class SubscriptionCancel(Params):
    """DELETE /v1/subscriptions/{subscription}."""

    cancellation_details: CancellationDetails | None = None
    invoice_now: bool = False
    prorate: bool = False


class SubscriptionList(ListParams):
    """GET /v1/subscriptions."""

    customer: str | None = None
    price: str | None = None
    test_clock: str | None = None
    status: (
        Literal["active", "past_due", "canceled", "incomplete", "incomplete_expired", "all", "ended"] | None
    ) = None

    def conditions(self) -> list[Condition]:
        """Return the filters; unless a status is asked for, canceled subscriptions are left out."""
        filters = [condition for condition in super().conditions() if condition[0] != "status"]
        match self.status:
            case "all":
                return filters
            case "ended":
                return [*filters, ("status", "IN", _ENDED)]
            case None:
                return [*filters, ("status", "!=", "canceled")]
            case status:
                return [*filters, ("status", "=", status)]


def new_subscription(
    subscription_id: str,
    *,
    customer: Obj,
    price: Obj,
    quantity: int,
    created: int,
    period_start: int,
    period_end: int,
    status: str,
    method: Obj,
    **fields: object,
) -> Obj:
    """Return a subscription of one price."""
    item: Obj = {
        "id": derived_id("si", subscription_id),
        "object": "subscription_item",
        "billed_until": period_end,
        "billing_thresholds": None,
        "created": created,
        "current_period_end": period_end,
        "current_period_start": period_start,
        "discounts": [],
        "metadata": {},
        "price": price,
        "quantity": quantity,
        "subscription": subscription_id,
        "tax_rates": [],
    }
    return shaped(
        "subscription",
        id=subscription_id,
        billing_cycle_anchor=created,
        created=created,
        currency="brl",
        customer=customer["id"],
        default_payment_method=method["id"] if method["type"] == "card" else None,
        items=listing(f"/v1/subscription_items?subscription={subscription_id}", [item]),
        payment_settings={
            "payment_method_options": None,
            "payment_method_types": [method["type"]],
            "save_default_payment_method": "off",
        },
        start_date=created,
        status=status,
        test_clock=customer["test_clock"],
        _method=method["id"],
        **fields,
    )


def first_period(price: Obj, start: int) -> tuple[int, int]:
    """Return the first billing period of a price, in seconds."""
    recurring = price["recurring"]
    return start, period_after(start, recurring["interval"], recurring["interval_count"], start)


def update(books: Books, params: SubscriptionUpdate, subscription_id: str) -> Obj:
    """Change a subscription. Raises: InvalidRequest once it has ended."""
    subscription = books.get("subscription", subscription_id)
    changes = params.given("items", "proration_behavior")
    if subscription["status"] in _ENDED and (changes.keys() - _FREE_WHEN_ENDED or params.items):
        raise InvalidRequest("A canceled subscription can only update its cancellation_details and metadata.")
    if "metadata" in changes:
        changes["metadata"] = merged(subscription["metadata"], params.metadata)
    if params.default_payment_method:
        owned(books, params.default_payment_method, subscription["customer"], "default_payment_method")
        changes["_method"] = params.default_payment_method
    if params.items:
        changes["items"] = _with_items(books, subscription, params)
    changes |= _cancellation(books, subscription, params)
    books.change(subscription, "customer.subscription.updated", **changes)
    billing.plan_next(books, subscription)
    return subscription


def cancel(books: Books, params: SubscriptionCancel, subscription_id: str) -> Obj:
    """End a subscription at once. Raises: NotFound when it has ended already, as the provider does."""
    subscription = books.get("subscription", subscription_id)
    if subscription["status"] in _ENDED:
        raise NotFound.missing("subscription", subscription_id)
    if params.prorate or params.invoice_now:
        raise InvalidParameter("The sandbox cancels without prorations or a last invoice.", param="prorate")
    details = {**subscription["cancellation_details"], "reason": "cancellation_requested"}
    if params.cancellation_details:
        details |= params.cancellation_details.given()
    return billing.end(books, subscription, books.time_of(subscription), details)


def _cancellation(books: Books, subscription: Obj, params: SubscriptionUpdate) -> Obj:
    """Return the changes that a wish to cancel later, or to take that back, makes."""
    details = dict(subscription["cancellation_details"])
    if params.cancellation_details:
        details |= params.cancellation_details.given()
    changes: Obj = {"cancellation_details": details}
    wanted = params.cancel_at_period_end
    if wanted is None and "cancel_at" not in params.model_fields_set:
        return changes
    cancel_at = subscription["items"]["data"][0]["current_period_end"] if wanted else params.cancel_at
    details["reason"] = "cancellation_requested" if cancel_at else None
    asked_before = subscription["cancel_at"] is not None
    canceled_at = subscription["canceled_at"] if asked_before else books.time_of(subscription)
    return {
        **changes,
        "cancel_at_period_end": bool(wanted),
        "cancel_at": cancel_at,
        "canceled_at": canceled_at if cancel_at else None,
    }


def _with_items(books: Books, subscription: Obj, params: SubscriptionUpdate) -> Obj:
    """Return the items after a change of price or quantity, which takes effect with the next invoice."""
    if params.proration_behavior != "none":
        raise InvalidParameter(
            "The sandbox changes items with proration_behavior=none only.", param="proration_behavior"
        )
    item = dict(subscription["items"]["data"][0])
    if len(params.items) > 1 or params.items[0].id not in {None, item["id"]}:
        raise InvalidParameter("A subscription has one item in the sandbox.", param="items")
    wanted = params.items[0]
    if wanted.price:
        price = books.get("price", wanted.price, "items[0][price]")
        if not price["active"]:
            raise InvalidParameter(
                "The price specified is inactive. This field only accepts active prices.",
                param="items[0][price]",
            )
        if price["recurring"] != item["price"]["recurring"]:
            raise InvalidParameter(
                "The sandbox keeps the billing interval of a subscription.", param="items[0][price]"
            )
        item["price"] = price
    if wanted.quantity is not None:
        item["quantity"] = wanted.quantity
    return {**subscription["items"], "data": [item]}
