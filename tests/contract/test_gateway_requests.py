"""Every request that our gateway sends is one that the provider describes."""

from dataclasses import replace
from pathlib import Path

from lastlink_ui.billing.gateway import Address, CheckoutWanted, Payer, PlanListed
from lastlink_ui.billing.inbox import HANDLED
from lastlink_ui.billing.stripe_gateway import StripeGateway
from lastlink_ui.core.ids import new_id
from lastlink_ui.core.period import Period
from lastlink_ui.subscribers.lifecycle import Method
from tests.contract import spec
from tests.sandbox.provider import Provider
from tests.support.sandbox import KEY, Sandbox, running_sandbox

# Each of the gateway's methods leaves at least one of these behind.
EXPECTED = {
    "POST /v1/products",
    "GET /v1/prices",
    "POST /v1/prices",
    "POST /v1/prices/{id}",
    "POST /v1/products/{id}",
    "GET /v1/subscriptions",
    "GET /v1/events",
    "GET /v1/products/{id}",
    "POST /v1/customers",
    "POST /v1/checkout/sessions",
    "GET /v1/checkout/sessions/{id}",
    "GET /v1/subscriptions/{id}",
    "POST /v1/subscriptions/{id}",
    "DELETE /v1/subscriptions/{id}",
    "GET /v1/invoices",
    "GET /v1/charges",
    "GET /v1/payment_intents/{id}",
    "GET /v1/invoice_payments",
    "GET /v1/refunds",
    "POST /v1/refunds",
    "POST /v1/billing_portal/sessions",
    "POST /v1/webhook_endpoints",
    "POST /v1/webhook_endpoints/{id}",
}


async def test_every_request_is_as_described(tmp_path: Path) -> None:
    with running_sandbox(tmp_path) as sandbox:
        await _ask_everything(sandbox)
        asked = sandbox.requests()
    for request in asked:
        spec.check_request(request["method"], request["path"], request["params"])
    assert {f"{request['method']} {_shape(request['path'])}" for request in asked} == EXPECTED


async def _ask_everything(sandbox: Sandbox) -> None:
    gateway, number = StripeGateway(KEY, sandbox.origin), str(new_id())
    prices = [
        await gateway.list_plan(
            PlanListed(f"{number}-{period}", "Mensal", "Stories", 2990, period, is_offered=True),
            f"{number}:{period}",
        )
        for period in Period
    ]
    dearer = PlanListed(
        f"{number}-{Period.MONTHLY}",
        "Mensal",
        "",
        3990,
        Period.MONTHLY,
        is_offered=True,
        product_id=prices[0].product_id,
    )
    prices[0] = await gateway.list_plan(dearer, f"{number}:dearer")
    assert await gateway.try_key(prices[0].product_id)
    assert not await gateway.try_key("prod_0fAnotherAccount")
    wanted = CheckoutWanted(
        checkout_id=number,
        price_id=prices[0].price_id,
        method=Method.CARD,
        email="beatriz@example.com",
        name="Beatriz Ribeiro",
        payer=Payer("12ABC34501DE35", Address("Rua A, 1", "Fundos - Centro", "São Paulo", "SP", "01310100")),
        success_url="https://example.com/obrigado/x",
        cancel_url="https://example.com/ana",
        metadata={"checkout_id": number, "name": "Beatriz Ribeiro", "handle": "bia"},
    )
    hosted = await gateway.create_checkout(wanted, number)
    sandbox.pay(hosted.url)
    checkout = await gateway.checkout(hosted.session_id)
    assert checkout.subscription_id
    seen = await gateway.subscription(checkout.subscription_id)
    assert await gateway.news_of(seen.id, lambda _: False) == seen
    assert await gateway.news_of(seen.id, lambda _: True) is None
    intent = seen.payments[0].payment_intent_id
    assert intent
    assert await gateway.subscription_of_payment(intent) == seen.id
    (listed,) = (await gateway.subscriptions(None)).subscriptions
    assert listed.id == seen.id
    assert (await gateway.subscriptions(seen.id)).subscriptions == ()
    events = (await gateway.events(HANDLED, seen.started_at, None)).events
    assert (await gateway.events(HANDLED, seen.started_at, events[0].id)).events == events[1:]
    assert await gateway.card_page(seen.id, "https://example.com/minha-assinatura")
    await gateway.cancel(seen.id, at_once=False, key=f"{number}:later")
    await gateway.resume(seen.id, f"{number}:resume")
    wanted = replace(
        wanted,
        price_id=(await gateway.list_plan(replace(dearer, amount=4990), f"{number}:up")).price_id,
    )
    await gateway.change_price(seen.id, wanted.price_id, f"{number}:change")
    after = await gateway.subscription(seen.id)
    assert (after.amount, after.payments[0].facts.amount) == (4990, 3990)
    assert after.product_id == after.payments[0].product_id == prices[0].product_id
    await gateway.refund(intent, number, f"{number}:refund")
    assert await gateway.find_refund(intent, number)
    await gateway.cancel(seen.id, at_once=True, key=f"{number}:now")
    await gateway.cancel(seen.id, at_once=True, key=f"{number}:again")
    voucher = replace(wanted, checkout_id=f"{number}b", method=Method.BOLETO)
    page = await gateway.create_checkout(voucher, voucher.checkout_id)
    Provider(sandbox).pay_by_boleto(page.url)
    unpaid = (await gateway.checkout(page.session_id)).subscription_id
    assert unpaid
    assert (await gateway.subscription(unpaid)).payments[0].facts.method is Method.BOLETO
    endpoint = await gateway.webhook_endpoint("http://127.0.0.1:9/webhooks/stripe", HANDLED, None)
    await gateway.webhook_endpoint("http://127.0.0.1:9/webhooks/stripe", HANDLED, endpoint)


def _shape(path: str) -> str:
    """The path with `{id}` for an object's id."""
    return "/".join(
        "{id}" if "_" in part and any(c.isupper() or c.isdigit() for c in part) else part
        for part in path.split("/")
    )
