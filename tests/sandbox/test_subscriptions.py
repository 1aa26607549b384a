"""What the API may do to a subscription."""

import pytest
import stripe

from tests.sandbox.provider import Provider


def test_a_cancellation_waits_for_the_periods_end_and_may_be_undone(provider: Provider) -> None:
    sale = provider.subscribed()

    canceling = provider.api.subscriptions.update(sale.subscription, {"cancel_at_period_end": True})
    assert canceling.status == "active"
    assert canceling.cancel_at == canceling["items"].data[0].current_period_end
    assert canceling.canceled_at
    assert canceling.cancellation_details
    assert canceling.cancellation_details.reason == "cancellation_requested"

    kept = provider.api.subscriptions.update(sale.subscription, {"cancel_at_period_end": False})
    assert (kept.cancel_at, kept.canceled_at, kept.cancel_at_period_end) == (None, None, False)
    last = provider.events()[-1]
    assert last["type"] == "customer.subscription.updated"
    assert last["data"]["previous_attributes"]["cancel_at_period_end"] is True


def test_a_subscription_ends_at_once(provider: Provider) -> None:
    sale = provider.subscribed()

    ended = provider.api.subscriptions.cancel(
        sale.subscription, {"cancellation_details": {"comment": "Mudei de ideia", "feedback": "unused"}}
    )

    assert ended.status == "canceled"
    assert ended.ended_at
    assert ended.cancellation_details
    assert ended.cancellation_details.comment == "Mudei de ideia"
    assert provider.types_about(sale)[-1] == "customer.subscription.deleted"


def test_what_has_ended_stays_so(provider: Provider) -> None:
    sale = provider.subscribed()
    provider.api.subscriptions.cancel(sale.subscription)

    with pytest.raises(stripe.InvalidRequestError, match="No such subscription"):
        provider.api.subscriptions.cancel(sale.subscription)
    with pytest.raises(stripe.InvalidRequestError, match="A canceled subscription can only update"):
        provider.api.subscriptions.update(sale.subscription, {"cancel_at_period_end": False})
    provider.api.subscriptions.update(sale.subscription, {"metadata": {"note": "ok"}})

    assert provider.api.subscriptions.retrieve(sale.subscription).status == "canceled"


def test_ended_subscriptions_are_listed_only_on_request(provider: Provider) -> None:
    ended, live = provider.subscribed(), provider.subscribed()
    provider.api.subscriptions.cancel(ended.subscription)

    def listed(status: str | None = None) -> set[str]:
        params = {"status": status} if status else {}
        return {each.id for each in provider.api.subscriptions.list(params).data}  # pyright: ignore[reportArgumentType]

    assert listed() == {live.subscription}
    assert listed("all") == {live.subscription, ended.subscription}
    assert listed("canceled") == {ended.subscription}
    assert listed("active") == {live.subscription}


def test_metadata_is_merged_and_emptied_by_key(provider: Provider) -> None:
    sale = provider.subscribed(subscription_data={"metadata": {"a": "1", "b": "2"}})

    changed = provider.api.subscriptions.update(sale.subscription, {"metadata": {"b": "", "c": "3"}})
    assert changed.metadata.to_dict() == {"a": "1", "c": "3"}

    assert provider.api.subscriptions.update(sale.subscription, {"metadata": ""}).metadata.to_dict() == {}


def test_another_price_is_charged_from_the_next_invoice_on(provider: Provider) -> None:
    sale = provider.subscribed()
    dearer = provider.price(4_990)
    item = provider.api.subscriptions.retrieve(sale.subscription)["items"].data[0]

    changed = provider.api.subscriptions.update(
        sale.subscription, {"items": [{"id": item.id, "price": dearer}], "proration_behavior": "none"}
    )

    assert changed["items"].data[0].price.id == dearer
    assert len(provider.api.invoices.list({"subscription": sale.subscription}).data) == 1


def test_a_card_may_be_changed(provider: Provider) -> None:
    sale = provider.subscribed()
    method = provider.api.payment_methods.attach("pm_card_mastercard", {"customer": sale.customer})

    changed = provider.api.subscriptions.update(sale.subscription, {"default_payment_method": method.id})

    assert changed.default_payment_method == method.id
    assert {
        each.card.brand
        for each in provider.api.customers.payment_methods.list(sale.customer).data
        if each.card
    } == {
        "visa",
        "mastercard",
    }
