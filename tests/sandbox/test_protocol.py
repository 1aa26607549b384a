"""What every address of the API has in common: key, errors, paging, expanding, idempotency, faults."""

import threading
import time
from collections.abc import Callable

import httpx
import pytest
import stripe

from tests.sandbox.provider import KEY, Provider, client_for
from tests.support.processes import eventually


def _customers(provider: Provider, count: int) -> list[str]:
    return [provider.api.customers.create({"name": f"Fã {number}"}).id for number in range(count)][::-1]


@pytest.mark.parametrize("key", ["sk_test_other", "sk_live_sandbox"])
def test_a_wrong_key_is_refused(provider: Provider, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError, match="Invalid API Key provided"):
        client_for(provider.sandbox.origin, key).v1.customers.list()


def test_a_missing_key_is_refused(provider: Provider) -> None:
    answer = httpx.get(f"{provider.sandbox.origin}/v1/customers")

    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_every_answer_has_a_request_id(provider: Provider) -> None:
    answer = httpx.get(f"{provider.sandbox.origin}/v1/customers", auth=(KEY, ""))

    assert answer.headers["request-id"].startswith("req_")


def test_an_unknown_object_is_not_found(provider: Provider) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such customer: 'cus_nobody'") as refusal:
        provider.api.customers.retrieve("cus_nobody")

    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_an_unknown_address_is_not_found(provider: Provider) -> None:
    answer = httpx.get(f"{provider.sandbox.origin}/v1/unicorns", auth=(KEY, ""))

    assert answer.status_code == 404
    assert "Unrecognized request URL (GET: /v1/unicorns)" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"customer_email": "a@b.c", "colour": "red"}, "parameter_unknown", "colour"),
        ({"subscription_data[colour]": "red"}, "parameter_unknown", "subscription_data[colour]"),
        ({"payment_method_types[0]": "card"}, "parameter_unknown", "payment_method_types"),
        ({"success_url": ""}, "parameter_invalid_empty", "success_url"),
        ({"expires_at": "tomorrow"}, "parameter_invalid_integer", "expires_at"),
    ],
)
def test_wrong_parameters_are_refused_by_name(
    provider: Provider, params: dict[str, str], code: str, param: str
) -> None:
    good = {
        "mode": "subscription",
        "success_url": "http://127.0.0.1:9",
        "line_items[0][price]": provider.price(),
    }

    answer = httpx.post(f"{provider.sandbox.origin}/v1/checkout/sessions", data=good | params, auth=(KEY, ""))

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["param"]) == (code, param)


def test_a_missing_parameter_is_named(provider: Provider) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: name") as refusal:
        provider.api.products.create({})  # pyright: ignore[reportArgumentType]

    assert refusal.value.code == "parameter_missing"


def test_lists_page_in_both_directions(provider: Provider) -> None:
    newest_first = _customers(provider, 5)

    first = provider.api.customers.list({"limit": 2})
    second = provider.api.customers.list({"limit": 2, "starting_after": first.data[-1].id})
    back = provider.api.customers.list({"limit": 1, "ending_before": second.data[0].id})

    assert [each.id for each in first.data] == newest_first[:2]
    assert [each.id for each in second.data] == newest_first[2:4]
    assert [each.id for each in back.data] == [newest_first[1]]
    assert first.has_more
    assert back.has_more
    assert [each.id for each in provider.api.customers.list({"limit": 2}).auto_paging_iter()] == newest_first


def test_an_unknown_cursor_is_refused(provider: Provider) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        provider.api.customers.list({"starting_after": "cus_nobody"})


def test_lists_filter(provider: Provider) -> None:
    provider.api.customers.create({"email": "a@example.com"})
    wanted = provider.api.customers.create({"email": "b@example.com"})

    assert [each.id for each in provider.api.customers.list({"email": "b@example.com"}).data] == [wanted.id]
    assert provider.api.customers.list({"created": {"gt": int(time.time()) + 60}}).data == []


def test_events_are_found_by_type_and_time(provider: Provider) -> None:
    provider.subscribed()
    events = provider.api.events

    assert {each.type for each in events.list({"type": "invoice.paid"}).data} == {"invoice.paid"}
    assert {each.type for each in events.list({"type": "customer.subscription.*"}).data} == {
        "customer.subscription.created",
        "customer.subscription.updated",
    }
    assert {each.type for each in events.list({"types": ["invoice.paid", "charge.succeeded"]}).data} == {
        "invoice.paid",
        "charge.succeeded",
    }
    assert events.list({"created": {"gt": int(time.time()) + 60}}).data == []


def test_ids_become_objects_on_request(provider: Provider) -> None:
    sale = provider.subscribed()

    payments = provider.api.invoice_payments.list(
        {"invoice": sale.invoice["id"], "expand": ["data.payment.payment_intent.latest_charge"]}
    )

    intent = payments.data[0].payment.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert isinstance(intent.latest_charge, stripe.Charge)
    assert intent.latest_charge.payment_method_details
    assert "_card" not in str(provider.api.payment_methods.list({"customer": sale.customer}))


def test_what_cannot_be_expanded_is_refused(provider: Provider) -> None:
    sale = provider.subscribed()

    with pytest.raises(stripe.InvalidRequestError, match=r"cannot be expanded \(colour\)"):
        provider.api.subscriptions.retrieve(sale.subscription, {"expand": ["colour"]})


