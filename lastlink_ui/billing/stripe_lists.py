"""What Stripe lists of a whole account, a page at a time: events and subscriptions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import stripe

from lastlink_ui.billing.events import subject_of
from lastlink_ui.billing.gateway import EventPage, ProviderEvent, SubscriptionListed, SubscriptionPage
from lastlink_ui.billing.known_news import said_of
from lastlink_ui.billing.stripe_plain import Json, get
from lastlink_ui.billing.stripe_reading import instant, invoice_status, optional_instant
from lastlink_ui.core.ids import CreatorId, parse_id

_PAGE = 100


async def event_page(
    client: stripe.StripeClient, types: Sequence[str], since: datetime | None, after: str | None
) -> EventPage:
    """A page of the account's events, the newest first; it lists those of the last 30 days."""
    narrowed: dict[str, Any] = {"limit": _PAGE, "types": list(types)}
    if since:
        narrowed["created"] = {"gte": int(since.timestamp())}
    if after:
        narrowed["starting_after"] = after
    page = await get(client, "/v1/events", **narrowed)
    found = [_event(event) for event in page["data"]]
    return EventPage(tuple(found), found[-1].id if page["has_more"] and found else None)


async def subscription_page(client: stripe.StripeClient, after: str | None) -> SubscriptionPage:
    """A page of the account's subscriptions, ended ones too, the newest first."""
    narrowed: dict[str, Any] = {"limit": _PAGE, "status": "all", "expand": ["data.latest_invoice"]}
    if after:
        narrowed["starting_after"] = after
    page = await get(client, "/v1/subscriptions", **narrowed)
    found = [_listed(subscription) for subscription in page["data"]]
    return SubscriptionPage(tuple(found), found[-1].id if page["has_more"] and found else None)


def _event(event: Json) -> ProviderEvent:
    return ProviderEvent(
        event["id"],
        event["type"],
        instant(event["created"]),
        subject_of(event["data"]["object"]),
        says=said_of(event["type"], event["data"]["object"]),
    )


def _listed(subscription: Json) -> SubscriptionListed:
    metadata = cast("Mapping[str, str]", subscription.get("metadata") or {})
    invoice = cast("Json | str | None", subscription.get("latest_invoice"))
    is_known = isinstance(invoice, Mapping) and invoice.get("status") != "draft"
    creator = parse_id(metadata.get("creator_id", ""))
    return SubscriptionListed(
        id=subscription["id"],
        checkout_id=metadata.get("checkout_id", ""),
        creator=CreatorId(creator) if creator else None,
        cancel_at_period_end=bool(subscription.get("cancel_at_period_end")),
        ended_at=optional_instant(subscription.get("ended_at")),
        invoice_id=str(invoice["id"]) if isinstance(invoice, Mapping) and is_known else None,
        invoice_status=invoice_status(invoice) if isinstance(invoice, Mapping) and is_known else None,
    )
