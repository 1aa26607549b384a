"""What time does: renewals, dunning, ends, on a test clock and on the account's own."""

from dataclasses import dataclass

import pytest
import stripe

from tests.sandbox.provider import Provider, Sale
from tests.support.processes import eventually

DAY = 86_400
START = 1_769_860_800  # 31 January 2026, noon UTC: a day that most months don't have


@dataclass
class Timeline:
    """A customer on a test clock, subscribed by card."""

    provider: Provider
    clock: str
    sale: Sale

    def advance(self, days: float) -> stripe.test_helpers.TestClock:
        clocks = self.provider.api.test_helpers.test_clocks
        now = clocks.retrieve(self.clock).frozen_time
        return clocks.advance(self.clock, {"frozen_time": now + int(days * DAY)})

    def subscription(self) -> stripe.Subscription:
        return self.provider.api.subscriptions.retrieve(self.sale.subscription)

    def period(self) -> tuple[int, int]:
        item = self.subscription()["items"].data[0]
        return item.current_period_start, item.current_period_end

    def invoices(self) -> list[stripe.Invoice]:
        listed = self.provider.api.invoices.list({"subscription": self.sale.subscription, "limit": 100})
        return listed.data

    def use_card(self, token: str) -> None:
        method = self.provider.api.payment_methods.attach(token, {"customer": self.sale.customer})
        self.provider.api.subscriptions.update(self.sale.subscription, {"default_payment_method": method.id})


@pytest.fixture
def timeline(provider: Provider) -> Timeline:
    clock = provider.api.test_helpers.test_clocks.create({"frozen_time": START})
    customer = provider.api.customers.create(
        {"email": "fill_never@example.com", "name": "Ana", "test_clock": clock.id}
    )
    return Timeline(provider, clock.id, provider.subscribed(customer=customer.id))


def test_a_clock_stands_until_it_is_advanced(timeline: Timeline) -> None:
    assert timeline.period()[0] == START
    assert timeline.subscription().test_clock == timeline.clock

    assert timeline.advance(1).status == "ready"

    assert timeline.provider.api.test_helpers.test_clocks.retrieve(timeline.clock).frozen_time == START + DAY


def test_a_clock_never_goes_back(timeline: Timeline) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="later time"):
        timeline.advance(-1)


def test_a_month_ends_on_the_last_day_and_returns_to_the_first_anchor(timeline: Timeline) -> None:
    timeline.advance(29)
    february, march = timeline.period()

    assert february == START + 28 * DAY
    assert march == START + 59 * DAY


def test_a_renewal_is_drafted_then_paid(timeline: Timeline) -> None:
    timeline.advance(28)
    draft = timeline.invoices()[0]
    assert (draft.status, draft.billing_reason) == ("draft", "subscription_cycle")
    assert draft.lines.data[0].period.start == START + 28 * DAY

    timeline.advance(0.1)

    assert [invoice.status for invoice in timeline.invoices()] == ["paid", "paid"]
    assert timeline.subscription().status == "active"
    types = [event["type"] for event in timeline.provider.events()]
    assert types[types.index("checkout.session.completed") :] == [
        "checkout.session.completed",
        "test_helpers.test_clock.advancing",
        "customer.subscription.updated",
        "invoice.created",
        "test_helpers.test_clock.ready",
        "test_helpers.test_clock.advancing",
        "invoice.finalized",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice_payment.paid",
        "invoice.paid",
        "invoice.payment_succeeded",
        "test_helpers.test_clock.ready",
    ]


def test_a_year_makes_twelve_renewals(timeline: Timeline) -> None:
    timeline.advance(366)

    assert [invoice.status for invoice in timeline.invoices()] == ["paid"] * 13
    charges = timeline.provider.api.charges.list({"customer": timeline.sale.customer, "limit": 100}).data
    assert len(charges) == 13


