"""Whether a subscription, as the provider lists it, is what is known of it here: pure."""

from collections.abc import Sequence

from lastlink_ui.billing.gateway import SubscriptionListed
from lastlink_ui.subscribers.lifecycle import PaymentStatus
from lastlink_ui.subscribers.models import Payment, Subscription

_UNPAID = {PaymentStatus.PENDING, PaymentStatus.FAILED, PaymentStatus.EXPIRED}


def is_in_step(listed: SubscriptionListed, row: Subscription | None, payments: Sequence[Payment]) -> bool:
    """Whether no closer look is due. One that is not known here is in step unless a checkout of ours made it.

    A list says nothing of refunds and disputes: their own events do, and payments on the move are looked at
    each time.
    """
    if row is None:
        return not listed.checkout_id
    if (row.ended_at is None) != (listed.ended_at is None):
        return False
    if listed.ended_at is None and row.cancel_at_period_end != listed.cancel_at_period_end:
        return False
    if listed.invoice_id is None:
        return True
    known = next((each.status for each in payments if each.provider_invoice_id == listed.invoice_id), None)
    # Whether an open one failed or ran out, its payment says and not the list.
    return known == listed.invoice_status or (
        listed.invoice_status is PaymentStatus.PENDING and known in _UNPAID
    )
