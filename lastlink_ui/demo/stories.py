"""What may happen to a subscription, as facts; the status and the dates follow from them."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from lastlink_ui.core.business_days import next_business_day
from lastlink_ui.core.clock import SAO_PAULO, sao_paulo_day
from lastlink_ui.core.period import Period, add_months
from lastlink_ui.subscribers.lifecycle import (
    DisputeStatus,
    Method,
    PaymentFacts,
    PaymentStatus,
    RefundStatus,
    SubscriptionFacts,
    facts_of,
)

# About three payments each on average: most people are in their first periods.
_PERIODS_PAID = {Period.MONTHLY: 7, Period.QUARTERLY: 4, Period.SEMIANNUAL: 3, Period.ANNUAL: 2}
_DAYS_A_MONTH = 28
_BOLETO_DAYS = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed: centavos for each period."""

    amount: int
    period: Period
    method: Method


@dataclass(frozen=True, slots=True)
class Story:
    """One subscription from its beginning to now."""

    started_at: datetime
    facts: SubscriptionFacts
    provider_status: str
    """The word of the provider for it."""


class Teller:
    """Makes up stories that end at `now`; the same chance tells the same ones."""

    def __init__(self, chance: random.Random, now: datetime) -> None:
        self._chance = chance
        self._now = now.replace(microsecond=0)

    def tell(self, terms: Terms) -> Story:
        """Any story, the frequent ones most often."""
        (story,) = self._chance.choices(_STORIES, _WEIGHTS)
        return story(self, terms)

    def active(self, terms: Terms) -> Story:
        """Paid up, renews."""
        paid = self._paid_until_now(terms)
        return _story("active", paid)

    def first_boleto_open(self, terms: Terms) -> Story:
        """The voucher is out, nothing is paid yet."""
        created = self._ago(timedelta(minutes=5), timedelta(days=2))
        return _story("incomplete", [_unpaid(replace(terms, method=Method.BOLETO), created)])

    def first_boleto_expired(self, terms: Terms) -> Story:
        """Nobody paid the voucher."""
        created = self._ago(timedelta(days=8), timedelta(days=300))
        payment = _unpaid(replace(terms, method=Method.BOLETO), created)
        payment = replace(payment, status=PaymentStatus.EXPIRED)
        ended = created + timedelta(days=6)
        return _story("incomplete_expired", [payment], canceled_at=ended, ended_at=ended)

    def renewal_failed(self, terms: Terms) -> Story:
        """The last period is over; the next one is not paid, within the grace time or past it."""
        paid = self._paid_periods(terms, ends=self._ago(timedelta(hours=1), timedelta(days=6)))
        owed = _unpaid(terms, paid[-1].period_end)
        if terms.method is Method.CARD:
            owed = replace(owed, status=PaymentStatus.FAILED, due_at=None)
        return _story("past_due", [*paid, owed])

    def canceled_inside(self, terms: Terms) -> Story:
        """Will not renew; what is paid for is not over."""
        paid = self._paid_until_now(terms)
        canceled = self._between(paid[-1].period_start, self._now)
        return _story("active", paid, cancel_at_period_end=True, canceled_at=canceled)

    def canceled_ended(self, terms: Terms) -> Story:
        """Did not renew, and the last period is over."""
        paid = self._paid_periods(terms, ends=self._ago(timedelta(hours=2), timedelta(days=300)))
        last = paid[-1]
        canceled = self._between(last.period_start, last.period_end)
        return _story(
            "canceled", paid, cancel_at_period_end=True, canceled_at=canceled, ended_at=last.period_end
        )

    def refunded(self, terms: Terms) -> Story:
        """Cancelled, and the last payment went back."""
        terms = replace(terms, method=Method.CARD)
        *earlier, last = self._paid_periods(terms, ends=self._ago(timedelta(days=-20), timedelta(days=200)))
        begins, ends = last.paid_at or last.period_start, min(self._now, last.period_end)
        canceled = self._between(begins, ends)
        returned = replace(
            last,
            refund=RefundStatus.SUCCEEDED,
            refunded_amount=last.amount,
            refunded_at=self._between(canceled, ends),
        )
        return _story("canceled", [*earlier, returned], canceled_at=canceled, ended_at=returned.refunded_at)

    def charged_back(self, terms: Terms) -> Story:
        """The payer's bank took the money back; the subscription ended with that."""
        terms = replace(terms, method=Method.CARD)
        *earlier, last = self._paid_periods(terms, ends=self._ago(timedelta(days=-20), timedelta(days=200)))
        disputed_at = self._between(last.paid_at or last.period_start, min(self._now, last.period_end))
        state = self._chance.choice([DisputeStatus.OPEN, DisputeStatus.LOST])
        disputed = replace(last, dispute=state, disputed_at=disputed_at)
        return _story("canceled", [*earlier, disputed], canceled_at=disputed_at, ended_at=disputed_at)

    def _paid_until_now(self, terms: Terms) -> list[PaymentFacts]:
        """Periods all paid, the last of which has begun and is not over."""
        days = terms.period.months * _DAYS_A_MONTH - 1
        # Half of what is in its first days is new today or this week: the top of the list is lively.
        begun = self._now - timedelta(days=days * self._chance.random() ** 1.5, seconds=30)
        return self._periods(terms, begun, last_is_current=True)

    def _paid_periods(self, terms: Terms, *, ends: datetime) -> list[PaymentFacts]:
        """Periods all paid, the last of which ends at about `ends` and has begun."""
        begun = min(add_months(ends, -terms.period.months), self._now - timedelta(hours=1))
        return self._periods(terms, begun, last_is_current=False)

    def _periods(self, terms: Terms, last_begins: datetime, *, last_is_current: bool) -> list[PaymentFacts]:
        months = terms.period.months
        count = 1 + int(_PERIODS_PAID[terms.period] * self._chance.random() ** 2)
        started = add_months(last_begins.replace(microsecond=0), -(count - 1) * months)
        bounds = [add_months(started, number * months) for number in range(count + 1)]
        if last_is_current and bounds[-1] <= self._now:
            # The months' different lengths moved the end: the charge came meanwhile.
            bounds.append(add_months(started, (count + 1) * months))
        return [self._paid(terms, begins, ends) for begins, ends in pairwise(bounds)]

    def _paid(self, terms: Terms, begins: datetime, ends: datetime) -> PaymentFacts:
        is_boleto = terms.method is Method.BOLETO
        # A boleto is paid within two days of its issue; a card at once.
        later = timedelta(seconds=int(self._chance.random() * 170_000)) if is_boleto else timedelta()
        return PaymentFacts(
            amount=terms.amount,
            method=terms.method,
            status=PaymentStatus.PAID,
            period_start=begins,
            period_end=ends,
            due_at=boleto_due(begins) if is_boleto else None,
            paid_at=min(begins + later, self._now),
            attempts=1,
        )

    def _ago(self, least: timedelta, most: timedelta) -> datetime:
        return self._between(self._now - most, self._now - least)

    def _between(self, first: datetime, last: datetime) -> datetime:
        seconds = (last - first).total_seconds() * self._chance.random()
        return first + timedelta(seconds=int(max(seconds, 0)))


