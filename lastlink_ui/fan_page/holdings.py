"""What a fan has at each creator, as the own page shows it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing.models import Operation, OperationKind, OperationStatus, Withdrawal
from lastlink_ui.core.actor import ActorKind
from lastlink_ui.core.ids import CreatorId, FanId, PaymentId, PlanId, SubscriptionId
from lastlink_ui.core.period import Period
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.lifecycle import Method, PaymentStatus, Status
from lastlink_ui.subscribers.models import Entitlement, Fan, Payment, Subscription
from lastlink_ui.subscribers.recording import Voucher, facts_in, last_paid, withdrawable_since
from lastlink_ui.subscribers.rules import why_not_cancelable, why_not_changeable, why_not_undoable
from lastlink_ui.subscribers.withdrawal import (
    WithdrawalStage,
    is_transferred,
    stage_of,
    why_not_withdrawable,
    withdrawable_until,
)

MOST = 50
"""Subscriptions shown; the newest ones, should anybody have more."""
_MOST_PAYMENTS = 1_000
_TOLD_FOR = timedelta(days=7)
"""How long a fan is told that something that was asked for was refused."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A withdrawal and how far the money is on its way back. Amount in centavos."""

    protocol: str
    amount: int
    stage: WithdrawalStage
    requested_at: datetime
    due_at: datetime | None
    account: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan and what each period of it costs, in centavos."""

    plan_id: PlanId
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Holding:
    """One subscription with what its fan may see of it and do about it. Amounts in centavos."""

    id: SubscriptionId
    creator_id: CreatorId
    creator_name: str
    creator_handle: str
    plan_name: str
    amount: int
    period: Period
    method: Method
    status: Status
    started_at: datetime
    access_until: datetime | None
    renews_at: datetime | None
    """When the next charge is due; None where nothing more is charged."""
    has_access: bool
    access_text: str
    access_link: str
    voucher: Voucher | None
    """The boleto that waits to be paid."""
    due_at: datetime | None
    payments: Sequence[Payment]
    """The newest first."""
    under_way: frozenset[OperationKind]
    refused: OperationKind | None
    """What the fan asked for last where the provider refused it lately."""
    withdrawn: Withdrawn | None
    can_cancel: bool
    can_undo: bool
    can_change_card: bool
    next: Offer | None
    """What the next charge is for, where that is another plan or price."""
    offers: tuple[Offer, ...]
    """What the next charge could be for instead; empty where that cannot be chosen."""
    withdraw_until: datetime | None
    """Until when the fan may withdraw; None where that is not possible."""
    needs_account: bool
    """Whether withdrawing takes the fan's own account: a boleto goes back by transfer."""


@dataclass(frozen=True, slots=True)
class _Row:
    subscription: Subscription
    fan: Fan
    plan: Plan
    creator: Creator
    entitlement: Entitlement | None
    withdrawal: Withdrawal | None


async def holdings_of(
    session: AsyncSession, fans: Iterable[tuple[CreatorId, FanId]], now: datetime
) -> list[Holding]:
    """What these fans have, which are one person; what still runs first, then the newest."""
    found = await session.execute(_subscriptions([fan for _, fan in fans]))
    rows = [
        _Row(
            one[0],
            one[1],
            one[2],
            one[3],
            cast("Entitlement | None", one[4]),
            cast("Withdrawal | None", one[5]),
        )
        for one in found
    ]
    ids = [row.subscription.id for row in rows]
    payments = await _payments(session, ids)
    under_way = await _under_way(session, ids)
    refused = await _refused(session, [row.withdrawal for row in rows if row.withdrawal])
    asked = await _asked_last(session, ids, now)
    plans = await _plans(session, {row.creator.id for row in rows})
    holdings = [
        _holding(
            row,
            payments[row.subscription.id],
            frozenset(under_way[row.subscription.id]),
            asked.get(row.subscription.id),
            refused,
            [plan for plan in plans if plan.creator_id == row.creator.id],
            now,
        )
        for row in rows
    ]
    return sorted(holdings, key=lambda each: (each.status.is_over, -each.started_at.timestamp()))


