"""A loaded history is as if it had happened, without telling anybody."""

import time
from copy import deepcopy
from typing import Any

import httpx
import stripe

from tests.sandbox.history import HISTORY, invoice, subscription
from tests.sandbox.provider import Provider
from tests.sandbox.receiver import Receiver


def test_a_loaded_history_reads_like_a_lived_one(provider: Provider) -> None:
    provider.control("load", HISTORY)
    api = provider.api

    assert api.subscriptions.retrieve("sub_card").status == "active"
    assert api.subscriptions.retrieve("sub_card").latest_invoice == "in_card2"
    assert [each.id for each in api.invoices.list({"subscription": "sub_card", "status": "paid"}).data] == [
        "in_card2",
        "in_card1",
    ]
    payment = api.invoice_payments.list(
        {"invoice": "in_card2", "status": "paid", "expand": ["data.payment.payment_intent.latest_charge"]}
    ).data[0]
    assert isinstance(payment.payment.payment_intent, stripe.PaymentIntent)
    charge = payment.payment.payment_intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    assert charge.id == "ch_card2"
    assert api.refunds.retrieve("re_loaded").payment_intent == "pi_refunded1"
    assert api.charges.retrieve("ch_refunded1").refunded
    assert api.disputes.retrieve("dp_loaded").status == "lost"
    assert api.payment_intents.retrieve("pi_waiting1").status == "requires_action"


def test_loading_tells_nobody(provider: Provider, receiver: Receiver) -> None:
    provider.api.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})

    provider.control("load", HISTORY)

    assert provider.events() == []
    assert receiver.received == []


def test_loading_twice_replaces(provider: Provider) -> None:
    provider.control("load", HISTORY)
    again: dict[str, Any] = deepcopy(HISTORY)
    again["customers"][0]["name"] = "Ana Maria"

    provider.control("load", again)

    assert provider.api.customers.retrieve("cus_loaded").name == "Ana Maria"
    assert len(provider.api.customers.list().data) == 1
    assert len(provider.api.subscriptions.list({"status": "all"}).data) == len(HISTORY["subscriptions"])
    assert len(provider.api.invoice_payments.list({"invoice": "in_card1"}).data) == 1


def test_what_was_loaded_can_be_acted_on(provider: Provider) -> None:
    provider.control("load", HISTORY)

    provider.api.subscriptions.cancel("sub_card")
    refund = provider.api.refunds.create({"payment_intent": "pi_card2"})

    assert refund.status == "succeeded"
    provider.act("pay_boleto", "pi_waiting1")
    assert provider.api.subscriptions.retrieve("sub_waiting").status == "active"


def test_a_dangling_id_loads_nothing(provider: Provider) -> None:
    lost = {"customers": HISTORY["customers"], "subscriptions": [subscription("lost", price="price_nobody")]}

    answer = httpx.post(f"{provider.sandbox.origin}/_sandbox/load", json=lost, timeout=10)

    assert answer.status_code == 404
    assert provider.api.customers.list().data == []


def test_an_unknown_field_is_refused(provider: Provider) -> None:
    answer = httpx.post(f"{provider.sandbox.origin}/_sandbox/load", json={"unicorns": []}, timeout=10)

    assert answer.status_code == 422


def test_five_hundred_subscriptions_load_quickly(provider: Provider) -> None:
    many = {
        **HISTORY,
        "subscriptions": [
            subscription(f"many{number}", invoice(f"many{number}a"), invoice(f"many{number}b"))
            for number in range(500)
        ],
    }
    started = time.monotonic()

    provider.control("load", many)

    # Less than a second on a quiet computer; the bound only finds what grows out of proportion.
    assert time.monotonic() - started < 10