def boleto_due(issued: datetime) -> datetime:
    """When a boleto issued then is due: 23:59 São Paulo, three days later or on the next business day."""
    day = next_business_day(sao_paulo_day(issued) + timedelta(days=_BOLETO_DAYS))
    return datetime.combine(day, time(23, 59), SAO_PAULO).astimezone(UTC)


def _unpaid(terms: Terms, begins: datetime) -> PaymentFacts:
    return PaymentFacts(
        amount=terms.amount,
        method=terms.method,
        status=PaymentStatus.PENDING,
        period_start=begins,
        period_end=add_months(begins, terms.period.months),
        due_at=boleto_due(begins) if terms.method is Method.BOLETO else None,
        attempts=0 if terms.method is Method.BOLETO else 1,
    )


def _story(provider_status: str, payments: Sequence[PaymentFacts], **ending: Any) -> Story:  # noqa: ANN401
    known: dict[str, Any] = {"cancel_at_period_end": False, "canceled_at": None, "ended_at": None}
    facts = facts_of(payments=payments, **known | ending)
    return Story(facts.payments[0].period_start, facts, provider_status)


_FREQUENT: Sequence[tuple[Callable[[Teller, Terms], Story], int]] = (
    (Teller.active, 66),
    (Teller.first_boleto_open, 4),
    (Teller.first_boleto_expired, 2),
    (Teller.renewal_failed, 3),
    (Teller.canceled_inside, 9),
    (Teller.canceled_ended, 9),
    (Teller.refunded, 4),
    (Teller.charged_back, 3),
)
_STORIES = [story for story, _ in _FREQUENT]
_WEIGHTS = [weight for _, weight in _FREQUENT]
