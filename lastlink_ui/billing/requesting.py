"""Requests of operations: each written down once, with who asked for it and when."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts import audit
from lastlink_ui.billing.models import Operation, OperationKind, OperationStatus
from lastlink_ui.core.actor import Actor
from lastlink_ui.core.ids import SubscriptionId
from lastlink_ui.db import UnitOfWork
from lastlink_ui.subscribers.models import Subscription


def new_operation(subscription: Subscription, kind: OperationKind, actor: Actor, at: datetime) -> Operation:
    """What `actor` wants done about the subscription."""
    return Operation(
        creator_id=subscription.creator_id,
        kind=kind,
        subscription_id=subscription.id,
        requested_at=at,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )


async def request(uow: UnitOfWork, wanted: Operation) -> Operation:
    """Write the operation and its audit entry, or find the one that already stands for the same request."""
    known = await uow.session.scalars(select(Operation).where(col(Operation.unique_key) == wanted.unique_key))
    if (operation := known.one_or_none()) is not None:
        return operation
    uow.session.add(wanted)
    await uow.session.flush()
    await audit.record(
        uow,
        wanted.creator_id,
        actor_of(wanted),
        f"{wanted.kind.value}.requested",
        at=wanted.requested_at,
        subject_kind="subscription",
        subject_id=wanted.subscription_id,
        details={"operation": str(wanted.id)},
    )
    return wanted


async def under_way(uow: UnitOfWork, subscription_id: SubscriptionId) -> set[OperationKind]:
    """What was requested for the subscription and has no result yet."""
    found = await uow.session.scalars(
        select(col(Operation.kind)).where(
            col(Operation.subscription_id) == subscription_id,
            col(Operation.status) == OperationStatus.REQUESTED,
        )
    )
    return set(found)


async def others_under_way(uow: UnitOfWork, wanted: Operation) -> bool:
    """Whether anything else was requested for the same subscription and has no result yet."""
    found = await uow.session.scalars(
        select(col(Operation.id))
        .where(
            col(Operation.subscription_id) == wanted.subscription_id,
            col(Operation.status) == OperationStatus.REQUESTED,
            col(Operation.unique_key) != wanted.unique_key,
        )
        .limit(1)
    )
    return found.first() is not None


def actor_of(operation: Operation) -> Actor:
    """Who asked for it."""
    return Actor(operation.actor_kind, operation.actor_id)
