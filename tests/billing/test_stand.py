"""A look that says nothing new is known for one, and no other is taken for it."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from lastlink_ui.billing.gateway import PaymentSeen, SubscriptionSeen
from lastlink_ui.billing.stand import Stand, stand_of
from lastlink_ui.subscribers.lifecycle import DisputeStatus, Method, PaymentFacts, PaymentStatus, RefundStatus
from lastlink_ui.subscribers.recording import Voucher
from tests.billing.conftest import Billing, Sale, event

LATER = datetime(2031, 5, 6, tzinfo=UTC)
# Written down once, when the subscription or its payment came to be, or of use only beside something new.
ONCE = {"id", "customer_id", "email", "started_at", "metadata", "created_at", "current_period_end"}
OTHERWISE: dict[str, Any] = {
    "amount": 12_345,
    "product_id": "prod_other",
    "cancel_at_period_end": True,
    "canceled_at": LATER,
    "ended_at": LATER,
    "invoice_id": "in_other",
    "payment_intent_id": "pi_other",
    "voucher": Voucher("34191", "https://example.com"),
    "method": Method.BOLETO,
    "status": PaymentStatus.FAILED,
    "period_start": LATER,
    "period_end": LATER,
    "due_at": LATER,
    "paid_at": LATER,
    "refund": RefundStatus.PENDING,
    "refunded_amount": 1,
    "refunded_at": LATER,
    "dispute": DisputeStatus.OPEN,
    "disputed_at": LATER,
    "attempts": 7,
}


def _names(kind: type[Any], *apart: str) -> list[str]:
    return [each.name for each in fields(kind) if each.name not in {*ONCE, "given_up", *apart}]


@pytest.fixture
async def look(billing: Billing, sale: Sale) -> tuple[Stand, SubscriptionSeen]:
    """A sale that is known, and another look at it."""
    await billing.inbox.take(event(sale.provider_id))
    async with billing.database.looking() as connection:
        stand = await stand_of(connection, sale.creator.id, sale.provider_id)
    assert stand
    return stand, await billing.gateway.subscription(sale.provider_id)


async def test_the_same_look_says_nothing_new(look: tuple[Stand, SubscriptionSeen]) -> None:
    stand, seen = look
    assert stand.is_told_nothing_new_by(seen)
    # What came before the latest invoices is known here, and not seen again.
    assert stand.is_told_nothing_new_by(replace(seen, payments=()))


@pytest.mark.parametrize("name", _names(SubscriptionSeen, "payments"))
async def test_whatever_is_otherwise_is_new(look: tuple[Stand, SubscriptionSeen], name: str) -> None:
    stand, seen = look
    assert not stand.is_told_nothing_new_by(replace(seen, **{name: OTHERWISE[name]}))


@pytest.mark.parametrize("name", _names(PaymentSeen, "facts"))
async def test_so_it_is_with_a_payment(look: tuple[Stand, SubscriptionSeen], name: str) -> None:
    stand, seen = look
    payment = replace(seen.payments[0], **{name: OTHERWISE[name]})
    assert not stand.is_told_nothing_new_by(replace(seen, payments=(payment,)))


@pytest.mark.parametrize("name", _names(PaymentFacts))
async def test_and_with_each_fact_of_it(look: tuple[Stand, SubscriptionSeen], name: str) -> None:
    stand, seen = look
    payment = seen.payments[0]
    other = replace(payment, facts=replace(payment.facts, **{name: OTHERWISE[name]}))
    assert not stand.is_told_nothing_new_by(replace(seen, payments=(other,)))


async def test_a_row_that_is_not_what_its_facts_amount_to_is_written_anew(
    look: tuple[Stand, SubscriptionSeen],
) -> None:
    stand, seen = look
    assert not replace(stand, access_until=LATER).is_told_nothing_new_by(seen)
