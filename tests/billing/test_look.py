"""A look takes several requests: what changes between two of them is not seen half."""

from typing import Any

import pytest
import stripe

from lastlink_ui.billing import stripe_look
from lastlink_ui.subscribers.lifecycle import PaymentStatus
from tests.billing.conftest import Billing, Sale
from tests.sandbox.provider import Provider
from tests.support.sandbox import KEY, Sandbox


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


async def _look_while_it_is_paid(sandbox: Sandbox, sale: Sale) -> PaymentStatus:
    """A look at a renewal that failed, whose payment succeeds just before the payment is asked for."""
    provider = Provider(sandbox)

    def use_card(token: str) -> None:
        customer = str(provider.api.subscriptions.retrieve(sale.provider_id).customer)
        card = provider.api.payment_methods.attach(token, {"customer": customer})
        provider.api.subscriptions.update(sale.provider_id, {"default_payment_method": card.id})

    use_card("pm_card_chargeCustomerFail")
    provider.act("hurry", sale.provider_id)  # the period ends
    invoice = sandbox.get("/v1/invoices", subscription=sale.provider_id, limit="1")["data"][0]
    provider.act("hurry", invoice["id"])  # its renewal is tried
    use_card("pm_card_visa")
    client: Any = stripe.StripeClient(
        KEY, base_addresses={"api": sandbox.origin}, http_client=stripe.HTTPXClient(allow_sync_methods=True)
    )
    ask, waits = client.raw_request_async, [invoice["id"]]

    async def asked_late(method: str, path: str, **params: Any) -> stripe.StripeResponse:  # noqa: ANN401 - as the library's
        if path.startswith("/v1/payment_intents/") and waits:
            provider.act("hurry", waits.pop())
        return await ask(method, path, **params)

    client.raw_request_async = asked_late
    seen = await stripe_look.look(client, sale.provider_id)
    assert not waits
    latest = max(seen.payments, key=lambda each: each.facts.period_end)
    assert latest.invoice_id == invoice["id"]
    return latest.facts.status


async def test_a_payment_that_succeeds_meanwhile_is_seen_whole(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    assert billing
    assert await _look_while_it_is_paid(sandbox, sale) is PaymentStatus.PAID


async def test_without_looking_again_it_would_be_seen_as_pending(
    billing: Billing, sale: Sale, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert billing
    monkeypatch.setattr(stripe_look, "_LOOKS_MORE", 0)
    assert await _look_while_it_is_paid(sandbox, sale) is PaymentStatus.PENDING
