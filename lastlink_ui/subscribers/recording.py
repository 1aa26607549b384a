"""Writes down what is known of a subscription, and all that follows from it, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lastlink_ui.db import UnitOfWork
from lastlink_ui.subscribers import counters, membership
from lastlink_ui.subscribers.history import Happening, Known, Moment, moments
from lastlink_ui.subscribers.lifecycle import (
    PaymentFacts,
    PaymentStatus,
    Standing,
    Status,
    SubscriptionFacts,
    by_period,
    facts_of,
    merge,
    standing,
)
from lastlink_ui.subscribers.membership import Cause
from lastlink_ui.subscribers.models import (
    Entitlement,
    Fan,
    Membership,
    MembershipReason,
    Payment,
    Subscription,
    SubscriptionChange,
)
from lastlink_ui.subscribers.terms import Price, Terms, moments_of_terms
from lastlink_ui.subscribers.withdrawal import counted_from

LEFT_BECAUSE = {
    Status.ACTIVE: MembershipReason.PERIOD_ENDED,
    Status.CANCELED: MembershipReason.PERIOD_ENDED,
    Status.REFUNDED: MembershipReason.REFUNDED,
    Status.CHARGED_BACK: MembershipReason.CHARGED_BACK,
    Status.PAYMENT_PENDING: MembershipReason.PAYMENT_OVERDUE,
}

# Written once: building a statement takes longer than asking it.
_PAYMENTS = (
    select(Payment)
    .where(col(Payment.subscription_id) == bindparam("subscription"))
    .order_by(col(Payment.period_end), col(Payment.period_start))
)


@dataclass(frozen=True, slots=True)
class Voucher:
    """A boleto that waits to be paid."""

    line: str
    url: str


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """One payment as the provider has it: its ids there, and the facts."""

    invoice_id: str
    payment_intent_id: str | None
    created_at: datetime
    facts: PaymentFacts
    voucher: Voucher | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionRecord:
    """What a look at the provider says of one subscription."""

    cancel_at_period_end: bool
    canceled_at: datetime | None
    ended_at: datetime | None
    payments: Sequence[PaymentRecord]
    given_up: bool = False
    """Whether the provider ended it because nobody paid."""
    terms: Terms | None = None
    """What it is sold for; None where that stays as it is."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written down."""

    stands: Standing
    is_changed: bool
    """Whether anything of it was not known before."""


async def record(
    uow: UnitOfWork, fan: Fan, subscription: Subscription, seen: SubscriptionRecord, cause: Cause
) -> Recorded:
    """Bring the subscription, its payments, entitlement, counters and membership to what `seen` amounts to.

    `fan` must be locked by `membership.lock_fan`. `cause.reason` is replaced by what the facts say. Doing it
    twice with the same `seen` changes nothing the second time.
    """
    is_new = subscription.revision == 0
    before = None if is_new else counters.cell_of(subscription)
    if is_new:
        belongs = await uow.session.get(Membership, fan.id)
        subscription.in_list = belongs is not None and belongs.in_list
        uow.session.add(subscription)
        await uow.session.flush()
    payments = await payments_of(uow, subscription)
    known = _known(
        subscription.cancel_at_period_end, subscription.canceled_at, subscription.ended_at, payments
    )
    payments = _write_payments(uow, subscription, payments, seen.payments)
    fresh = _known(seen.cancel_at_period_end, seen.canceled_at, seen.ended_at, payments)
    facts = fresh.facts if is_new else merge(known.facts, fresh.facts)
    stands = standing(facts)
    sold = terms_of(subscription)
    terms = seen.terms or sold
    as_before = facts == known.facts and stands.is_of(subscription.status, subscription.access_until)
    if not is_new and as_before and terms == sold:
        # Nothing new: all that follows was written before. That it was looked at counts all the same.
        subscription.revision += 1
        return Recorded(stands, is_changed=False)

    subscription.status = stands.status
    subscription.access_until = stands.access_until
    subscription.cancel_at_period_end = facts.cancel_at_period_end
    subscription.canceled_at, subscription.ended_at = facts.canceled_at, facts.ended_at
    _write_terms(subscription, terms)
    if payments:
        latest = max(payments, key=_by_period)
        subscription.last_payment_id, subscription.method = latest.id, latest.method
    subscription.revision += 1
    uow.session.add(subscription)
    await uow.session.flush()
    await counters.move(uow, before, counters.cell_of(subscription))

    happened = list(
        moments(None if is_new else known, replace(fresh, facts=facts), cause.at, given_up=seen.given_up)
    )
    if is_new:
        happened.insert(0, Moment(subscription.started_at, Happening.SUBSCRIBED, subscription.amount))
    happened += moments_of_terms(sold, terms, cause.at)
    _write_history(uow, subscription, happened, cause)
    await _write_entitlement(uow, fan, subscription, facts, stands)
    is_entitled = await membership.is_entitled(uow, fan.id, cause.at)
    reason = MembershipReason.PAID if is_entitled else LEFT_BECAUSE[stands.status]
    await membership.settle(uow, fan, replace(cause, reason=reason))
    return Recorded(stands, is_changed=True)


async def payments_of(uow: UnitOfWork, subscription: Subscription) -> list[Payment]:
    """Every payment of the subscription, the latest period last."""
    return list(await uow.session.scalars(_PAYMENTS, {"subscription": subscription.id}))


