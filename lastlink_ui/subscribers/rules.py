"""The rules of the three buttons: None when the action is allowed, else the reason that the screen shows."""

from datetime import datetime, timedelta
from enum import StrEnum

from lastlink_ui.core.errors import Refused
from lastlink_ui.core.ids import PlanId
from lastlink_ui.core.period import Period
from lastlink_ui.subscribers.lifecycle import Method, PaymentFacts, RefundStatus, Status

# Pix goes back for 90 days (https://docs.stripe.com/payments/pix#refunds); cards have no fixed limit.
REFUND_WINDOW: dict[Method, timedelta] = {Method.PIX: timedelta(days=90)}


class RefundRefusal(StrEnum):
    """Why a refund is not allowed; the values name the sentences in the catalogue."""

    NOT_CANCELED = "refund.not_canceled"
    BOLETO = "refund.boleto"
    ALREADY_REFUNDED = "refund.already_refunded"
    NOTHING_PAID = "refund.nothing_paid"
    WINDOW_CLOSED = "refund.window_closed"
    CHARGED_BACK = "refund.charged_back"
    UNDER_WAY = "refund.under_way"


class RemoveRefusal(StrEnum):
    """Why a fan cannot be taken out of the list."""

    NOT_IN_LIST = "remove.not_in_list"


class ReaddRefusal(StrEnum):
    """Why a fan cannot be put back into the list."""

    PERIOD_ENDED = "readd.period_ended"
    REFUNDED = "readd.refunded"
    CHARGED_BACK = "readd.charged_back"
    PAYMENT_PENDING = "readd.payment_pending"


class CancelRefusal(StrEnum):
    """Why a subscription cannot be cancelled."""

    ALREADY_CANCELED = "cancel.already_canceled"
    UNDER_WAY = "cancel.under_way"


class UndoRefusal(StrEnum):
    """Why a cancellation cannot be undone."""

    NOT_CANCELED = "undo.not_canceled"
    PERIOD_ENDED = "undo.period_ended"
    REFUNDED = "undo.refunded"
    CHARGED_BACK = "undo.charged_back"
    UNDER_WAY = "undo.under_way"


class WithdrawRefusal(StrEnum):
    """Why a purchase cannot be withdrawn from."""

    OVER = "withdraw.over"
    NOTHING_PAID = "withdraw.nothing_paid"
    ALREADY_RETURNED = "withdraw.already_returned"
    CHARGED_BACK = "withdraw.charged_back"
    UNDER_WAY = "withdraw.under_way"


class ChangeRefusal(StrEnum):
    """Why a fan cannot change to that plan."""

    NOT_ACTIVE = "change.not_active"
    NOT_OFFERED = "change.not_offered"
    OTHER_PERIOD = "change.other_period"
    HAS_IT = "change.has_it"
    UNDER_WAY = "change.under_way"


class ActionRefused(Refused):
    """A rule forbids the action on this row; `reason` says which."""

    def __init__(
        self,
        reason: RefundRefusal
        | RemoveRefusal
        | ReaddRefusal
        | CancelRefusal
        | UndoRefusal
        | WithdrawRefusal
        | ChangeRefusal,
    ) -> None:
        super().__init__(reason.value)
        self.reason = reason


def why_not_refundable(  # noqa: PLR0911 - one return for each reason reads best
    status: Status, method: Method, last_paid: PaymentFacts | None, now: datetime
) -> RefundRefusal | None:
    """The creator's rule: only cancelled, never boleto, money still here, while the provider allows it.

    A boleto says so before "only cancelled" does: nobody should cancel one in the hope of a refund.
    """
    if status is Status.REFUNDED:
        return RefundRefusal.ALREADY_REFUNDED
    if status is Status.CHARGED_BACK:
        return RefundRefusal.CHARGED_BACK
    if last_paid is None:
        return RefundRefusal.NOTHING_PAID if status is Status.CANCELED else _while_running(method)
    if Method.BOLETO in {last_paid.method, method}:
        return RefundRefusal.BOLETO
    if last_paid.is_returned:
        return RefundRefusal.ALREADY_REFUNDED
    if status is not Status.CANCELED:
        return RefundRefusal.NOT_CANCELED
    if last_paid.refund is RefundStatus.PENDING:
        return RefundRefusal.UNDER_WAY
    limit = REFUND_WINDOW.get(last_paid.method)
    if limit and last_paid.paid_at and now > last_paid.paid_at + limit:
        return RefundRefusal.WINDOW_CLOSED
    return None


def _while_running(method: Method) -> RefundRefusal:
    return RefundRefusal.BOLETO if method is Method.BOLETO else RefundRefusal.NOT_CANCELED


def why_not_removable(*, in_list: bool) -> RemoveRefusal | None:
    """Only who is in the list can be taken out of it."""
    return None if in_list else RemoveRefusal.NOT_IN_LIST


def why_not_readdable(status: Status, access_until: datetime | None, now: datetime) -> ReaddRefusal | None:
    """Only who is entitled: active, or cancelled inside the paid period. Being in the list is no obstacle."""
    if status is Status.ACTIVE:
        return None
    if status is Status.CANCELED:
        return None if access_until and now < access_until else ReaddRefusal.PERIOD_ENDED
    return {
        Status.REFUNDED: ReaddRefusal.REFUNDED,
        Status.CHARGED_BACK: ReaddRefusal.CHARGED_BACK,
        Status.PAYMENT_PENDING: ReaddRefusal.PAYMENT_PENDING,
    }[status]


def why_not_cancelable(status: Status, *, has_ended: bool, at_once: bool) -> CancelRefusal | None:
    """What renews can be cancelled; what is only cancelled for later can still be ended at once."""
    if has_ended or (status.is_over and not at_once):
        return CancelRefusal.ALREADY_CANCELED
    return None


def why_not_undoable(
    status: Status,
    *,
    cancel_at_period_end: bool,
    has_ended: bool,
    access_until: datetime | None,
    now: datetime,
) -> UndoRefusal | None:
    """Only a cancellation that waits for the period's end, and only until then."""
    if status is Status.REFUNDED:
        return UndoRefusal.REFUNDED
    if status is Status.CHARGED_BACK:
        return UndoRefusal.CHARGED_BACK
    if status is not Status.CANCELED:
        return UndoRefusal.NOT_CANCELED
    over = has_ended or not cancel_at_period_end or (access_until is not None and access_until <= now)
    return UndoRefusal.PERIOD_ENDED if over else None


def why_not_changeable(
    status: Status, period: Period, *, coming: PlanId, wanted: PlanId, wanted_period: Period, is_offered: bool
) -> ChangeRefusal | None:
    """Only what is paid and renews, and only to another plan of the same period that is still sold.

    Another period would have the provider charge at once:
    https://docs.stripe.com/billing/subscriptions/change-price#billing-period. `coming`: what the next charge
    is for already.
    """
    if status is not Status.ACTIVE:
        return ChangeRefusal.NOT_ACTIVE
    if not is_offered:
        return ChangeRefusal.NOT_OFFERED
    if wanted == coming:
        return ChangeRefusal.HAS_IT
    return None if wanted_period is period else ChangeRefusal.OTHER_PERIOD
