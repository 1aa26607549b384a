"""The payment provider behind the port: Stripe, over its official library and HTTP alone."""

import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import httpx
import stripe

from lastlink_ui.billing import stripe_catalogue, stripe_lists, stripe_look
from lastlink_ui.billing.events import subject_of
from lastlink_ui.billing.gateway import (
    CheckoutSeen,
    CheckoutWanted,
    EventPage,
    HostedCheckout,
    IsKnown,
    KeyRefused,
    Payer,
    PlanListed,
    Price,
    ProviderRefused,
    ProviderUnavailable,
    RefundSeen,
    SubscriptionPage,
    SubscriptionSeen,
)
from lastlink_ui.billing.stripe_once import once_free
from lastlink_ui.billing.stripe_plain import get, get_list
from lastlink_ui.billing.stripe_reading import checkout_seen, refund_seen
from lastlink_ui.subscribers.tax_ids import is_company

_TIMEOUT_SECONDS = 10
_CONFLICT = 409
_RETRY_LATER = {_CONFLICT, 429}
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """Where the provider sends events, and the secret that it signs them with, which it tells once."""

    id: str
    secret: str


class StripeGateway:
    """One Stripe account. Lives on one event loop, as its HTTP client does."""

    def __init__(self, api_key: str, api_base: str, http: stripe.HTTPXClient | None = None) -> None:
        """`http`: connections to share with other accounts."""
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": api_base},
            max_network_retries=0,  # the worker retries, with a key that it has written down
            http_client=http or _new_http(),
        )
        self._stripe = self._client.v1

    async def list_plan(self, plan: PlanListed, key: str) -> Price:
        """The plan's product as it is to be, and its price; other prices of it are no longer for sale."""
        async with _errors():
            return await stripe_catalogue.list_plan(self._stripe, plan, key)

    async def create_checkout(self, wanted: CheckoutWanted, key: str) -> HostedCheckout:
        """A hosted Checkout page for one subscription, and its customer.

        A customer of its own each time: the form does not prove who fills it in, and a page of a known
        customer would show what the provider keeps of them.
        """
        metadata = dict(wanted.metadata)
        async with _errors():
            customer = await once_free(
                self._stripe.customers.create_async,
                _customer(wanted),
                {"idempotency_key": f"{key}:customer"},
            )
            session = await once_free(
                self._stripe.checkout.sessions.create_async,
                {
                    "mode": "subscription",
                    "customer": customer.id,
                    "line_items": [{"price": wanted.price_id, "quantity": 1}],
                    "allowed_payment_method_types": [wanted.method.value],  # pyright: ignore[reportArgumentType]
                    "client_reference_id": wanted.checkout_id,
                    "metadata": metadata,
                    "subscription_data": {"metadata": metadata},
                    "locale": "pt-BR",
                    "success_url": wanted.success_url,
                    "cancel_url": wanted.cancel_url,
                },
                {"idempotency_key": f"{key}:session"},
            )
        if session.url is None:
            raise ProviderRefused("no_checkout_url")
        return HostedCheckout(session.id, session.url)

    async def checkout(self, session_id: str) -> CheckoutSeen:
        """How far that payment page came."""
        async with _errors():
            session = await get(self._client, f"/v1/checkout/sessions/{session_id}")
        return checkout_seen(session)

    async def news_of(self, subscription_id: str, is_known: IsKnown) -> SubscriptionSeen | None:
        """See `Gateway`. One request where nothing is new."""
        async with _errors():
            return await stripe_look.look_unless(self._client, subscription_id, is_known)

    async def subscription(self, subscription_id: str) -> SubscriptionSeen:
        """The subscription with its latest invoices and the money that moved for them."""
        async with _errors():
            return await stripe_look.look(self._client, subscription_id)

    async def subscriptions(self, after: str | None) -> SubscriptionPage:
        """A page of all subscriptions, ended ones too."""
        async with _errors():
            return await stripe_lists.subscription_page(self._client, after)

    async def events(self, types: Sequence[str], since: datetime | None, after: str | None) -> EventPage:
        """A page of the events of these types since that instant, at most 30 days back."""
        async with _errors():
            return await stripe_lists.event_page(self._client, types, since, after)

    async def subscription_of_payment(self, payment_intent_id: str) -> str | None:
        """The subscription whose invoice the payment intent paid."""
        async with _errors():
            found = await get_list(
                self._client,
                "/v1/invoice_payments",
                payment={"type": "payment_intent", "payment_intent": payment_intent_id},
                limit=1,
                expand=["data.invoice"],
            )
        return subject_of(found[0]["invoice"]).get("subscription") if found else None

    async def refund(self, payment_intent_id: str, operation_id: str, key: str) -> RefundSeen:
        """Return the payment in full; a refund that is only begun comes back as pending."""
        async with _errors():
            refund = await self._stripe.refunds.create_async(
                {"payment_intent": payment_intent_id, "metadata": {"operation_id": operation_id}},
                {"idempotency_key": key},
            )
        return refund_seen(refund.to_dict())

    async def find_refund(self, payment_intent_id: str, operation_id: str) -> RefundSeen | None:
        """The refund that carries the operation's id, where the provider made one."""
        async with _errors():
            refunds = await get_list(self._client, "/v1/refunds", payment_intent=payment_intent_id, limit=100)
        for refund in refunds:
            metadata = cast("Mapping[str, str]", refund.get("metadata") or {})
            if metadata.get("operation_id") == operation_id:
                return refund_seen(refund)
        return None

    async def cancel(self, subscription_id: str, *, at_once: bool, key: str) -> None:
        """End the subscription now or with its period; one that has ended already is left as it is."""
        try:
            async with _errors():
                if at_once:
                    # Stripe ignores keys on DELETE: ending what has ended is refused, which is as good.
                    await self._stripe.subscriptions.cancel_async(subscription_id)
                else:
                    await self._stripe.subscriptions.update_async(
                        subscription_id, {"cancel_at_period_end": True}, {"idempotency_key": key}
                    )
        except ProviderRefused:
            async with _errors():
                found = await self._stripe.subscriptions.retrieve_async(subscription_id)
            if found.status not in {"canceled", "incomplete_expired"}:
                raise

    async def try_key(self, product_id: str | None) -> bool:
        """Whether the key may read what is needed, and knows `product_id` where one is named.

        Raises: KeyRefused (`http_401` for a wrong key, `http_403` for one that may not), ProviderUnavailable.
        """
        async with _errors():
            await self._stripe.subscriptions.list_async({"limit": 1})
            await self._stripe.events.list_async({"limit": 1})
        if product_id is None:
            return True
        try:
            async with _errors():
                await self._stripe.products.retrieve_async(product_id)
        except KeyRefused:
            raise
        except ProviderRefused:
            return False
        return True

    async def resume(self, subscription_id: str, key: str) -> None:
        """Let the subscription renew again. Raises: ProviderRefused once it has ended."""
        async with _errors():
            await self._stripe.subscriptions.update_async(
                subscription_id, {"cancel_at_period_end": False}, {"idempotency_key": key}
            )

    async def change_price(self, subscription_id: str, price_id: str, key: str) -> None:
        """Have the subscription renew at that price.

        Where the period is the same, nothing is charged before: https://docs.stripe.com/billing/subscriptions/change-price
        """
        async with _errors():
            found = await self._stripe.subscriptions.retrieve_async(subscription_id)
            (item,) = found.to_dict()["items"]["data"]
            await self._stripe.subscriptions.update_async(
                subscription_id,
                {"items": [{"id": item["id"], "price": price_id}], "proration_behavior": "none"},
                {"idempotency_key": key},
            )

    async def card_page(self, subscription_id: str, return_url: str) -> str:
        """A billing portal session for nothing but the card of the subscription's customer."""
        async with _errors():
            found = await self._stripe.subscriptions.retrieve_async(subscription_id)
            customer = found.customer
            after: Any = {"type": "redirect", "redirect": {"return_url": return_url}}
            portal = await self._stripe.billing_portal.sessions.create_async(
                {
                    "customer": customer if isinstance(customer, str) else customer.id,
                    "return_url": return_url,
                    "locale": "pt-BR",
                    "flow_data": {"type": "payment_method_update", "after_completion": after},
                }
            )
        return portal.url

    async def webhook_endpoint(
        self, url: str, types: tuple[str, ...], known: WebhookEndpoint | None
    ) -> WebhookEndpoint:
        """The provider's endpoint that calls `url`: the known one, moved there, else a new one.

        A moved endpoint keeps its secret and what is still to be delivered to it.
        """
        if known is not None:
            try:
                async with _errors():
                    await self._stripe.webhook_endpoints.update_async(
                        known.id,
                        {"url": url, "enabled_events": list(types)},  # pyright: ignore[reportArgumentType]
                    )
            except ProviderRefused:
                pass  # the provider does not know it any more
            else:
                return known
        async with _errors():
            made = await self._stripe.webhook_endpoints.create_async(
                {"url": url, "enabled_events": list(types)}  # pyright: ignore[reportArgumentType]
            )
        if not made.secret:
            raise ProviderRefused("no_webhook_secret")
        return WebhookEndpoint(made.id, made.secret)


