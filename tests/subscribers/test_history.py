"""What happened between two looks follows from them alone, and is told once."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.ids import PaymentId, new_id
from lastlink_ui.subscribers.history import Happening, Known, moments
from lastlink_ui.subscribers.lifecycle import (
    DisputeStatus,
    Method,
    PaymentFacts,
    PaymentStatus,
    RefundStatus,
    SubscriptionFacts,
)
from tests.subscribers.test_lifecycle import NEXT, START, any_facts, facts, payment

NOW = START + timedelta(days=9)
ID = PaymentId(new_id())


def _known(one: PaymentFacts, **changes: object) -> Known:
    return Known(facts(one, **changes), {ID: one})


def _told(before: Known | None, after: Known, *, given_up: bool = False) -> list[Happening]:
    return [moment.what for moment in moments(before, after, NOW, given_up=given_up)]


def test_a_refund_that_fails_after_all_is_told_after_it_succeeded() -> None:
    paid = payment()
    back = payment(refund=RefundStatus.SUCCEEDED, refunded_amount=2990, refunded_at=START)
    failed = payment(refund=RefundStatus.FAILED)
    assert _told(_known(paid), _known(back)) == [Happening.REFUNDED]
    assert _told(_known(back), _known(failed)) == [Happening.REFUND_FAILED]


def test_each_attempt_that_fails_is_told_and_the_payment_at_last_was_late() -> None:
    first = payment(status=PaymentStatus.FAILED, paid_at=None, attempts=1)
    second = payment(status=PaymentStatus.FAILED, paid_at=None, attempts=2)
    assert _told(None, _known(first)) == [Happening.PAYMENT_FAILED]
    assert _told(_known(first), _known(second)) == [Happening.PAYMENT_FAILED]
    assert _told(_known(second), _known(payment(attempts=3))) == [Happening.RECOVERED]


def test_a_voucher_is_told_each_time_one_is_issued() -> None:
    unpaid = {"method": Method.BOLETO, "status": PaymentStatus.PENDING, "paid_at": None}
    issued, again = payment(due_at=START, **unpaid), payment(due_at=NEXT, **unpaid)
    expired = payment(due_at=START, **{**unpaid, "status": PaymentStatus.EXPIRED})
    assert _told(None, _known(issued)) == [Happening.BOLETO_ISSUED]
    assert _told(_known(issued), _known(expired)) == [Happening.BOLETO_EXPIRED]
    assert _told(_known(expired), _known(again)) == [Happening.BOLETO_ISSUED]


def test_a_dispute_is_told_from_its_opening_to_its_end() -> None:
    opened = payment(dispute=DisputeStatus.OPEN, disputed_at=START)
    won = payment(dispute=DisputeStatus.WON, disputed_at=START)
    assert _told(_known(payment()), _known(opened)) == [Happening.DISPUTED]
    assert _told(_known(opened), _known(won)) == [Happening.DISPUTE_WON]
    lost = payment(dispute=DisputeStatus.LOST, disputed_at=START)
    assert _told(_known(payment()), _known(lost)) == [Happening.DISPUTED, Happening.DISPUTE_LOST]


def test_a_cancellation_is_told_and_so_is_that_it_was_undone() -> None:
    renews, ends = _known(payment()), _known(payment(), cancel_at_period_end=True, canceled_at=START)
    assert _told(renews, ends) == [Happening.CANCELED]
    assert _told(ends, renews) == [Happening.CANCEL_UNDONE]
    over = _known(payment(), canceled_at=START, ended_at=NEXT)
    assert _told(ends, over) == [Happening.ENDED]
    assert _told(renews, over, given_up=True) == [Happening.GIVEN_UP]


@given(any_facts(), st.booleans())
def test_looking_twice_tells_nothing_the_second_time(some: SubscriptionFacts, given_up: bool) -> None:  # noqa: FBT001
    known = Known(some, {PaymentId(new_id()): each for each in some.payments})
    assert list(moments(known, known, NOW, given_up=given_up)) == []
