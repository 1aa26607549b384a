"""Statuses and dates follow from the facts alone, whatever the order and number of the news."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.period import add_months
from lastlink_ui.subscribers.lifecycle import (
    CARD_GRACE,
    DisputeStatus,
    Method,
    PaymentFacts,
    PaymentStatus,
    RefundStatus,
    Status,
    SubscriptionFacts,
    access_until,
    entitled_until,
    facts_of,
    merge,
    status_of,
)

START = datetime(2026, 10, 1, 12, tzinfo=UTC)
NEXT = add_months(START, 1)


def payment(**changes: object) -> PaymentFacts:
    facts: dict[str, object] = {
        "amount": 2990,
        "method": Method.CARD,
        "status": PaymentStatus.PAID,
        "period_start": START,
        "period_end": NEXT,
        "paid_at": START,
    }
    return PaymentFacts(**(facts | changes))  # pyright: ignore[reportArgumentType]


def facts(*payments: PaymentFacts, **changes: object) -> SubscriptionFacts:
    base: dict[str, object] = {"cancel_at_period_end": False, "canceled_at": None, "ended_at": None}
    return facts_of(payments=payments, **(base | changes))  # pyright: ignore[reportArgumentType]


RENEWAL = payment(
    period_start=NEXT, period_end=add_months(START, 2), status=PaymentStatus.FAILED, paid_at=None
)


def test_paid_and_renewing_is_active() -> None:
    paid = facts(payment())
    assert status_of(paid) is Status.ACTIVE
    assert access_until(paid) == NEXT


def test_an_unpaid_first_payment_is_pending_and_gives_nothing() -> None:
    unpaid = facts(payment(status=PaymentStatus.PENDING, paid_at=None))
    assert status_of(unpaid) is Status.PAYMENT_PENDING
    assert access_until(unpaid) is None
    assert entitled_until(unpaid) is None


def test_an_expired_first_boleto_is_canceled() -> None:
    expired = facts(
        payment(method=Method.BOLETO, status=PaymentStatus.EXPIRED, paid_at=None),
        ended_at=START + timedelta(days=4),
    )
    assert status_of(expired) is Status.CANCELED
    assert access_until(expired) is None


def test_a_failed_renewal_keeps_access_for_the_grace_time() -> None:
    owed = facts(payment(), RENEWAL)
    assert status_of(owed) is Status.PAYMENT_PENDING
    assert access_until(owed) == NEXT
    assert entitled_until(owed) == NEXT + CARD_GRACE


def test_a_boleto_renewal_keeps_access_until_three_business_days_past_its_due_date() -> None:
    due = datetime(2026, 11, 6, 2, 59, tzinfo=UTC)  # Thursday the 5th, 23:59 in São Paulo
    owed = facts(
        payment(method=Method.BOLETO),
        payment(
            method=Method.BOLETO,
            status=PaymentStatus.PENDING,
            period_start=NEXT,
            period_end=add_months(START, 2),
            due_at=due,
            paid_at=None,
        ),
    )
    # Friday, Monday, Tuesday: access ends when Tuesday the 10th does.
    assert entitled_until(owed) == datetime(2026, 11, 11, 3, tzinfo=UTC)


def test_a_period_that_was_asked_for_twice_and_paid_once_is_paid() -> None:
    unpaid = payment(status=PaymentStatus.PENDING, paid_at=None)
    assert status_of(facts(unpaid, payment())) is Status.ACTIVE
    assert status_of(facts(payment(), unpaid)) is Status.ACTIVE


def test_cancelled_inside_the_period_keeps_access_to_its_end() -> None:
    cancelled = facts(payment(), cancel_at_period_end=True, canceled_at=START)
    assert status_of(cancelled) is Status.CANCELED
    assert entitled_until(cancelled) == NEXT


def test_cancelled_at_once_ends_access_at_once() -> None:
    ended = START + timedelta(days=2)
    assert entitled_until(facts(payment(), ended_at=ended, canceled_at=ended)) == ended


def test_a_refund_counts_once_it_succeeded_and_only_on_a_cancelled_subscription() -> None:
    on_its_way = payment(refund=RefundStatus.PENDING)
    back = payment(refund=RefundStatus.SUCCEEDED, refunded_amount=2990, refunded_at=START + timedelta(days=1))
    partly = payment(refund=RefundStatus.SUCCEEDED, refunded_amount=1000, refunded_at=START)
    assert status_of(facts(on_its_way, ended_at=NEXT)) is Status.CANCELED
    assert status_of(facts(back, ended_at=NEXT)) is Status.REFUNDED
    assert access_until(facts(back, ended_at=NEXT)) == START + timedelta(days=1)
    assert status_of(facts(back)) is Status.ACTIVE
    assert status_of(facts(partly, ended_at=NEXT)) is Status.CANCELED


def test_a_refund_that_fails_after_all_is_a_cancellation_again() -> None:
    assert status_of(facts(payment(refund=RefundStatus.FAILED), ended_at=NEXT)) is Status.CANCELED


def test_a_dispute_charges_back_until_it_is_won() -> None:
    disputed = START + timedelta(days=5)
    opened = facts(payment(dispute=DisputeStatus.OPEN, disputed_at=disputed))
    assert status_of(opened) is Status.CHARGED_BACK
    assert entitled_until(opened) == disputed
    assert status_of(facts(payment(dispute=DisputeStatus.LOST, disputed_at=disputed))) is Status.CHARGED_BACK
    assert status_of(facts(payment(dispute=DisputeStatus.WON, disputed_at=disputed))) is Status.ACTIVE


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def payments(draw: st.DrawFn) -> PaymentFacts:
    start = draw(INSTANTS)
    status = draw(st.sampled_from(PaymentStatus))
    refund = draw(st.none() | st.sampled_from(RefundStatus)) if status is PaymentStatus.PAID else None
    dispute = draw(st.none() | st.sampled_from(DisputeStatus)) if status is PaymentStatus.PAID else None
    return payment(
        method=draw(st.sampled_from([Method.CARD, Method.BOLETO])),
        status=status,
        period_start=start,
        period_end=add_months(start, 1),
        paid_at=start if status is PaymentStatus.PAID else None,
        refund=refund,
        refunded_amount=2990 if refund is RefundStatus.SUCCEEDED else 0,
        refunded_at=start if refund is RefundStatus.SUCCEEDED else None,
        dispute=dispute,
        disputed_at=start if dispute else None,
    )


@st.composite
def any_facts(draw: st.DrawFn) -> SubscriptionFacts:
    return facts(
        *draw(st.lists(payments(), max_size=4)),
        cancel_at_period_end=draw(st.booleans()),
        canceled_at=draw(st.none() | INSTANTS),
        ended_at=draw(st.none() | INSTANTS),
    )


@given(any_facts())
def test_access_is_never_longer_than_entitlement_and_never_past_an_end(some: SubscriptionFacts) -> None:
    until, entitled = access_until(some), entitled_until(some)
    assert (until is None) == (entitled is None)
    if until and entitled:
        assert until <= entitled
        if some.ended_at:
            assert entitled <= some.ended_at


@given(any_facts())
def test_what_has_ended_is_over(some: SubscriptionFacts) -> None:
    if some.will_not_renew:
        assert status_of(some).is_over


@given(st.lists(any_facts(), min_size=1, max_size=4))
def test_an_end_that_was_seen_is_never_unseen(looks: list[SubscriptionFacts]) -> None:
    known = looks[0]
    for index, look in enumerate(looks[1:]):
        known = merge(known, look)
        if any(seen.ended_at for seen in looks[: index + 2]):
            assert status_of(known).is_over


@given(st.lists(any_facts(), min_size=2, max_size=4))
def test_repeating_a_look_changes_nothing(looks: list[SubscriptionFacts]) -> None:
    once, often = looks[0], looks[0]
    for look in looks[1:]:
        once = merge(once, look)
        often = merge(merge(merge(often, look), look), look)
    assert once == often


@given(st.lists(payments(), max_size=4), st.none() | INSTANTS)
def test_the_order_of_payments_does_not_matter(some: list[PaymentFacts], ended_at: datetime | None) -> None:
    ends = {
        (status_of(each), access_until(each), entitled_until(each))
        for order in itertools.permutations(some)
        if (each := facts(*order, ended_at=ended_at))
    }
    assert len(ends) == 1
