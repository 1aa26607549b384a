"""Events are sent over HTTP, signed, again until they are taken, and as the switch says."""

from pathlib import Path

import pytest
import stripe

from tests.sandbox.provider import Provider
from tests.sandbox.receiver import Receiver, listening
from tests.support.processes import eventually, free_port
from tests.support.sandbox import running_sandbox


def _endpoint(provider: Provider, url: str, *events: str) -> stripe.WebhookEndpoint:
    return provider.api.webhook_endpoints.create({"url": url, "enabled_events": list(events) or ["*"]})  # pyright: ignore[reportArgumentType]


def test_events_arrive_signed(provider: Provider, receiver: Receiver) -> None:
    endpoint = _endpoint(provider, receiver.url)
    customer = provider.api.customers.create({"name": "Ana"})

    eventually(receiver.has("customer.created"))

    arrived = receiver.received[0]
    event = stripe.Webhook.construct_event(arrived.body, arrived.signature, endpoint.secret)
    assert event.data.object["id"] == customer.id
    assert event.livemode is False
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(arrived.body, arrived.signature, "whsec_other")


def test_the_secret_is_told_once(provider: Provider, receiver: Receiver) -> None:
    endpoint = _endpoint(provider, receiver.url)

    assert endpoint.secret
    assert endpoint.secret.startswith("whsec_")
    assert "secret" not in provider.api.webhook_endpoints.retrieve(endpoint.id).to_dict()


def test_only_the_wanted_types_arrive(provider: Provider, receiver: Receiver) -> None:
    _endpoint(provider, receiver.url, "invoice.paid", "checkout.session.completed")
    provider.subscribed()

    eventually(receiver.has("checkout.session.completed"))

    assert set(receiver.types()) == {"invoice.paid", "checkout.session.completed"}


def test_a_refused_event_comes_again(provider: Provider, receiver: Receiver) -> None:
    receiver.answers = [500, 404]
    _endpoint(provider, receiver.url)
    provider.api.customers.create({"name": "Ana"})

    eventually(lambda: len(receiver.received) == 3, seconds=15, what="the third attempt")

    assert len({each.event["id"] for each in receiver.received}) == 1
    eventually(lambda: provider.seen("deliveries")[0]["state"] == "delivered")
    delivery = provider.seen("deliveries")[0]
    assert (delivery["attempts"], delivery["status"], delivery["type"]) == (3, 204, "customer.created")
    assert provider.api.events.retrieve(delivery["event"]).pending_webhooks == 0


def test_retries_outlive_a_restart(tmp_path: Path) -> None:
    with running_sandbox(tmp_path) as sandbox:
        provider = Provider(sandbox)
        port = free_port()
        _endpoint(provider, f"http://127.0.0.1:{port}/webhooks")
        provider.api.customers.create({"name": "Ana"})
        eventually(lambda: provider.seen("deliveries")[0]["attempts"] > 0, what="a failed attempt")
    with listening(port) as receiver, running_sandbox(tmp_path):
        eventually(receiver.has("customer.created"), seconds=15)


def test_dropped_events_stay_in_the_list_of_events(provider: Provider, receiver: Receiver) -> None:
    _endpoint(provider, receiver.url)
    provider.sandbox.webhooks("drop")
    lost = provider.api.customers.create({"name": "Ana"})
    provider.sandbox.webhooks("deliver")
    provider.api.products.create({"name": "Plano"})

    eventually(receiver.has("product.created"))

    assert receiver.types() == ["product.created"]
    event = provider.api.events.list({"type": "customer.created"}).data[0]
    assert event.data.object["id"] == lost.id
    provider.control("redeliver", {"event": event.id})
    eventually(receiver.has("customer.created"))


def test_duplicated_events_arrive_as_often_as_asked(provider: Provider, receiver: Receiver) -> None:
    _endpoint(provider, receiver.url)
    provider.control("faults", {"webhooks": "duplicate", "copies": 5})

    provider.api.customers.create({"name": "Ana"})

    eventually(lambda: len(receiver.received) == 5)
    assert len({each.event["id"] for each in receiver.received}) == 1


def test_delayed_events_wait(provider: Provider, receiver: Receiver) -> None:
    _endpoint(provider, receiver.url)
    provider.control("faults", {"webhooks": "delay", "seconds": 60})
    provider.api.customers.create({"name": "Ana"})
    provider.sandbox.webhooks("deliver")
    provider.api.products.create({"name": "Plano"})

    eventually(receiver.has("product.created"))

    assert receiver.types() == ["product.created"]
    assert [each["state"] for each in provider.seen("deliveries")] == ["delivered", "pending"]


def test_shuffled_events_all_arrive_out_of_order(provider: Provider, receiver: Receiver) -> None:
    _endpoint(provider, receiver.url)
    provider.control("faults", {"webhooks": "shuffle", "seconds": 2})
    made = [provider.api.customers.create({"name": str(number)}).id for number in range(20)]

    eventually(lambda: len(receiver.received) == 20)

    arrived = [each.event["data"]["object"]["id"] for each in receiver.received]
    assert sorted(arrived) == sorted(made)
    assert arrived != made
