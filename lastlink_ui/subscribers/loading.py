"""Rows of the subscribers page by their ids: one query, whatever the page."""

from collections.abc import AsyncIterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId, SubscriptionId
from lastlink_ui.db.among import among
from lastlink_ui.db.gathered import gathered
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.lifecycle import PaymentFacts, facts_of
from lastlink_ui.subscribers.models import Fan, ListTask, Membership, Payment, Subscription
from lastlink_ui.subscribers.rows import Row
from lastlink_ui.subscribers.selection import owned
from lastlink_ui.subscribers.under_way import requested, under_way

_COLUMNS: tuple[Any, ...] = (
    col(Subscription.id),
    col(Subscription.fan_id),
    col(Fan.name),
    col(Fan.handle),
    col(Fan.email),
    col(Subscription.plan_id),
    col(Plan.name),
    col(Subscription.amount),
    col(Subscription.period),
    col(Subscription.method),
    col(Subscription.status),
    col(Subscription.started_at),
    col(Subscription.access_until),
    col(Subscription.cancel_at_period_end),
    col(Subscription.canceled_at),
    col(Subscription.ended_at),
    col(Subscription.in_list),
    col(Membership.since),
    col(Membership.reason),
    col(ListTask.wish),
)
FACTS: tuple[Any, ...] = (
    col(Payment.amount),
    col(Payment.method),
    col(Payment.status),
    col(Payment.period_start),
    col(Payment.period_end),
    col(Payment.due_at),
    col(Payment.paid_at),
    col(Payment.refund_status),
    col(Payment.refunded_amount),
    col(Payment.refunded_at),
    col(Payment.dispute_status),
    col(Payment.disputed_at),
    col(Payment.attempts),
)
"""The columns of a payment's facts, in their order."""
_CREATOR: BindParameter[CreatorId] = bindparam("creator")


async def load_rows(
    connection: AsyncConnection, creator: CreatorId, ids: Sequence[SubscriptionId]
) -> tuple[Row, ...]:
    """The creator's rows among `ids`, in that order; what is not the creator's is not there."""
    found = {row.subscription_id: row async for row, _ in _load(connection, creator, ids)}
    return tuple(found[each] for each in ids if each in found)


async def load_with_payments(
    connection: AsyncConnection, creator: CreatorId, subscription: SubscriptionId
) -> tuple[Row, tuple[PaymentFacts, ...]]:
    """One of the creator's rows with all payments, the newest period first.

    Raises: NotFound.
    """
    async for row, payments in _load(connection, creator, [subscription]):
        return row, payments[::-1]
    raise NotFound


async def _load(
    connection: AsyncConnection, creator: CreatorId, ids: Sequence[SubscriptionId]
) -> AsyncIterator[tuple[Row, tuple[PaymentFacts, ...]]]:
    query = _rows(is_sqlite=connection.dialect.name == "sqlite")
    for record in await connection.execute(query, {"creator": creator, "ids": list(ids)}):
        *columns, payments, requested_changes = record
        facts = facts_of(
            cancel_at_period_end=record.cancel_at_period_end,
            canceled_at=record.canceled_at,
            ended_at=record.ended_at,
            payments=[PaymentFacts(*payment) for payment in payments],
        )
        row = Row(
            *columns,
            payment=facts.last,
            last_paid=facts.last_paid,
            under_way=under_way(requested_changes),
        )
        yield row, facts.payments


# Written once: building it takes as long as its fifty rows.
@cache
def _rows(*, is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    payments = gathered(
        FACTS,
        col(Payment.subscription_id) == col(Subscription.id),
        owned(col(Payment.creator_id), _CREATOR),
        is_sqlite=is_sqlite,
    )
    return (
        select(*_COLUMNS, payments, requested(col(Subscription.id), is_sqlite=is_sqlite))
        .select_from(Subscription)
        .join(Fan, col(Fan.id) == col(Subscription.fan_id))
        .join(Plan, col(Plan.id) == col(Subscription.plan_id))
        .outerjoin(Membership, col(Membership.fan_id) == col(Subscription.fan_id))
        .outerjoin(
            ListTask,
            and_(col(ListTask.fan_id) == col(Subscription.fan_id), col(ListTask.done_at).is_(None)),
        )
        .where(
            owned(col(Subscription.creator_id), _CREATOR),
            among(col(Subscription.id), "ids", is_sqlite=is_sqlite),
        )
    )