def _subscriptions(
    fans: Collection[FanId],
) -> Select[Subscription, Fan, Plan, Creator, Entitlement, Withdrawal]:
    return (
        select(Subscription, Fan, Plan, Creator, Entitlement, Withdrawal)
        .join(Fan, col(Fan.id) == col(Subscription.fan_id))
        .join(Plan, col(Plan.id) == col(Subscription.plan_id))
        .join(Creator, col(Creator.id) == col(Subscription.creator_id))
        .outerjoin(Entitlement, col(Entitlement.subscription_id) == col(Subscription.id))
        .outerjoin(Withdrawal, col(Withdrawal.subscription_id) == col(Subscription.id))
        .where(col(Subscription.fan_id).in_(list(fans)))
        .order_by(col(Subscription.started_at).desc(), col(Subscription.id).desc())
        .limit(MOST)
    )


def _holding(
    row: _Row,
    payments: list[Payment],
    under_way: frozenset[OperationKind],
    asked: tuple[OperationKind, OperationStatus] | None,
    refused: Collection[Withdrawal],
    plans: Sequence[Plan],
    now: datetime,
) -> Holding:
    subscription, plan = row.subscription, row.plan
    has_ended = subscription.ended_at is not None
    paid = last_paid(payments)
    facts = facts_in(paid) if paid else None
    since = withdrawable_since(subscription, payments, covers_renewals=row.creator.covers_renewals)
    waiting = next((each for each in payments if _waits(each)), None)
    has_access = row.entitlement is not None and row.entitlement.starts_at <= now < row.entitlement.ends_at
    free = not under_way and row.withdrawal is None
    may_withdraw = free and why_not_withdrawable(since, facts, now) is None
    undo = why_not_undoable(
        subscription.status,
        cancel_at_period_end=subscription.cancel_at_period_end,
        has_ended=has_ended,
        access_until=subscription.access_until,
        now=now,
    )
    cancel = why_not_cancelable(subscription.status, has_ended=has_ended, at_once=False)
    return Holding(
        id=subscription.id,
        creator_id=subscription.creator_id,
        creator_name=row.creator.name,
        creator_handle=row.creator.handle,
        plan_name=plan.name,
        amount=subscription.amount,
        period=subscription.period,
        method=subscription.method,
        status=subscription.status,
        started_at=subscription.started_at,
        access_until=subscription.access_until,
        renews_at=subscription.access_until if subscription.status is Status.ACTIVE else None,
        has_access=has_access,
        access_text=plan.access_text if has_access else "",
        access_link=plan.access_link if has_access else "",
        voucher=Voucher(waiting.voucher_line or "", waiting.voucher_url or "") if waiting else None,
        due_at=waiting.due_at if waiting else None,
        payments=list(reversed(payments)),
        under_way=under_way,
        refused=asked[0] if asked and asked[1] is OperationStatus.REFUSED else None,
        withdrawn=_withdrawn(row, payments, refused),
        can_cancel=free and cancel is None,
        can_undo=free and undo is None,
        can_change_card=subscription.method is Method.CARD and not subscription.status.is_over,
        next=_next(subscription, plans),
        offers=tuple(_offers(subscription, plans)) if free else (),
        withdraw_until=withdrawable_until(since) if may_withdraw else None,
        needs_account=facts is not None and is_transferred(facts),
    )


def _next(subscription: Subscription, plans: Sequence[Plan]) -> Offer | None:
    plan = next((each for each in plans if each.id == subscription.next_plan_id), None)
    if plan is None or subscription.next_amount is None or subscription.status is not Status.ACTIVE:
        return None
    return Offer(plan.id, plan.name, subscription.next_amount)


def _offers(subscription: Subscription, plans: Sequence[Plan]) -> Iterator[Offer]:
    for plan in plans:
        refusal = why_not_changeable(
            subscription.status,
            subscription.period,
            coming=subscription.next_plan_id or subscription.plan_id,
            wanted=plan.id,
            wanted_period=plan.period,
            is_offered=plan.archived_at is None,
        )
        if refusal is None:
            yield Offer(plan.id, plan.name, plan.amount)