def gateway_maker(api_base: str) -> Callable[[str], StripeGateway]:
    """Makes the gateway of each key; all of them share one pool of connections, on one event loop."""
    http = _new_http()
    return lambda api_key: StripeGateway(api_key, api_base, http)


def _new_http() -> stripe.HTTPXClient:
    return stripe.HTTPXClient(timeout=_TIMEOUT_SECONDS, allow_sync_methods=True)


def _customer(wanted: CheckoutWanted) -> Any:  # noqa: ANN401 - the library types parameters one by one
    """Who pays, with what a boleto needs of them, so that the hosted page has it already."""
    customer: dict[str, Any] = {"email": wanted.email, "name": wanted.name}
    return customer | (_paying(wanted.payer) if wanted.payer else {})


def _paying(payer: Payer) -> dict[str, Any]:
    address = payer.address
    return {
        "address": {
            "line1": address.line1,
            "line2": address.line2,
            "city": address.city,
            "state": address.state,
            "postal_code": address.postal_code,
            "country": "BR",
        },
        "tax_id_data": [{"type": "br_cnpj" if is_company(payer.tax_id) else "br_cpf", "value": payer.tax_id}],
    }


@asynccontextmanager
async def _errors() -> AsyncGenerator[None]:
    """Tell a definite no from an answer that never came."""
    started = time.monotonic()
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError, httpx.HTTPError) as error:
        raise ProviderUnavailable(
            f"{type(error).__name__} after {time.monotonic() - started:.1f}s"
        ) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise KeyRefused(f"http_{error.http_status}") from error
    except stripe.StripeError as error:
        status = error.http_status or 0
        if status in _RETRY_LATER or status >= _SERVER_ERROR or not status:
            raise ProviderUnavailable(f"http_{status}") from error
        raise ProviderRefused(error.code or f"http_{status}") from error
