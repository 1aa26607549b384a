"""Everything that is kept of one fan, as one document of plain values: LGPD art. 18, II and V."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing.models import OutboxMail, Withdrawal
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.models import (
    Entitlement,
    Fan,
    MembershipChange,
    Payment,
    Subscription,
    SubscriptionChange,
)

Document = dict[str, Any]

_PERSON = ("name", "handle", "email", "tax_id", "transfer_to", "created_at")
_SUBSCRIPTION = ("id", "amount", "currency", "period", "method", "status", "started_at", "access_until")
_SUBSCRIPTION_ENDS = ("canceled_at", "ended_at")
_PAYMENT = ("id", "subscription_id", "amount", "currency", "method", "status", "period_start", "period_end")
_PAYMENT_DATES = ("due_at", "paid_at", "refund_status", "refunded_amount", "refunded_at", "dispute_status")
_CHANGE = ("subscription_id", "at", "what", "amount", "actor_kind")
_LIST = ("at", "in_list", "reason", "actor_kind")
_ACCESS = ("subscription_id", "starts_at", "ends_at", "note")
_WITHDRAWAL = ("subscription_id", "protocol", "amount", "requested_at", "due_at", "done_at")
_MAIL = ("kind", "created_at", "done_at")


async def document_of(session: AsyncSession, fan: Fan) -> Document:
    """What is kept of `fan`: amounts in centavos, instants in ISO 8601, UTC."""
    creator = await session.get_one(Creator, fan.creator_id)
    sold = await session.execute(
        select(Subscription, col(Plan.name))
        .join(Plan, col(Plan.id) == col(Subscription.plan_id))
        .where(col(Subscription.fan_id) == fan.id)
        .order_by(col(Subscription.started_at))
    )
    subscriptions = [
        {"plan": plan} | _fields(row, (*_SUBSCRIPTION, *_SUBSCRIPTION_ENDS)) for row, plan in sold
    ]
    mine = select(col(Subscription.id)).where(col(Subscription.fan_id) == fan.id)
    payments = await session.scalars(
        select(Payment).where(col(Payment.subscription_id).in_(mine)).order_by(col(Payment.period_start))
    )
    changes = await session.scalars(
        select(SubscriptionChange)
        .where(col(SubscriptionChange.subscription_id).in_(mine))
        .order_by(col(SubscriptionChange.id))
    )
    places = await session.scalars(
        select(MembershipChange)
        .where(col(MembershipChange.fan_id) == fan.id)
        .order_by(col(MembershipChange.at))
    )
    access = await session.scalars(select(Entitlement).where(col(Entitlement.fan_id) == fan.id))
    withdrawals = await session.scalars(select(Withdrawal).where(col(Withdrawal.fan_id) == fan.id))
    mails = await session.scalars(
        select(OutboxMail).where(col(OutboxMail.fan_id) == fan.id).order_by(col(OutboxMail.created_at))
    )
    return {
        "creator": {"name": creator.name, "handle": creator.handle},
        "person": _fields(fan, _PERSON),
        "subscriptions": subscriptions,
        "payments": _rows(payments, (*_PAYMENT, *_PAYMENT_DATES)),
        "withdrawals": _rows(withdrawals, _WITHDRAWAL),
        "timeline": _rows(changes, _CHANGE),
        "list": _rows(places, _LIST),
        "access": _rows(access, _ACCESS),
        "mails": _rows(mails, _MAIL),
    }


def _rows(rows: Iterable[SQLModel], names: Sequence[str]) -> list[Mapping[str, Any]]:
    return [_fields(row, names) for row in rows]


def _fields(row: SQLModel, names: Sequence[str]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
