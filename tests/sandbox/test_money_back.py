"""Refunds and disputes: money that goes back."""

from dataclasses import dataclass

import pytest
import stripe

from tests.sandbox.history import HISTORY
from tests.sandbox.provider import Provider, Sale
from tests.support.processes import eventually


@dataclass(frozen=True)
class Payer:
    """A sale and what became of its charge."""

    provider: Provider
    sale: Sale

    @property
    def intent(self) -> str:
        return self.sale.intent["id"]

    def charge(self) -> stripe.Charge:
        return self.provider.api.charges.retrieve(str(self.sale.intent["latest_charge"]))

    def refund(self, amount: int | None = None) -> stripe.Refund:
        return self.provider.api.refunds.create(
            {"payment_intent": self.intent, "amount": amount} if amount else {"payment_intent": self.intent}
        )


@pytest.fixture
def payer(provider: Provider) -> Payer:
    return Payer(provider, provider.subscribed())


def test_a_refund_returns_everything(payer: Payer) -> None:
    refund = payer.refund()

    assert (refund.status, refund.amount) == ("succeeded", 2_990)
    assert payer.charge().refunded
    assert payer.charge().amount_refunded == 2_990
    assert payer.provider.types_about(payer.sale)[-1] == "charge.refunded"


def test_a_part_may_be_returned_and_then_the_rest(payer: Payer) -> None:
    payer.refund(1_000)
    assert not payer.charge().refunded

    assert payer.refund().amount == 1_990


def test_nothing_is_returned_twice(payer: Payer) -> None:
    payer.refund()

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        payer.refund()

    assert refusal.value.code == "charge_already_refunded"
    assert len(payer.provider.sandbox.refunds()) == 1


def test_no_more_is_returned_than_was_captured(payer: Payer) -> None:
    payer.refund(1_000)

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount") as refusal:
        payer.refund(1_991)

    assert refusal.value.error
    assert refusal.value.error.param == "amount"


def test_a_boleto_is_never_returned(provider: Provider) -> None:
    provider.control("load", HISTORY)

    with pytest.raises(stripe.InvalidRequestError, match="does not support refunds"):
        provider.api.refunds.create({"payment_intent": "pi_boleto1"})

    assert provider.sandbox.refunds("pi_boleto1") == []


def test_an_unpaid_payment_has_nothing_to_return(provider: Provider) -> None:
    provider.control("load", HISTORY)

    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        provider.api.refunds.create({"payment_intent": "pi_late2"})


def test_a_pending_refund_succeeds_later(provider: Provider) -> None:
    payer = Payer(provider, provider.subscribed("4000 0000 0000 7726"))
    refund = payer.refund()
    assert refund.status == "pending"

    provider.sandbox.advance(2 / 1440)

    assert provider.api.refunds.retrieve(refund.id).status == "succeeded"
    assert "refund.updated" in provider.types_about(payer.sale) + [e["type"] for e in provider.events()]


def test_a_refund_that_succeeded_can_still_fail(provider: Provider) -> None:
    payer = Payer(provider, provider.subscribed("4000 0000 0000 5126"))
    refund = payer.refund()
    assert refund.status == "succeeded"

    provider.act("hurry", refund.id)

    failed = provider.api.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert not payer.charge().refunded
    assert "refund.failed" in [event["type"] for event in provider.events()]


def test_one_card_is_disputed_by_itself(provider: Provider) -> None:
    payer = Payer(provider, provider.subscribed("4000 0000 0000 0259"))

    eventually(lambda: payer.charge().disputed, what="the dispute")

    dispute = provider.api.disputes.list({"payment_intent": payer.intent}).data[0]
    assert dispute.status == "needs_response"
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        payer.refund()
    assert refusal.value.code == "charge_disputed"


@pytest.mark.parametrize("verdict", ["won", "lost"])
def test_a_dispute_ends_one_way_or_the_other(payer: Payer, verdict: str) -> None:
    provider = payer.provider
    dispute = provider.act("open_dispute", payer.charge().id)

    provider.act("win_dispute" if verdict == "won" else "lose_dispute", dispute["id"])

    assert provider.api.disputes.retrieve(dispute["id"]).status == verdict
    told = [event["type"] for event in provider.events() if event["type"].startswith("charge.dispute.")]
    reinstated = ["charge.dispute.funds_reinstated"] if verdict == "won" else []
    assert told == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        *reinstated,
        "charge.dispute.closed",
    ]


def test_evidence_decides_a_dispute(payer: Payer) -> None:
    dispute = payer.provider.act("open_dispute", payer.charge().id)

    decided = payer.provider.api.disputes.update(
        dispute["id"], {"evidence": {"uncategorized_text": "winning_evidence"}}
    )

    assert decided.status == "won"


def test_the_balance_adds_up(payer: Payer) -> None:
    payer.refund(1_000)

    entries = payer.provider.api.balance_transactions.list().data

    assert sorted((entry.type, entry.amount) for entry in entries) == [("charge", 2_990), ("refund", -1_000)]
    assert all(entry.net == entry.amount - entry.fee for entry in entries)
