"""What the subscribers page shows of one subscription: values, and which actions the rules allow."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lastlink_ui.core.ids import FanId, PlanId, SubscriptionId
from lastlink_ui.core.period import Period
from lastlink_ui.subscribers.lifecycle import Method, PaymentFacts, RefundStatus, Status
from lastlink_ui.subscribers.models import MembershipReason, Wish
from lastlink_ui.subscribers.rules import (
    CancelRefusal,
    ReaddRefusal,
    RefundRefusal,
    RemoveRefusal,
    UndoRefusal,
    why_not_cancelable,
    why_not_readdable,
    why_not_refundable,
    why_not_removable,
    why_not_undoable,
)


class UnderWay(StrEnum):
    """A requested change that has no result yet."""

    REFUND = "refund"
    CANCEL_AT_PERIOD_END = "cancel_at_period_end"
    CANCEL_NOW = "cancel_now"
    UNDO_CANCEL = "undo_cancel"


@dataclass(frozen=True, slots=True)
class Actions:
    """For each action None when it is allowed, else the reason that the screen shows."""

    remove: RemoveRefusal | None
    readd: ReaddRefusal | None
    refund: RefundRefusal | None
    cancel: CancelRefusal | None
    """At the period's end."""
    cancel_now: CancelRefusal | None
    undo: UndoRefusal | None
    """Of a cancellation at the period's end."""


@dataclass(frozen=True, slots=True)
class Row:
    """One subscription with its fan, plan and last payment. Amounts in centavos, instants aware UTC."""

    subscription_id: SubscriptionId
    fan_id: FanId
    name: str
    handle: str
    email: str | None
    plan_id: PlanId
    plan_name: str
    amount: int
    period: Period
    method: Method
    status: Status
    started_at: datetime
    access_until: datetime | None
    cancel_at_period_end: bool
    canceled_at: datetime | None
    ended_at: datetime | None
    in_list: bool
    member_since: datetime | None
    """Since when the fan is in the list, or out of it; None for who never was in it."""
    membership_reason: MembershipReason | None
    wish: Wish | None
    """What is still to be done by hand in the list."""
    payment: PaymentFacts | None
    """The payment of the latest period, paid or not."""
    last_paid: PaymentFacts | None
    """The payment that a refund returns."""
    under_way: frozenset[UnderWay]

    @property
    def refund_under_way(self) -> bool:
        """Whether money was asked back and the provider has not said yet that it went."""
        return UnderWay.REFUND in self.waits_for

    @property
    def waits_for(self) -> frozenset[UnderWay]:
        """What was asked for and has no result yet, a refund that the provider only began included."""
        pending = self.last_paid is not None and self.last_paid.refund is RefundStatus.PENDING
        return self.under_way | {UnderWay.REFUND} if pending else self.under_way

    def actions(self, now: datetime) -> Actions:
        """Which actions the rules allow at `now`."""
        refund = why_not_refundable(self.status, self.method, self.last_paid, now)
        has_ended = self.ended_at is not None
        undo = why_not_undoable(
            self.status,
            cancel_at_period_end=self.cancel_at_period_end,
            has_ended=has_ended,
            access_until=self.access_until,
            now=now,
        )
        undoing = CancelRefusal.UNDER_WAY if UnderWay.UNDO_CANCEL in self.under_way else None
        return Actions(
            remove=why_not_removable(in_list=self.in_list),
            readd=why_not_readdable(self.status, self.access_until, now),
            refund=refund or (RefundRefusal.UNDER_WAY if self.refund_under_way else None),
            cancel=undoing or why_not_cancelable(self.status, has_ended=has_ended, at_once=False),
            cancel_now=undoing or why_not_cancelable(self.status, has_ended=has_ended, at_once=True),
            undo=undo or (UndoRefusal.UNDER_WAY if self.waits_for else None),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, and the cursors that lead on from it; an empty cursor leads nowhere."""

    rows: tuple[Row, ...]
    position: int
    """How many rows come before the first one."""
    previous: str
    next: str
