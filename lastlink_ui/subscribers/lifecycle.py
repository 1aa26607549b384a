"""What a subscription is, derived from what is known of it: pure functions, no order, no repetition.

Nothing here remembers a previous status. The provider's facts are looked at as a whole each time, so that
any order and any number of repetitions of the same news lead to the same end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from lastlink_ui.core.business_days import add_business_days
from lastlink_ui.core.clock import SAO_PAULO, sao_paulo_day

CARD_GRACE = timedelta(days=3)
BOLETO_GRACE_BUSINESS_DAYS = 3


class Status(StrEnum):
    """The account status of a subscription: exactly one of these."""

    ACTIVE = "active"
    PAYMENT_PENDING = "payment_pending"
    CANCELED = "canceled"
    REFUNDED = "refunded"
    CHARGED_BACK = "charged_back"

    @property
    def is_over(self) -> bool:
        """Whether it will not renew."""
        return self not in {Status.ACTIVE, Status.PAYMENT_PENDING}


class Method(StrEnum):
    """How a fan pays."""

    CARD = "card"
    BOLETO = "boleto"
    PIX = "pix"


class PaymentStatus(StrEnum):
    """How far the charge of one period came."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


class RefundStatus(StrEnum):
    """What the provider says of the money's way back."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class DisputeStatus(StrEnum):
    """What the payer's bank says."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """One charge of one period. Amounts in centavos, instants aware UTC."""

    amount: int
    method: Method
    status: PaymentStatus
    period_start: datetime
    period_end: datetime
    due_at: datetime | None = None
    paid_at: datetime | None = None
    refund: RefundStatus | None = None
    refunded_amount: int = 0
    refunded_at: datetime | None = None
    dispute: DisputeStatus | None = None
    disputed_at: datetime | None = None
    attempts: int = 0
    """How often the provider tried to collect it."""

    @property
    def is_paid(self) -> bool:
        """Whether the money arrived, wherever it went afterwards."""
        return self.status is PaymentStatus.PAID

    @property
    def is_returned(self) -> bool:
        """Whether all of it went back to the payer."""
        return self.refund is RefundStatus.SUCCEEDED and self.refunded_amount >= self.amount

    @property
    def is_charged_back(self) -> bool:
        """Whether the payer's bank holds the money, for now or for good."""
        return self.dispute in {DisputeStatus.OPEN, DisputeStatus.LOST}


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """Everything known of one subscription."""

    cancel_at_period_end: bool
    canceled_at: datetime | None
    ended_at: datetime | None
    payments: tuple[PaymentFacts, ...]
    """In the order of `by_period`."""

    @property
    def will_not_renew(self) -> bool:
        """Whether it is cancelled: already ended, or at the end of its period."""
        return self.cancel_at_period_end or self.ended_at is not None

    @property
    def last_paid(self) -> PaymentFacts | None:
        """The paid payment of the latest period; the one that a refund returns."""
        return next((payment for payment in reversed(self.payments) if payment.is_paid), None)

    @property
    def last(self) -> PaymentFacts | None:
        """The payment of the latest period, paid or not."""
        return self.payments[-1] if self.payments else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What follows from the facts."""

    status: Status
    access_until: datetime | None
    """The end of what is paid (shown on screen), or of access where that came earlier."""
    entitled_until: datetime | None
    """When access ends if nothing else happens: later than `access_until` where a renewal has grace."""

    def is_of(self, status: Status, access_until: datetime | None) -> bool:
        """Whether that is what a row says."""
        return (self.status, self.access_until) == (status, access_until)


def standing(facts: SubscriptionFacts) -> Standing:
    """The account status and the two dates of a subscription."""
    return Standing(status_of(facts), access_until(facts), entitled_until(facts))


def status_of(facts: SubscriptionFacts) -> Status:
    """The one account status that the facts amount to."""
    if any(payment.is_charged_back for payment in facts.payments):
        return Status.CHARGED_BACK
    paid = facts.last_paid
    if facts.will_not_renew:
        return Status.REFUNDED if paid and paid.is_returned else Status.CANCELED
    owed = facts.last
    return Status.ACTIVE if paid and owed and owed.is_paid else Status.PAYMENT_PENDING


def access_until(facts: SubscriptionFacts) -> datetime | None:
    """The end of the paid period, cut short by a chargeback, refund or end at once; None if never paid."""
    paid = facts.last_paid
    if paid is None:
        return None
    ends = [paid.period_end]
    ends += [p.disputed_at for p in facts.payments if p.is_charged_back and p.disputed_at]
    if facts.will_not_renew and paid.is_returned and paid.refunded_at:
        ends.append(paid.refunded_at)
    if facts.ended_at:
        ends.append(facts.ended_at)
    return min(ends)


def entitled_until(facts: SubscriptionFacts) -> datetime | None:
    """Until when the fan has access: the paid period, and the grace time of a renewal that is still open."""
    until = access_until(facts)
    if until is None or status_of(facts).is_over:
        return until
    owed = facts.last
    return grace_end(owed, until) if owed and not owed.is_paid else until + CARD_GRACE


def grace_end(owed: PaymentFacts, period_end: datetime) -> datetime:
    """How long an unpaid renewal keeps access: a card 3 days, a boleto 3 business days past its due date."""
    if owed.method is Method.BOLETO and owed.due_at:
        day = add_business_days(sao_paulo_day(owed.due_at), BOLETO_GRACE_BUSINESS_DAYS)
        return datetime.combine(day + timedelta(days=1), time.min, SAO_PAULO).astimezone(owed.due_at.tzinfo)
    return period_end + CARD_GRACE


def merge(known: SubscriptionFacts, seen: SubscriptionFacts) -> SubscriptionFacts:
    """What is known after a newer look at the provider: an end that was seen once is never unseen."""
    if known.ended_at is None:
        return seen
    return replace(
        seen,
        ended_at=min(known.ended_at, seen.ended_at or known.ended_at),
        canceled_at=seen.canceled_at or known.canceled_at,
    )


def by_period(payment: PaymentFacts) -> tuple[object, ...]:
    """Orders payments, the latest period last, without ties that two orders of the same news could break.

    Of two for one period the paid one counts, and of two paid ones the one that was not returned.
    """
    return (
        payment.period_end,
        payment.period_start,
        payment.is_paid,
        not payment.is_returned,
        _seconds(payment.refunded_at),
        _seconds(payment.due_at),
        payment.method.value,
    )


def _seconds(instant: datetime | None) -> float:
    return instant.timestamp() if instant else 0.0


def facts_of(
    *,
    cancel_at_period_end: bool,
    canceled_at: datetime | None,
    ended_at: datetime | None,
    payments: Sequence[PaymentFacts],
) -> SubscriptionFacts:
    """The facts in one value; the order of `payments` does not matter."""
    return SubscriptionFacts(
        cancel_at_period_end=cancel_at_period_end,
        canceled_at=canceled_at,
        ended_at=ended_at,
        payments=tuple(sorted(payments, key=by_period)),
    )
