"""Which letter a mail of the outbox is, and whom it goes to: looked up when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.accounts.links import LIFETIME
from lastlink_ui.accounts.models import Creator, OneTimeLink
from lastlink_ui.billing.models import Checkout, MailKind, OutboxMail, Withdrawal
from lastlink_ui.billing.outbox import SIGN_IN_LIFE
from lastlink_ui.core.ids import CheckoutId, FanLinkId
from lastlink_ui.mail.letters import (
    Letter,
    access_released,
    already_subscribed,
    boleto_issued,
    email_change,
    email_change_asked,
    email_confirmation,
    fan_sign_in,
    password_reset,
    transferred,
    withdrawn,
)
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.models import Fan, Payment, Subscription

_TO_CREATORS = {
    MailKind.PASSWORD_RESET,
    MailKind.EMAIL_CONFIRMATION,
    MailKind.EMAIL_CHANGE,
    MailKind.EMAIL_CHANGE_ASKED,
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the links in mails lead."""

    origin: str
    return_page: Callable[[CheckoutId, str], str]
    """From the checkout's id and the hash of its token."""
    fan_link: Callable[[FanLinkId], str]
    password_link: Callable[[UUID], str]
    email_link: Callable[[UUID], str]


@dataclass(frozen=True, slots=True)
class Addressed:
    """A mail with the address it goes to: no other table holds one."""

    to: str
    letter: Letter


async def addressed(
    session: AsyncSession, mail: OutboxMail, addresses: Addresses, now: datetime
) -> Addressed | None:
    """The letter and whom it is for; None when there is nobody, or nothing to say any more."""
    if mail.kind is MailKind.FAN_SIGN_IN:
        return await _sign_in(session, mail, addresses, now)
    if mail.kind in _TO_CREATORS:
        return await _to_creator(session, mail, addresses, now)
    return await _about_subscription(session, mail, addresses)


async def _about_subscription(
    session: AsyncSession, mail: OutboxMail, addresses: Addresses
) -> Addressed | None:
    found = await session.execute(
        select(Subscription, Fan, Plan, Creator, Payment, Checkout, Withdrawal)
        .join(Fan, col(Fan.id) == col(Subscription.fan_id))
        .join(Plan, col(Plan.id) == col(Subscription.plan_id))
        .join(Creator, col(Creator.id) == col(Subscription.creator_id))
        .outerjoin(Payment, col(Payment.id) == col(Subscription.last_payment_id))
        .outerjoin(Checkout, col(Checkout.subscription_id) == col(Subscription.id))
        .outerjoin(Withdrawal, col(Withdrawal.subscription_id) == col(Subscription.id))
        .where(col(Subscription.id) == mail.subscription_id)
        .limit(1)
    )
    row = found.first()
    if row is None:
        return None
    _, fan, plan, creator, *_ = row
    if fan.email is None:
        return None
    payment, checkout = cast("Payment | None", row[4]), cast("Checkout | None", row[5])
    withdrawal = cast("Withdrawal | None", row[6])
    own_page = f"{addresses.origin}/minha-assinatura"
    link = addresses.return_page(checkout.id, checkout.token_hash) if checkout else own_page
    about = {"name": fan.name, "creator": creator.name, "plan": plan.name}
    match mail.kind:
        case MailKind.BOLETO_ISSUED:
            if payment is None or not payment.voucher_line:
                return None  # paid, or run out, before the mail could be sent
            letter = boleto_issued(
                amount=payment.amount, due_at=payment.due_at, line=payment.voucher_line, link=link, **about
            )
        case MailKind.ACCESS_RELEASED:
            how = {"instructions": plan.access_text, "access_link": plan.access_link}
            letter = access_released(link=link, **how, **about)
        case MailKind.WITHDRAWN | MailKind.TRANSFERRED:
            if withdrawal is None:
                return None
            letter = _withdrawal(withdrawal, mail.kind, link=own_page, **about)
        case MailKind.ALREADY_SUBSCRIBED:
            letter = already_subscribed(link=own_page, **about)
        case _:
            return None  # they are about no subscription
    return Addressed(fan.email, letter)


async def _sign_in(
    session: AsyncSession, mail: OutboxMail, addresses: Addresses, now: datetime
) -> Addressed | None:
    """The way in, unless it has shut meanwhile."""
    fan = await session.get(Fan, mail.fan_id)
    if fan is None or not fan.email or now >= mail.created_at + SIGN_IN_LIFE:
        return None
    return Addressed(fan.email, fan_sign_in(name=fan.name, link=addresses.fan_link(mail.subject_id)))


async def _to_creator(
    session: AsyncSession, mail: OutboxMail, addresses: Addresses, now: datetime
) -> Addressed | None:
    """What a link of the creator's is about, unless it has ended meanwhile."""
    creator = await session.get(Creator, mail.creator_id)
    link = await session.get(OneTimeLink, mail.subject_id)
    if creator is None or link is None or link.used_at or now >= mail.created_at + LIFETIME[link.purpose]:
        return None
    match mail.kind:
        case MailKind.EMAIL_CONFIRMATION:
            letter = email_confirmation(name=creator.name, link=addresses.email_link(link.id))
            return Addressed(link.email, letter)
        case MailKind.EMAIL_CHANGE:
            letter = email_change(name=creator.name, link=addresses.email_link(link.id))
            return Addressed(link.email, letter)
        case MailKind.EMAIL_CHANGE_ASKED:
            return Addressed(creator.email, email_change_asked(name=creator.name, origin=addresses.origin))
        case _:
            letter = password_reset(name=creator.name, link=addresses.password_link(link.id))
            return Addressed(creator.email, letter)


def _withdrawal(withdrawal: Withdrawal, kind: MailKind, **about: str) -> Letter:
    amount, protocol = withdrawal.amount, withdrawal.protocol
    if kind is MailKind.TRANSFERRED:
        return transferred(amount=amount, protocol=protocol, **about)
    return withdrawn(amount=amount, protocol=protocol, due_at=withdrawal.due_at, **about)