def facts_in(payment: Payment) -> PaymentFacts:
    """The facts that a row of payments holds."""
    return PaymentFacts(
        amount=payment.amount,
        method=payment.method,
        status=payment.status,
        period_start=payment.period_start,
        period_end=payment.period_end,
        due_at=payment.due_at,
        paid_at=payment.paid_at,
        refund=payment.refund_status,
        refunded_amount=payment.refunded_amount,
        refunded_at=payment.refunded_at,
        dispute=payment.dispute_status,
        disputed_at=payment.disputed_at,
        attempts=payment.attempts,
    )


def kept_due_at(seen: PaymentFacts, known: datetime | None) -> datetime | None:
    """When a payment was due: the provider forgets it with the voucher, and the grace is counted from it."""
    return seen.due_at or known


def last_paid(payments: Sequence[Payment]) -> Payment | None:
    """The payment that a refund would return: the paid one of the latest period."""
    paid = (payment for payment in payments if payment.status is PaymentStatus.PAID)
    return max(paid, key=_by_period, default=None)


def withdrawable_since(
    subscription: Subscription, payments: Sequence[Payment], *, covers_renewals: bool
) -> datetime:
    """From when (aware UTC) the days of withdrawing from the last payment count: see `counted_from`."""
    paid = last_paid(payments)
    before = [each for each in payments if paid and _by_period(each) < _by_period(paid)]
    return counted_from(
        subscription.started_at,
        facts_in(paid) if paid else None,
        is_renewal=last_paid(before) is not None,
        covers_renewals=covers_renewals,
    )


def terms_of(subscription: Subscription) -> Terms:
    """What a row says that its fan pays for, and chose for the next charge."""
    later = None
    if subscription.next_plan_id and subscription.next_amount is not None:
        later = Price(subscription.next_plan_id, subscription.next_amount, subscription.period)
    return Terms(Price(subscription.plan_id, subscription.amount, subscription.period), later)


def _write_terms(subscription: Subscription, terms: Terms) -> None:
    subscription.plan_id, subscription.amount = terms.paid.plan_id, terms.paid.amount
    subscription.period = terms.paid.period
    subscription.next_plan_id = terms.next.plan_id if terms.next else None
    subscription.next_amount = terms.next.amount if terms.next else None


def _by_period(payment: Payment) -> tuple[object, ...]:
    return by_period(facts_in(payment))


def _write_payments(
    uow: UnitOfWork, subscription: Subscription, there: Sequence[Payment], seen: Sequence[PaymentRecord]
) -> list[Payment]:
    """Insert or refresh what was seen; older payments stay as they are. Returns all of them."""
    known = {payment.provider_invoice_id: payment for payment in there}
    for one in seen:
        facts = one.facts
        payment = known.get(one.invoice_id) or Payment(
            creator_id=subscription.creator_id,
            subscription_id=subscription.id,
            amount=facts.amount,
            method=facts.method,
            status=facts.status,
            period_start=facts.period_start,
            period_end=facts.period_end,
            created_at=one.created_at,
            provider_invoice_id=one.invoice_id,
        )
        payment.amount, payment.method, payment.status = facts.amount, facts.method, facts.status
        payment.period_start, payment.period_end = facts.period_start, facts.period_end
        payment.due_at, payment.paid_at = kept_due_at(facts, payment.due_at), facts.paid_at
        payment.refund_status, payment.refunded_at = facts.refund, facts.refunded_at
        payment.refunded_amount = facts.refunded_amount
        payment.dispute_status, payment.disputed_at = facts.dispute, facts.disputed_at
        payment.attempts = facts.attempts
        payment.provider_payment_intent_id = one.payment_intent_id
        payment.voucher_line = one.voucher.line if one.voucher else None
        payment.voucher_url = one.voucher.url if one.voucher else None
        known[one.invoice_id] = payment
        uow.session.add(payment)
    return list(known.values())


def _write_history(
    uow: UnitOfWork, subscription: Subscription, happened: Sequence[Moment], cause: Cause
) -> None:
    """Add what happened since the last look; nothing where nothing did."""
    for moment in happened:
        uow.session.add(
            SubscriptionChange(
                creator_id=subscription.creator_id,
                subscription_id=subscription.id,
                at=moment.at,
                what=moment.what,
                amount=moment.amount,
                actor_kind=cause.actor.kind,
                actor_id=cause.actor.id,
            )
        )


async def _write_entitlement(
    uow: UnitOfWork, fan: Fan, subscription: Subscription, facts: SubscriptionFacts, stands: Standing
) -> None:
    """One for each subscription, from its first paid period to the end that the facts give."""
    if stands.entitled_until is None:
        return
    found = await uow.session.scalars(
        select(Entitlement).where(col(Entitlement.subscription_id) == subscription.id)
    )
    starts = min(payment.period_start for payment in facts.payments if payment.is_paid)
    entitlement = found.one_or_none() or Entitlement(
        creator_id=fan.creator_id,
        fan_id=fan.id,
        subscription_id=subscription.id,
        starts_at=starts,
        ends_at=stands.entitled_until,
    )
    entitlement.starts_at, entitlement.ends_at = starts, max(starts, stands.entitled_until)
    entitlement.settled_at = None  # its end, wherever it is now, is acted on when it comes
    uow.session.add(entitlement)
    await uow.session.flush()


def _known(
    cancel_at_period_end: bool,  # noqa: FBT001 - read beside the two dates that go with it
    canceled_at: datetime | None,
    ended_at: datetime | None,
    payments: Sequence[Payment],
) -> Known:
    each = {payment.id: facts_in(payment) for payment in payments}
    facts = facts_of(
        cancel_at_period_end=cancel_at_period_end,
        canceled_at=canceled_at,
        ended_at=ended_at,
        payments=list(each.values()),
    )
    return Known(facts, each)
