"""The three buttons say no for one reason each, in this order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.subscribers.lifecycle import Method, PaymentFacts, PaymentStatus, RefundStatus, Status
from lastlink_ui.subscribers.rules import (
    ActionRefused,
    CancelRefusal,
    ReaddRefusal,
    RefundRefusal,
    RemoveRefusal,
    UndoRefusal,
    why_not_cancelable,
    why_not_readdable,
    why_not_refundable,
    why_not_removable,
    why_not_undoable,
)
from lastlink_ui.text import t

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


def paid(
    method: Method = Method.CARD, *, refund: RefundStatus | None = None, days_ago: int = 10
) -> PaymentFacts:
    at = NOW - timedelta(days=days_ago)
    return PaymentFacts(
        amount=2990,
        method=method,
        status=PaymentStatus.PAID,
        period_start=at,
        period_end=at + timedelta(days=30),
        paid_at=at,
        refund=refund,
        refunded_amount=2990 if refund is RefundStatus.SUCCEEDED else 0,
    )


@pytest.mark.parametrize(
    ("status", "method", "payment", "reason"),
    [
        (Status.CANCELED, Method.CARD, paid(), None),
        (Status.CANCELED, Method.CARD, paid(refund=RefundStatus.FAILED), None),
        (Status.ACTIVE, Method.CARD, paid(), RefundRefusal.NOT_CANCELED),
        (Status.PAYMENT_PENDING, Method.CARD, paid(), RefundRefusal.NOT_CANCELED),
        (Status.PAYMENT_PENDING, Method.CARD, None, RefundRefusal.NOT_CANCELED),
        (Status.CHARGED_BACK, Method.CARD, paid(), RefundRefusal.CHARGED_BACK),
        (Status.CANCELED, Method.BOLETO, paid(Method.BOLETO), RefundRefusal.BOLETO),
        (Status.ACTIVE, Method.BOLETO, paid(Method.BOLETO), RefundRefusal.BOLETO),
        (Status.PAYMENT_PENDING, Method.BOLETO, None, RefundRefusal.BOLETO),
        (Status.CANCELED, Method.BOLETO, None, RefundRefusal.NOTHING_PAID),
        (Status.REFUNDED, Method.CARD, paid(refund=RefundStatus.SUCCEEDED), RefundRefusal.ALREADY_REFUNDED),
        (Status.CANCELED, Method.CARD, paid(refund=RefundStatus.SUCCEEDED), RefundRefusal.ALREADY_REFUNDED),
        (Status.CANCELED, Method.CARD, paid(refund=RefundStatus.PENDING), RefundRefusal.UNDER_WAY),
        (Status.CANCELED, Method.PIX, paid(Method.PIX, days_ago=91), RefundRefusal.WINDOW_CLOSED),
        (Status.CANCELED, Method.PIX, paid(Method.PIX, days_ago=89), None),
    ],
)
def test_refund(
    status: Status, method: Method, payment: PaymentFacts | None, reason: RefundRefusal | None
) -> None:
    assert why_not_refundable(status, method, payment, NOW) is reason


@given(st.sampled_from(Status), st.sampled_from(Method), st.sampled_from([None, *RefundStatus]))
def test_a_boleto_is_never_refunded_nor_is_what_still_renews(
    status: Status, method: Method, refund: RefundStatus | None
) -> None:
    allowed = why_not_refundable(status, method, paid(method, refund=refund), NOW) is None
    assert not (allowed and (method is Method.BOLETO or status is not Status.CANCELED))


@pytest.mark.parametrize(
    ("status", "until", "reason"),
    [
        (Status.ACTIVE, NOW, None),
        (Status.CANCELED, NOW + timedelta(seconds=1), None),
        (Status.CANCELED, NOW, ReaddRefusal.PERIOD_ENDED),
        (Status.CANCELED, None, ReaddRefusal.PERIOD_ENDED),
        (Status.REFUNDED, NOW + timedelta(days=1), ReaddRefusal.REFUNDED),
        (Status.CHARGED_BACK, NOW + timedelta(days=1), ReaddRefusal.CHARGED_BACK),
        (Status.PAYMENT_PENDING, NOW + timedelta(days=1), ReaddRefusal.PAYMENT_PENDING),
    ],
)
def test_readd(status: Status, until: datetime | None, reason: ReaddRefusal | None) -> None:
    assert why_not_readdable(status, until, NOW) is reason


def test_remove_only_who_is_in_the_list() -> None:
    assert why_not_removable(in_list=True) is None
    assert why_not_removable(in_list=False) is RemoveRefusal.NOT_IN_LIST


@pytest.mark.parametrize(
    ("status", "has_ended", "at_once", "reason"),
    [
        (Status.ACTIVE, False, False, None),
        (Status.PAYMENT_PENDING, False, True, None),
        (Status.CANCELED, False, True, None),
        (Status.CANCELED, False, False, CancelRefusal.ALREADY_CANCELED),
        (Status.CANCELED, True, True, CancelRefusal.ALREADY_CANCELED),
    ],
)
def test_cancel(status: Status, has_ended: bool, at_once: bool, reason: CancelRefusal | None) -> None:  # noqa: FBT001
    assert why_not_cancelable(status, has_ended=has_ended, at_once=at_once) is reason


@pytest.mark.parametrize("reason", [*RefundRefusal, *RemoveRefusal, *ReaddRefusal, *CancelRefusal])
def test_each_reason_has_its_sentence(reason: RefundRefusal) -> None:
    assert t(ActionRefused(reason).message_key)


@pytest.mark.parametrize(
    ("status", "at_period_end", "has_ended", "days_left", "reason"),
    [
        (Status.CANCELED, True, False, 3, None),
        (Status.CANCELED, True, False, 0, UndoRefusal.PERIOD_ENDED),
        (Status.CANCELED, True, True, 3, UndoRefusal.PERIOD_ENDED),
        (Status.CANCELED, False, True, 3, UndoRefusal.PERIOD_ENDED),
        (Status.ACTIVE, False, False, 3, UndoRefusal.NOT_CANCELED),
        (Status.PAYMENT_PENDING, False, False, 3, UndoRefusal.NOT_CANCELED),
        (Status.REFUNDED, True, True, 3, UndoRefusal.REFUNDED),
        (Status.CHARGED_BACK, True, False, 3, UndoRefusal.CHARGED_BACK),
    ],
)
def test_only_a_cancellation_that_waits_for_the_periods_end_is_undone(
    status: Status,
    at_period_end: bool,  # noqa: FBT001
    has_ended: bool,  # noqa: FBT001
    days_left: int,
    reason: UndoRefusal | None,
) -> None:
    refusal = why_not_undoable(
        status,
        cancel_at_period_end=at_period_end,
        has_ended=has_ended,
        access_until=NOW + timedelta(days=days_left),
        now=NOW,
    )
    assert refusal is reason
    assert refusal is None or t(refusal.value)
