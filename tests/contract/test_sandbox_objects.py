"""Everything that the sandbox answers or tells is what the provider's description says it is."""

from typing import Any

import httpx
import pytest

from tests.contract.spec import ContractBroken, check_object, check_request, check_response
from tests.sandbox.history import DAY, HISTORY, NOW
from tests.sandbox.provider import CARD_FIELDS, KEY, Provider

_FAMILIES = {
    "billing_portal",
    "charge",
    "checkout",
    "customer",
    "invoice",
    "payment_intent",
    "refund",
    "test_helpers",
}
_READ_ALONE = 3  # the list has been held against the description already
_LISTS = (
    "/v1/products",
    "/v1/prices",
    "/v1/customers",
    "/v1/checkout/sessions",
    "/v1/subscriptions?status=all",
    "/v1/invoices",
    "/v1/invoice_payments",
    "/v1/payment_intents",
    "/v1/payment_methods",
    "/v1/charges",
    "/v1/refunds",
    "/v1/disputes",
    "/v1/balance_transactions",
    "/v1/webhook_endpoints",
    "/v1/billing_portal/configurations",
    "/v1/test_helpers/test_clocks",
    "/v1/events",
)


def _get(provider: Provider, path: str) -> tuple[int, dict[str, Any]]:
    answer = httpx.get(f"{provider.sandbox.origin}{path}", auth=(KEY, ""), timeout=10)
    return answer.status_code, answer.json()


@pytest.fixture(scope="module")
def busy(provider: Provider) -> Provider:
    """A provider with something of everything."""
    provider.api.webhook_endpoints.create({"url": "http://127.0.0.1:9/hook", "enabled_events": ["*"]})
    bought = provider.subscribed(subscription_data={"metadata": {"plan": "1"}}, client_reference_id="42")
    provider.api.subscriptions.update(bought.subscription, {"cancel_at_period_end": True})
    provider.api.subscriptions.cancel(bought.subscription)
    refund = provider.api.refunds.create({"payment_intent": bought.intent["id"], "amount": 1_000})
    provider.api.refunds.update(refund.id, {"metadata": {"why": "asked"}})
    waiting = provider.subscribed_by_boleto()
    provider.act("pay_boleto", waiting.intent["id"])
    expired = provider.subscribed_by_boleto()
    provider.act("expire_boleto", expired.intent["id"])
    provider.subscribed_by_boleto()
    disputed = provider.subscribed()
    charge = provider.api.payment_intents.retrieve(disputed.intent["id"]).latest_charge
    dispute = provider.act("open_dispute", str(charge))
    provider.act("win_dispute", dispute["id"])
    late = provider.subscribed("4000 0000 0000 5126")
    failed = provider.api.refunds.create({"payment_intent": late.intent["id"]})
    provider.act("hurry", failed.id)
    provider.api.checkout.sessions.expire(provider.session().id)
    _live_on_a_clock(provider, "pm_card_visa")
    _live_on_a_clock(provider, "pm_card_chargeCustomerFail")
    portal = provider.api.billing_portal.sessions.create(
        {
            "customer": bought.customer,
            "return_url": "http://127.0.0.1:9/me",
            "flow_data": {
                "type": "subscription_cancel",
                "subscription_cancel": {"subscription": bought.subscription},
            },
        }
    )
    httpx.post(portal.url + "/card", data={"number": "5555 5555 5555 4444", **CARD_FIELDS}, timeout=10)
    provider.control("load", HISTORY)
    return provider


def _live_on_a_clock(provider: Provider, card: str) -> None:
    """Two months of a subscription whose renewals succeed or fail."""
    clock = provider.api.test_helpers.test_clocks.create({"frozen_time": NOW})
    customer = provider.api.customers.create({"email": "ana@example.com", "test_clock": clock.id})
    sale = provider.subscribed(customer=customer.id)
    method = provider.api.payment_methods.attach(card, {"customer": customer.id})
    provider.api.subscriptions.update(sale.subscription, {"default_payment_method": method.id})
    provider.api.test_helpers.test_clocks.advance(clock.id, {"frozen_time": NOW + 60 * DAY})


@pytest.mark.parametrize("path", _LISTS)
def test_every_object_is_as_described(busy: Provider, path: str) -> None:
    status, page = _get(busy, f"{path}{'&' if '?' in path else '?'}limit=100")
    check_response("GET", path.partition("?")[0], status, page)
    assert page["data"]
    for item in page["data"][:_READ_ALONE]:
        where = f"{path.partition('?')[0]}/{item['id']}"
        status, whole = _get(busy, where)
        check_response("GET", where, status, whole)


def test_every_event_and_its_object_is_as_described(busy: Provider) -> None:
    events = busy.events()
    assert {event["type"].split(".")[0] for event in events} >= {
        "charge",
        "checkout",
        "customer",
        "invoice",
        "refund",
    }
    for event in events:
        check_object(event)


def test_expanded_answers_are_as_described(busy: Provider) -> None:
    sale = busy.subscribed()
    for path in (
        f"/v1/invoice_payments?invoice={sale.invoice['id']}&expand[]=data.payment.payment_intent.latest_charge",
        f"/v1/checkout/sessions?subscription={sale.subscription}&expand[]=data.line_items&expand[]=data.subscription",
        f"/v1/invoices?subscription={sale.subscription}&expand[]=data.payments&expand[]=data.customer",
        f"/v1/charges?customer={sale.customer}&expand[]=data.refunds&expand[]=data.balance_transaction",
        f"/v1/subscriptions?customer={sale.customer}&expand[]=data.default_payment_method",
    ):
        status, page = _get(busy, path)
        check_response("GET", path.partition("?")[0], status, page)
        check_object(page)


def test_refusals_are_as_described(busy: Provider) -> None:
    for method, path in (
        ("GET", "/v1/customers/cus_nobody"),
        ("GET", "/v1/customers?limit=none"),
        ("POST", "/v1/refunds"),
        ("POST", "/v1/checkout/sessions"),
    ):
        answer = httpx.request(method, f"{busy.sandbox.origin}{path}", auth=(KEY, ""), timeout=10)
        assert answer.is_client_error
        check_response(method, path.partition("?")[0], answer.status_code, answer.json())


def test_every_request_of_these_tests_is_as_described(busy: Provider) -> None:
    requests = busy.seen("requests", limit="1000")
    assert len(requests) > 20
    for request in requests:
        if request["status"] == 200:
            check_request(request["method"], request["path"], request["params"])


def test_an_unknown_parameter_breaks_the_contract() -> None:
    with pytest.raises(ContractBroken, match="payment_method_types"):
        check_request(
            "POST", "/v1/checkout/sessions", {"mode": "subscription", "payment_method_types[0]": "card"}
        )


def test_a_wrong_type_breaks_the_contract() -> None:
    with pytest.raises(ContractBroken, match="amount"):
        check_request("POST", "/v1/refunds", {"payment_intent": "pi_1", "amount": "all"})


def test_an_object_with_a_field_too_many_breaks_the_contract(busy: Provider) -> None:
    refund = busy.sandbox.refunds()[0]
    check_object(refund)
    with pytest.raises(ContractBroken, match="invented"):
        check_object({**refund, "invented": True})
    del refund["amount"]
    with pytest.raises(ContractBroken, match="amount"):
        check_object(refund)
