"""Mails to be sent: written down in the transaction that causes them, once for each cause."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.billing.models import MailKind, OutboxMail
from lastlink_ui.db import UnitOfWork
from lastlink_ui.subscribers.lifecycle import PaymentStatus, Status
from lastlink_ui.subscribers.models import Payment, Subscription


async def after_look(uow: UnitOfWork, subscription: Subscription, now: datetime, *, had_access: bool) -> None:
    """Write down the mails that follow from what a subscription has become."""
    if subscription.status is Status.PAYMENT_PENDING and subscription.last_payment_id:
        payment = await uow.session.get(Payment, subscription.last_payment_id)
        if payment and payment.status is PaymentStatus.PENDING and payment.voucher_line:
            # A second voucher for the same payment is another one to pay.
            cause = f"{payment.id}:{payment.voucher_line[-14:]}"
            await post(uow, MailKind.BOLETO_ISSUED, cause, subscription, now)
    if subscription.status is Status.ACTIVE and not had_access:
        await post(uow, MailKind.ACCESS_RELEASED, str(subscription.id), subscription, now)


async def post(
    uow: UnitOfWork, kind: MailKind, cause: str, subscription: Subscription, now: datetime
) -> None:
    """Have the mail sent once this is committed; nothing happens when `cause` had it sent before.

    Raises: IntegrityError when somebody else posts the same at the same moment.
    """
    key = f"{kind.value}:{cause}"
    if await uow.session.scalar(select(col(OutboxMail.id)).where(col(OutboxMail.unique_key) == key)):
        return
    uow.session.add(
        OutboxMail(
            creator_id=subscription.creator_id,
            kind=kind,
            unique_key=key,
            fan_id=subscription.fan_id,
            subscription_id=subscription.id,
            created_at=now,
            next_at=now,
        )
    )
    await uow.session.flush()
