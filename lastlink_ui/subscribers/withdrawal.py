"""Withdrawing from a purchase: seven days, by the same means, all of it back. Pure.

Consumer Code (Law 8.078/1990) art. 49 and Decree 7.962/2013 art. 5; days are counted as the Civil Code,
art. 132, says: the first one is left out, the last one counts to its end.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from lastlink_ui.core.business_days import add_business_days
from lastlink_ui.core.clock import day_end, sao_paulo_day
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.typed import line
from lastlink_ui.subscribers.lifecycle import Method, PaymentFacts, RefundStatus
from lastlink_ui.subscribers.rules import WithdrawRefusal

DAYS = 7
TRANSFER_BUSINESS_DAYS = 5
ACCOUNT_MIN, ACCOUNT_MAX = 5, 200


class WithdrawalStage(StrEnum):
    """How far the money is on its way back."""

    RETURNING = "returning"
    RETURNED = "returned"
    ACCOUNT_NEEDED = "account_needed"
    """The provider could not return it: the fan says where it may be transferred to."""
    TO_TRANSFER = "to_transfer"
    TRANSFERRED = "transferred"


def counted_from(
    contracted_at: datetime, paid: PaymentFacts | None, *, is_renewal: bool, covers_renewals: bool
) -> datetime:
    """From when (aware UTC) the days of withdrawing from `paid` count.

    The law gives them from contracting. Who `covers_renewals` gives them anew with the payment of each one.
    """
    if covers_renewals and is_renewal and paid and paid.paid_at:
        return paid.paid_at
    return contracted_at


def last_day(since: datetime) -> date:
    """The last day, in São Paulo, on which one may withdraw."""
    return sao_paulo_day(since) + timedelta(days=DAYS)


def withdrawable_until(since: datetime) -> datetime:
    """The first instant (aware UTC) at which it is too late; `since` is what `counted_from` says."""
    return day_end(last_day(since))


def transfer_due(requested_at: datetime) -> datetime:
    """Until when a creator has to transfer: the last second of the fifth banking day in São Paulo."""
    return day_end(add_business_days(sao_paulo_day(requested_at), TRANSFER_BUSINESS_DAYS)) - timedelta(
        seconds=1
    )


def why_not_withdrawable(since: datetime, paid: PaymentFacts | None, now: datetime) -> WithdrawRefusal | None:
    """None while the fan may withdraw: whatever the creator's rule for refunds says, boletos included.

    `since` is what `counted_from` says.
    """
    if paid is None:
        return WithdrawRefusal.NOTHING_PAID
    if paid.is_returned:
        return WithdrawRefusal.ALREADY_RETURNED
    if paid.is_charged_back:
        return WithdrawRefusal.CHARGED_BACK
    if now >= withdrawable_until(since):
        return WithdrawRefusal.OVER
    return WithdrawRefusal.UNDER_WAY if paid.refund is RefundStatus.PENDING else None


def is_transferred(paid: PaymentFacts) -> bool:
    """Whether the money has to go back by hand: the provider returns no boleto."""
    return paid.method is Method.BOLETO


def stage_of(
    *, due_at: datetime | None, done_at: datetime | None, was_refused: bool, paid: PaymentFacts
) -> WithdrawalStage:
    """How far it is. `was_refused`: the provider would not return the money."""
    if paid.is_returned:
        return WithdrawalStage.RETURNED
    if due_at:
        return WithdrawalStage.TRANSFERRED if done_at else WithdrawalStage.TO_TRANSFER
    failed = was_refused or paid.refund is RefundStatus.FAILED
    return WithdrawalStage.ACCOUNT_NEEDED if failed else WithdrawalStage.RETURNING


def read_account(typed: str) -> str:
    """The fan's own account as it was typed: a Pix key, or bank, branch and account.

    Raises: InvalidInput for nothing, too little or too much.
    """
    account = line(typed[: 10 * ACCOUNT_MAX])
    if len(account) < ACCOUNT_MIN:
        raise InvalidInput("withdraw.account")
    if len(account) > ACCOUNT_MAX:
        raise InvalidInput("withdraw.account_length", max=ACCOUNT_MAX)
    return account
