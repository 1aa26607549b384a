"""Mails to be sent: written down in the transaction that causes them, once for each cause."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.billing.models import MailKind, OutboxMail
from lastlink_ui.core.ids import CreatorId, FanId, FanLinkId
from lastlink_ui.db import UnitOfWork
from lastlink_ui.subscribers.lifecycle import PaymentStatus, Status
from lastlink_ui.subscribers.models import Fan, Payment, Subscription

SIGN_IN_LIFE = timedelta(minutes=10)
"""How long a link that lets a fan in serves: after that, its mail says nothing any more."""


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
    mail = _mail(kind, cause, subscription, subscription.fan_id, now)
    mail.subscription_id = subscription.id
    await _add(uow, mail)


async def post_sign_in(uow: UnitOfWork, fan: Fan, link: FanLinkId, now: datetime) -> None:
    """Have the link sent that lets the fan in."""
    mail = _mail(MailKind.FAN_SIGN_IN, str(link), fan, fan.id, now)
    mail.subject_id = link
    await _add(uow, mail)


async def post_to_creator(
    uow: UnitOfWork, kind: MailKind, creator: CreatorId, link: UUID, now: datetime
) -> None:
    """Have a mail sent that brings the creator that link, or tells of it."""
    await _add(
        uow,
        OutboxMail(
            creator_id=creator,
            kind=kind,
            unique_key=f"{kind.value}:{link}",
            subject_id=link,
            created_at=now,
            next_at=now,
        ),
    )


def _mail(kind: MailKind, cause: str, owned: Fan | Subscription, fan: FanId, now: datetime) -> OutboxMail:
    return OutboxMail(
        creator_id=owned.creator_id,
        kind=kind,
        unique_key=f"{kind.value}:{cause}",
        fan_id=fan,
        created_at=now,
        next_at=now,
    )


async def _add(uow: UnitOfWork, mail: OutboxMail) -> None:
    known = select(col(OutboxMail.id)).where(col(OutboxMail.unique_key) == mail.unique_key)
    if await uow.session.scalar(known) is None:
        uow.session.add(mail)
        await uow.session.flush()
