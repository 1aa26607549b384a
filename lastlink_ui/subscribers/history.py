"""What happened to a subscription between two looks at it: pure, so that each change is told once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lastlink_ui.core.ids import PaymentId
from lastlink_ui.subscribers.lifecycle import (
    DisputeStatus,
    Method,
    PaymentFacts,
    PaymentStatus,
    RefundStatus,
    SubscriptionFacts,
)


class Happening(StrEnum):
    """What a line of the timeline says."""

    SUBSCRIBED = "subscribed"
    BOLETO_ISSUED = "boleto_issued"
    BOLETO_EXPIRED = "boleto_expired"
    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"
    RECOVERED = "recovered"
    GIVEN_UP = "given_up"
    CANCELED = "canceled"
    CANCEL_UNDONE = "cancel_undone"
    PLAN_CHOSEN = "plan_chosen"
    PLAN_KEPT = "plan_kept"
    PLAN_CHANGED = "plan_changed"
    ENDED = "ended"
    REFUND_STARTED = "refund_started"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    ENTERED_LIST = "entered_list"
    LEFT_LIST = "left_list"


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened to a subscription or to one of its payments. `amount` in centavos."""

    at: datetime
    what: Happening
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a subscription at one look, each payment under its id."""

    facts: SubscriptionFacts
    payments: Mapping[PaymentId, PaymentFacts]


def moments(before: Known | None, after: Known, now: datetime, *, given_up: bool) -> Iterator[Moment]:
    """What happened since `before`: dated by the provider where it says when, else by `now`.

    `given_up`: whether the provider ended the subscription because nobody paid. Two looks that say the same
    have nothing between them.
    """
    ended = after.facts.ended_at
    has_just_ended = ended is not None and (before is None or before.facts.ended_at is None)
    # What a subscription ended for came before its end, which may be seen at the same look.
    seen = min(now, ended) if ended and has_just_ended else now
    for payment_id, payment in after.payments.items():
        one = before.payments.get(payment_id) if before else None
        yield from _of_collection(one, payment, seen)
        yield from _of_refund(one, payment, now)
        yield from _of_dispute(one, payment, now)
    yield from _of_subscription(before.facts if before else None, after.facts, now, given_up=given_up)


def _of_subscription(
    before: SubscriptionFacts | None, after: SubscriptionFacts, now: datetime, *, given_up: bool
) -> Iterator[Moment]:
    was_canceled = before is not None and before.will_not_renew
    if after.will_not_renew and not was_canceled and after.canceled_at and not given_up:
        yield Moment(after.canceled_at, Happening.CANCELED)
    if was_canceled and not after.will_not_renew:
        yield Moment(now, Happening.CANCEL_UNDONE)
    if after.ended_at and (before is None or before.ended_at is None):
        yield Moment(after.ended_at, Happening.GIVEN_UP if given_up else Happening.ENDED)


def _of_collection(before: PaymentFacts | None, after: PaymentFacts, now: datetime) -> Iterator[Moment]:
    status = before.status if before else PaymentStatus.PENDING
    is_voucher = after.method is Method.BOLETO
    waits_anew = after.status is PaymentStatus.PENDING and status is PaymentStatus.EXPIRED
    if is_voucher and after.due_at and (before is None or before.due_at != after.due_at or waits_anew):
        yield Moment(now, Happening.BOLETO_ISSUED, after.amount)
    if after.status is PaymentStatus.EXPIRED and status is not PaymentStatus.EXPIRED and is_voucher:
        yield Moment(now, Happening.BOLETO_EXPIRED, after.amount)
    attempts = before.attempts if before else 0
    tried_again = status is not PaymentStatus.FAILED or after.attempts > attempts
    if after.status is PaymentStatus.FAILED and tried_again:
        yield Moment(now, Happening.PAYMENT_FAILED, after.amount)
    if after.is_paid and status is not PaymentStatus.PAID:
        late = status in {PaymentStatus.FAILED, PaymentStatus.EXPIRED}
        yield Moment(after.paid_at or now, Happening.RECOVERED if late else Happening.PAID, after.amount)


def _of_refund(before: PaymentFacts | None, after: PaymentFacts, now: datetime) -> Iterator[Moment]:
    status, returned = (before.refund, before.refunded_amount) if before else (None, 0)
    if after.refund is RefundStatus.PENDING and status is not RefundStatus.PENDING:
        yield Moment(now, Happening.REFUND_STARTED, after.amount)
    if after.refunded_amount > returned:
        # The provider dates a refund by its beginning.
        at = None if status is RefundStatus.PENDING else after.refunded_at
        yield Moment(at or now, Happening.REFUNDED, after.refunded_amount - returned)
    if after.refund is RefundStatus.FAILED and status is not RefundStatus.FAILED:
        yield Moment(now, Happening.REFUND_FAILED, after.amount)


def _of_dispute(before: PaymentFacts | None, after: PaymentFacts, now: datetime) -> Iterator[Moment]:
    status = before.dispute if before else None
    if after.dispute is status:
        return
    if status is None:
        yield Moment(after.disputed_at or now, Happening.DISPUTED, after.amount)
    if after.dispute is DisputeStatus.WON:
        yield Moment(now, Happening.DISPUTE_WON, after.amount)
    if after.dispute is DisputeStatus.LOST:
        yield Moment(now, Happening.DISPUTE_LOST, after.amount)