def _withdrawn(row: _Row, payments: Sequence[Payment], refused: Collection[Withdrawal]) -> Withdrawn | None:
    withdrawal = row.withdrawal
    paid = next((each for each in payments if withdrawal and each.id == withdrawal.payment_id), None)
    if withdrawal is None or paid is None:
        return None
    stage = stage_of(
        due_at=withdrawal.due_at,
        done_at=withdrawal.done_at,
        was_refused=withdrawal in refused,
        paid=facts_in(paid),
    )
    return Withdrawn(
        protocol=withdrawal.protocol,
        amount=withdrawal.amount,
        stage=stage,
        requested_at=withdrawal.requested_at,
        due_at=withdrawal.due_at,
        account=row.fan.transfer_to or "" if stage is WithdrawalStage.TO_TRANSFER else "",
    )


def _waits(payment: Payment) -> bool:
    return (
        payment.status is PaymentStatus.PENDING
        and payment.voucher_line is not None
        and payment.voucher_url is not None
    )


async def _payments(
    session: AsyncSession, subscriptions: Sequence[SubscriptionId]
) -> Mapping[SubscriptionId, list[Payment]]:
    """Those of each subscription, the latest period last."""
    found = await session.scalars(
        select(Payment)
        .where(col(Payment.subscription_id).in_(subscriptions))
        .order_by(col(Payment.period_end).desc(), col(Payment.period_start).desc())
        .limit(_MOST_PAYMENTS)
    )
    each: defaultdict[SubscriptionId, list[Payment]] = defaultdict(list)
    for payment in reversed(found.all()):
        each[payment.subscription_id].append(payment)
    return each


async def _plans(session: AsyncSession, creators: Collection[CreatorId]) -> Sequence[Plan]:
    """Those creators' plans in their order, archived ones too."""
    found = await session.scalars(
        select(Plan).where(col(Plan.creator_id).in_(creators)).order_by(col(Plan.position), col(Plan.id))
    )
    return found.all()


async def _under_way(
    session: AsyncSession, subscriptions: Sequence[SubscriptionId]
) -> Mapping[SubscriptionId, set[OperationKind]]:
    found = await session.execute(
        select(col(Operation.subscription_id), col(Operation.kind)).where(
            col(Operation.subscription_id).in_(subscriptions),
            col(Operation.status) == OperationStatus.REQUESTED,
        )
    )
    each: defaultdict[SubscriptionId, set[OperationKind]] = defaultdict(set)
    for subscription, kind in found:
        each[subscription].add(kind)
    return each


async def _asked_last(
    session: AsyncSession, subscriptions: Sequence[SubscriptionId], now: datetime
) -> Mapping[SubscriptionId, tuple[OperationKind, OperationStatus]]:
    """What the fan asked for last, and what became of it, where that is not long ago."""
    found = await session.execute(
        select(col(Operation.subscription_id), col(Operation.kind), col(Operation.status))
        .where(
            col(Operation.subscription_id).in_(subscriptions),
            col(Operation.actor_kind) == ActorKind.FAN,
            col(Operation.requested_at) > now - _TOLD_FOR,
        )
        .order_by(col(Operation.requested_at), col(Operation.id))
    )
    return {subscription: (kind, status) for subscription, kind, status in found}


async def _refused(session: AsyncSession, withdrawals: Sequence[Withdrawal]) -> list[Withdrawal]:
    """Those whose money the provider would not return."""
    found = await session.scalars(
        select(col(Operation.id)).where(
            col(Operation.id).in_([each.operation_id for each in withdrawals]),
            col(Operation.status) == OperationStatus.REFUSED,
        )
    )
    operations = set(found)
    return [each for each in withdrawals if each.operation_id in operations]


async def payment_of(
    session: AsyncSession, fans: Iterable[tuple[CreatorId, FanId]], payment_id: PaymentId
) -> tuple[Payment, Subscription, Plan, Creator] | None:
    """A payment of one of these fans, with what it was for; None for anybody else's."""
    found = await session.execute(
        select(Payment, Subscription, Plan, Creator)
        .join(Subscription, col(Subscription.id) == col(Payment.subscription_id))
        .join(Plan, col(Plan.id) == col(Subscription.plan_id))
        .join(Creator, col(Creator.id) == col(Subscription.creator_id))
        .where(
            col(Payment.id) == payment_id,
            col(Subscription.fan_id).in_([fan for _, fan in fans]),
            col(Payment.status) == PaymentStatus.PAID,
        )
    )
    row = found.one_or_none()
    return (row[0], row[1], row[2], row[3]) if row else None
