"""Everything that happened to a subscription and its fan's place in the list: who, when and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from lastlink_ui.core.actor import ActorKind
from lastlink_ui.core.ids import CreatorId, FanId
from lastlink_ui.subscribers.lifecycle import DisputeStatus, PaymentFacts, RefundStatus
from lastlink_ui.subscribers.models import MembershipReason
from lastlink_ui.subscribers.past import changes_of
from lastlink_ui.subscribers.rows import Row


class Happening(StrEnum):
    """What a line of the timeline says."""

    SUBSCRIBED = "subscribed"
    PAID = "paid"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"
    CANCELED = "canceled"
    ENDED = "ended"
    ENTERED_LIST = "entered_list"
    LEFT_LIST = "left_list"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `amount` in centavos; `reason` and `actor` where it is about the list."""

    at: datetime
    what: Happening
    amount: int | None = None
    reason: MembershipReason | None = None
    actor: ActorKind | None = None


async def timeline(
    session: AsyncSession, creator: CreatorId, row: Row, payments: Sequence[PaymentFacts]
) -> tuple[Entry, ...]:
    """What happened, the newest first."""
    entries = [*_of_subscription(row), *_of_payments(payments)]
    entries += await _of_list(session, creator, row.fan_id)
    # Of what happened at one instant, the cause was written above before its effect.
    entries = sorted(entries, key=lambda entry: entry.at)
    return tuple(reversed(entries))


def _of_subscription(row: Row) -> Iterator[Entry]:
    yield Entry(row.started_at, Happening.SUBSCRIBED, row.amount)
    if row.canceled_at:
        yield Entry(row.canceled_at, Happening.CANCELED)
    if row.ended_at and row.ended_at != row.canceled_at:
        yield Entry(row.ended_at, Happening.ENDED)


def _of_payments(payments: Sequence[PaymentFacts]) -> Iterator[Entry]:
    for payment in payments:
        if payment.paid_at:
            yield Entry(payment.paid_at, Happening.PAID, payment.amount)
        if payment.refunded_at and payment.refund is RefundStatus.SUCCEEDED:
            yield Entry(payment.refunded_at, Happening.REFUNDED, payment.refunded_amount)
        if payment.disputed_at:
            won = payment.dispute is DisputeStatus.WON
            yield Entry(
                payment.disputed_at, Happening.DISPUTE_WON if won else Happening.DISPUTED, payment.amount
            )


async def _of_list(session: AsyncSession, creator: CreatorId, fan: FanId) -> list[Entry]:
    return [
        Entry(
            change.at,
            Happening.ENTERED_LIST if change.in_list else Happening.LEFT_LIST,
            reason=change.reason,
            actor=change.actor,
        )
        for change in await changes_of(session, creator, fan)
    ]