def test_a_key_used_again_gets_the_first_answer(provider: Provider) -> None:
    first = provider.api.customers.create({"name": "Ana"}, {"idempotency_key": "k1"})
    again = provider.api.customers.create({"name": "Ana"}, {"idempotency_key": "k1"})

    assert again.id == first.id
    assert again.last_response
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert len(provider.api.customers.list().data) == 1


def test_a_key_with_other_parameters_is_refused(provider: Provider) -> None:
    provider.api.customers.create({"name": "Ana"}, {"idempotency_key": "k1"})

    with pytest.raises(stripe.IdempotencyError, match="Keys for idempotent requests can only be used"):
        provider.api.customers.create({"name": "Bia"}, {"idempotency_key": "k1"})


def test_a_refusal_after_work_began_is_remembered(provider: Provider) -> None:
    def refused() -> stripe.InvalidRequestError:
        with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent") as refusal:
            provider.api.refunds.create({"payment_intent": "pi_nobody"}, {"idempotency_key": "k1"})
        return refusal.value

    first, again = refused(), refused()

    assert "idempotent-replayed" not in (first.headers or {})
    assert (again.headers or {})["idempotent-replayed"] == "true"


def test_wrong_parameters_use_no_key_up(provider: Provider) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        provider.api.customers.create({"colour": "red"}, {"idempotency_key": "k1"})  # pyright: ignore[reportArgumentType]

    assert provider.api.customers.create({"name": "Ana"}, {"idempotency_key": "k1"}).name == "Ana"


def test_a_key_in_use_is_a_conflict(provider: Provider) -> None:
    provider.sandbox.fail("POST /v1/customers", "hang")

    def first() -> None:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(
                f"{provider.sandbox.origin}/v1/customers",
                data={"name": "Ana"},
                headers={"Idempotency-Key": "k1"},
                auth=(KEY, ""),
                timeout=3,
            )

    waiting = threading.Thread(target=first)
    waiting.start()
    eventually(lambda: bool(provider.seen("requests", match="POST /v1/customers")), what="the first request")
    with pytest.raises(stripe.StripeError) as refusal:
        provider.api.customers.create({"name": "Ana"}, {"idempotency_key": "k1"})
    waiting.join()

    assert refusal.value.http_status == 409
    assert "idempotency_key_in_use" in str(refusal.value.http_body)
    eventually(
        lambda: _succeeds(lambda: provider.api.customers.create({"name": "Ana"}, {"idempotency_key": "k1"}))
    )


def _succeeds(call: Callable[[], object]) -> bool:
    try:
        call()
    except stripe.StripeError:
        return False
    return True


def test_a_lost_answer_was_still_worked_on(provider: Provider) -> None:
    provider.sandbox.fail("POST /v1/customers", "lose_answer")

    with pytest.raises(stripe.APIConnectionError):
        provider.api.customers.create({"name": "Ana"}, {"idempotency_key": "k1"})
    again = provider.api.customers.create({"name": "Ana"}, {"idempotency_key": "k1"})

    assert [each.id for each in provider.api.customers.list().data] == [again.id]


def test_a_refused_connection_did_nothing(provider: Provider) -> None:
    provider.sandbox.fail("POST /v1/customers", "refuse")

    with pytest.raises(stripe.APIConnectionError):
        provider.api.customers.create({"name": "Ana"})

    assert provider.api.customers.list().data == []


def test_a_500_did_nothing_and_is_remembered_by_its_key(provider: Provider) -> None:
    provider.sandbox.fail("POST /v1/customers", "status_500")

    for _ in range(2):
        with pytest.raises(stripe.APIError):
            provider.api.customers.create({"name": "Ana"}, {"idempotency_key": "k1"})

    assert provider.api.customers.list().data == []
    assert provider.api.customers.create({"name": "Ana"}, {"idempotency_key": "k2"}).name == "Ana"


def test_a_429_is_not_remembered(provider: Provider) -> None:
    provider.sandbox.fail("POST /v1/customers", "status_429")

    with pytest.raises(stripe.RateLimitError):
        provider.api.customers.create({"name": "Ana"}, {"idempotency_key": "k1"})

    assert provider.api.customers.create({"name": "Ana"}, {"idempotency_key": "k1"}).name == "Ana"


def test_a_fault_happens_as_often_as_asked(provider: Provider) -> None:
    provider.sandbox.fail("GET /v1/*", "status_429", times=2)

    outcomes = [_succeeds(provider.api.customers.list) for _ in range(3)]

    assert outcomes == [False, False, True]


def test_requests_are_logged_newest_first(provider: Provider) -> None:
    provider.api.customers.create({"name": "Ana", "metadata": {"a": "1"}}, {"idempotency_key": "k1"})
    provider.api.customers.list()

    newest, oldest = provider.seen("requests", limit="2")

    assert (newest["method"], newest["path"], newest["status"]) == ("GET", "/v1/customers", 200)
    assert oldest["params"] == {"name": "Ana", "metadata[a]": "1"}
    assert oldest["idempotency_key"] == "k1"


def test_another_name_for_this_computer_is_refused(provider: Provider) -> None:
    answer = httpx.get(f"{provider.sandbox.origin}/healthz", headers={"Host": "evil.example"})

    assert answer.status_code == 400