def test_a_failed_renewal_is_tried_again_and_recovers(timeline: Timeline) -> None:
    timeline.use_card("pm_card_chargeCustomerFail")
    timeline.advance(29)
    assert timeline.subscription().status == "past_due"
    owed = timeline.invoices()[0]
    assert (owed.status, owed.attempt_count) == ("open", 1)
    assert owed.next_payment_attempt

    timeline.use_card("pm_card_visa")
    timeline.advance(3)

    assert timeline.subscription().status == "active"
    assert timeline.invoices()[0].status == "paid"
    types = [event["type"] for event in timeline.provider.events()]
    assert types.count("invoice.payment_failed") == 1


def test_an_open_invoice_may_be_paid_by_request(timeline: Timeline) -> None:
    timeline.use_card("pm_card_chargeCustomerFail")
    timeline.advance(29)
    owed = timeline.invoices()[0].id
    with pytest.raises(stripe.CardError) as refusal:
        timeline.provider.api.invoices.pay(str(owed))
    assert refusal.value.code == "card_declined"
    timeline.use_card("pm_card_visa")

    assert timeline.provider.api.invoices.pay(str(owed)).status == "paid"

    assert timeline.subscription().status == "active"


def test_a_subscription_ends_when_every_attempt_failed(timeline: Timeline) -> None:
    timeline.use_card("pm_card_chargeCustomerFail")

    timeline.advance(50)

    ended = timeline.subscription()
    assert ended.status == "canceled"
    assert ended.cancellation_details
    assert ended.cancellation_details.reason == "payment_failed"
    types = [event["type"] for event in timeline.provider.events()]
    assert types.count("invoice.payment_failed") == 4
    assert types.count("customer.subscription.deleted") == 1


def test_a_cancellation_takes_effect_at_the_periods_end(timeline: Timeline) -> None:
    timeline.provider.api.subscriptions.update(timeline.sale.subscription, {"cancel_at_period_end": True})

    timeline.advance(27)
    assert timeline.subscription().status == "active"
    timeline.advance(2)

    ended = timeline.subscription()
    assert (ended.status, ended.ended_at) == ("canceled", START + 28 * DAY)
    assert len(timeline.invoices()) == 1
    assert "customer.subscription.deleted" in [event["type"] for event in timeline.provider.events()]


def test_an_undone_cancellation_renews(timeline: Timeline) -> None:
    subscriptions = timeline.provider.api.subscriptions
    subscriptions.update(timeline.sale.subscription, {"cancel_at_period_end": True})
    subscriptions.update(timeline.sale.subscription, {"cancel_at_period_end": False})

    timeline.advance(29)

    assert timeline.subscription().status == "active"
    assert len(timeline.invoices()) == 2


def test_a_boleto_renewal_waits_for_the_payer(provider: Provider) -> None:
    clock = provider.api.test_helpers.test_clocks.create({"frozen_time": START})
    customer = provider.api.customers.create({"email": "fill_never@example.com", "test_clock": clock.id})
    timeline = Timeline(provider, clock.id, provider.subscribed_by_boleto(customer=customer.id))
    provider.act("pay_boleto", timeline.sale.intent["id"])

    timeline.advance(29)

    assert timeline.subscription().status == "past_due"
    assert "invoice.payment_action_required" in [event["type"] for event in provider.events()]
    payment = provider.api.invoice_payments.list({"invoice": str(timeline.invoices()[0].id)}).data[0]
    provider.act("pay_boleto", str(payment.payment.payment_intent))
    assert timeline.subscription().status == "active"


def test_the_accounts_own_clock_moves_everybody_else(provider: Provider) -> None:
    sale = provider.subscribed()

    provider.sandbox.advance(32)

    def invoices() -> list[stripe.Invoice]:
        return provider.api.invoices.list({"subscription": sale.subscription, "status": "paid"}).data

    eventually(lambda: len(invoices()) == 2, what="the renewal")


def test_a_session_of_a_clocked_customer_expires_by_that_clock(timeline: Timeline) -> None:
    session = timeline.provider.session(customer=timeline.sale.customer)

    timeline.advance(1.1)

    assert timeline.provider.api.checkout.sessions.retrieve(session.id).status == "expired"
