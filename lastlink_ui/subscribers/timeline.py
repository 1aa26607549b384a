"""Everything that happened to a subscription and its fan's place in the list: who, when and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.core.actor import ActorKind
from lastlink_ui.core.ids import CreatorId, FanId, SubscriptionId
from lastlink_ui.subscribers.history import Happening
from lastlink_ui.subscribers.lifecycle import PaymentFacts, RefundStatus
from lastlink_ui.subscribers.models import MembershipReason, SubscriptionChange
from lastlink_ui.subscribers.past import changes_of
from lastlink_ui.subscribers.rows import Row
from lastlink_ui.subscribers.selection import owned

# Two names for one thing: what was written as it happened says more than what the facts still tell.
_SAME = {Happening.RECOVERED: Happening.PAID, Happening.GIVEN_UP: Happening.ENDED}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `amount` in centavos; `reason` where it is about the list."""

    at: datetime
    what: Happening
    amount: int | None = None
    reason: MembershipReason | None = None
    actor: ActorKind | None = None

    @property
    def key(self) -> tuple[Happening, datetime | None]:
        """What and when: nothing happens twice at one instant. A refund is dated in two ways."""
        return _SAME.get(self.what, self.what), None if self.what is Happening.REFUNDED else self.at


async def timeline(
    connection: AsyncConnection, creator: CreatorId, row: Row, payments: Sequence[PaymentFacts]
) -> tuple[Entry, ...]:
    """What happened, the newest first.

    Changes were written down as they came; what lies before that (a history that was loaded whole) is read
    off the facts.
    """
    written = await _written(connection, creator, row.subscription_id)
    known = {entry.key for entry in written}
    entries = [entry for entry in _of_facts(row, payments) if entry.key not in known]
    entries += written
    entries += await _of_list(connection, creator, row.fan_id)
    # Of what happened at one instant, the cause was written above before its effect.
    entries = sorted(entries, key=lambda entry: entry.at)
    return tuple(reversed(entries))


def _of_facts(row: Row, payments: Sequence[PaymentFacts]) -> Iterator[Entry]:
    yield Entry(row.started_at, Happening.SUBSCRIBED, row.amount)
    for payment in payments:
        if payment.paid_at:
            yield Entry(payment.paid_at, Happening.PAID, payment.amount)
        if payment.refunded_at and payment.refund is RefundStatus.SUCCEEDED:
            yield Entry(payment.refunded_at, Happening.REFUNDED, payment.refunded_amount)
        if payment.disputed_at:
            yield Entry(payment.disputed_at, Happening.DISPUTED, payment.amount)
    if row.canceled_at and row.canceled_at != row.ended_at:
        yield Entry(row.canceled_at, Happening.CANCELED)
    if row.ended_at:
        yield Entry(row.ended_at, Happening.ENDED)


async def _written(
    connection: AsyncConnection, creator: CreatorId, subscription: SubscriptionId
) -> list[Entry]:
    changes = await connection.execute(
        select(
            col(SubscriptionChange.at),
            col(SubscriptionChange.what),
            col(SubscriptionChange.amount),
            col(SubscriptionChange.actor_kind),
        )
        .where(
            owned(col(SubscriptionChange.creator_id), creator),
            col(SubscriptionChange.subscription_id) == subscription,
        )
        .order_by(col(SubscriptionChange.id))
    )
    people = {ActorKind.CREATOR, ActorKind.FAN}
    return [
        Entry(at, what, amount, actor=actor if actor in people else None)
        for at, what, amount, actor in changes
    ]


async def _of_list(connection: AsyncConnection, creator: CreatorId, fan: FanId) -> list[Entry]:
    return [
        Entry(
            change.at,
            Happening.ENTERED_LIST if change.in_list else Happening.LEFT_LIST,
            reason=change.reason,
            actor=change.actor,
        )
        for change in await changes_of(connection, creator, fan)
    ]
