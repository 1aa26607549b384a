"""Rows of the subscribers page by their ids: three short queries, whatever the page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, select
from sqlalchemy import Row as Record
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.core.ids import CreatorId, SubscriptionId
from lastlink_ui.db.among import among
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.lifecycle import PaymentFacts, SubscriptionFacts, facts_of
from lastlink_ui.subscribers.models import Fan, ListTask, Membership, Payment, Subscription
from lastlink_ui.subscribers.rows import Row, UnderWay
from lastlink_ui.subscribers.selection import owned
from lastlink_ui.subscribers.under_way import under_way

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
_FACTS: tuple[Any, ...] = (
    col(Payment.subscription_id),
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
_CREATOR: BindParameter[CreatorId] = bindparam("creator")


async def load_rows(
    connection: AsyncConnection, creator: CreatorId, ids: Sequence[SubscriptionId]
) -> tuple[Row, ...]:
    """The creator's rows among `ids`, in that order; what is not the creator's is not there."""
    if not ids:
        return ()
    query = _rows(is_sqlite=connection.dialect.name == "sqlite")
    records = await connection.execute(query, {"creator": creator, "ids": list(ids)})
    by_id = {record[0]: record for record in records}
    payments = await load_payments(connection, creator, by_id)
    waiting = await under_way(connection, creator, by_id)
    return tuple(
        _row(by_id[each], payments.get(each, []), waiting.get(each, frozenset()))
        for each in ids
        if each in by_id
    )


async def load_payments(
    connection: AsyncConnection, creator: CreatorId, ids: Iterable[SubscriptionId]
) -> dict[SubscriptionId, list[PaymentFacts]]:
    """The payments of each of the creator's subscriptions among `ids`, in no order."""
    found: defaultdict[SubscriptionId, list[PaymentFacts]] = defaultdict(list)
    query = _payments(is_sqlite=connection.dialect.name == "sqlite")
    for record in await connection.execute(query, {"creator": creator, "ids": list(ids)}):
        subscription, *facts = record
        found[subscription].append(PaymentFacts(*facts))
    return found


# Each is written once: building a statement takes as long as its fifty rows.
@cache
def _rows(*, is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
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


@cache
def _payments(*, is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    return select(*_FACTS).where(
        owned(col(Payment.creator_id), _CREATOR),
        among(col(Payment.subscription_id), "ids", is_sqlite=is_sqlite),
    )


def _row(record: Record[*tuple[Any, ...]], payments: list[PaymentFacts], waiting: frozenset[UnderWay]) -> Row:
    facts: SubscriptionFacts = facts_of(
        cancel_at_period_end=record.cancel_at_period_end,
        canceled_at=record.canceled_at,
        ended_at=record.ended_at,
        payments=payments,
    )
    return Row(*record, payment=facts.last, last_paid=facts.last_paid, under_way=waiting)
