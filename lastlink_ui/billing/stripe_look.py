"""One look at a subscription at Stripe, in as few requests as it takes."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import stripe

from lastlink_ui.billing.gateway import IsKnown, PaymentSeen, SubscriptionSeen
from lastlink_ui.billing.stripe_plain import Json, get, get_list
from lastlink_ui.billing.stripe_reading import payment_seen, subscription_seen

# The latest invoices of a subscription are the ones that still move; older ones are known here already.
_LATEST_INVOICES = 3
_CHARGES = 20
_LOOKS_MORE = 2


class _Torn(Exception):
    """A payment succeeded between two requests of one look."""


async def look(client: stripe.StripeClient, subscription_id: str) -> SubscriptionSeen:
    """The subscription with its latest invoices and the money that moved for them.

    Two requests where everything is paid: the invoices, which bring the subscription with them, and the
    customer's charges, which bring their refunds. An unpaid invoice costs one more, a dispute too. What
    does not go together is looked at again: an invoice that is open, and its payment that has succeeded.
    Raises: what the library raises.
    """
    for _ in range(_LOOKS_MORE):
        try:
            return await _look(client, subscription_id, await _invoices(client, subscription_id))
        except _Torn:
            continue
    invoices = await _invoices(client, subscription_id)
    return await _look(client, subscription_id, invoices, may_be_torn=True)


async def look_unless(
    client: stripe.StripeClient, subscription_id: str, is_known: IsKnown
) -> SubscriptionSeen | None:
    """The same, or None where everything is paid and `is_known` says so of what the invoices bring.

    One request then. Raises: what the library raises.
    """
    invoices = await _invoices(client, subscription_id)
    intents = [_latest_intent(cast("Sequence[Json]", invoice["payments"]["data"])) for invoice in invoices]
    if invoices and all(intents) and all(invoice["status"] == "paid" for invoice in invoices):
        payments = (
            payment_seen(invoice, {"id": intent, "status": "succeeded"}, (), ())
            for invoice, intent in zip(invoices, intents, strict=True)
        )
        if is_known(_seen(invoices, payments)):
            return None
    try:
        return await _look(client, subscription_id, invoices)
    except _Torn:
        return await look(client, subscription_id)


async def _invoices(client: stripe.StripeClient, subscription_id: str) -> list[Json]:
    """The latest invoices, which bring the subscription with them."""
    return await get_list(
        client,
        "/v1/invoices",
        subscription=subscription_id,
        limit=_LATEST_INVOICES,
        expand=["data.payments", "data.parent.subscription_details.subscription"],
    )


async def _look(
    client: stripe.StripeClient,
    subscription_id: str,
    invoices: Sequence[Json],
    *,
    may_be_torn: bool = False,
) -> SubscriptionSeen:
    if not invoices:
        found = await get(client, f"/v1/subscriptions/{subscription_id}", expand=["customer"])
        return subscription_seen(found, ())
    charges: list[Json] = []
    if any(invoice["status"] == "paid" for invoice in invoices):
        charges = await get_list(
            client,
            "/v1/charges",
            customer=invoices[0]["customer"],
            created={"gte": min(invoice["created"] for invoice in invoices)},
            limit=_CHARGES,
            expand=["data.refunds"],
        )
    payments = await asyncio.gather(
        *(_payment(client, invoice, charges, may_be_torn=may_be_torn) for invoice in invoices)
    )
    return _seen(invoices, payments)


def _seen(invoices: Sequence[Json], payments: Iterable[PaymentSeen | None]) -> SubscriptionSeen:
    details = cast("Json", invoices[0]["parent"]["subscription_details"])
    customer = {"id": invoices[0]["customer"], "email": invoices[0].get("customer_email")}
    subscription = {**cast("Json", details["subscription"]), "customer": customer}
    return subscription_seen(subscription, tuple(payment for payment in payments if payment))


async def _payment(
    client: stripe.StripeClient, invoice: Json, charges: Sequence[Json], *, may_be_torn: bool
) -> PaymentSeen | None:
    intent_id = _latest_intent(cast("Sequence[Json]", invoice["payments"]["data"]))
    if intent_id is None:
        return payment_seen(invoice, None, (), ())
    charge = next((each for each in charges if each["payment_intent"] == intent_id and each["paid"]), None)
    if charge is None or invoice["status"] != "paid":
        intent = await get(client, f"/v1/payment_intents/{intent_id}", expand=["latest_charge.refunds"])
        if not may_be_torn and invoice["status"] == "open" and intent["status"] == "succeeded":
            raise _Torn
        latest = intent.get("latest_charge")
        charge = cast("Json", latest) if isinstance(latest, Mapping) else None
    else:
        intent = {"id": intent_id, "status": "succeeded", "latest_charge": charge}
    refunds: Sequence[Json] = ()
    disputes: Sequence[Json] = ()
    if charge and charge["paid"]:
        refunds = cast("Sequence[Json]", charge["refunds"]["data"])
        if charge["refunds"]["has_more"]:
            refunds = await get_list(client, "/v1/refunds", payment_intent=intent_id, limit=100)
        if charge["disputed"]:
            disputes = await get_list(client, "/v1/disputes", payment_intent=intent_id, limit=10)
    return payment_seen(invoice, intent, refunds, disputes)


def _latest_intent(attempts: Sequence[Json]) -> str | None:
    """The payment intent that paid the invoice, else the last one that was tried."""
    ordered = sorted(attempts, key=lambda attempt: (attempt["status"] == "paid", attempt["created"]))
    intents = (attempt["payment"].get("payment_intent") for attempt in reversed(ordered))
    return next((str(intent) for intent in intents if intent), None)
