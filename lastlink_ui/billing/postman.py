"""Sends what is in the outbox, outside any transaction, until each mail is taken or of no use any more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import structlog
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing.models import Checkout, MailKind, OutboxMail
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.crash import CrashPoints
from lastlink_ui.core.ids import CheckoutId
from lastlink_ui.db import Database
from lastlink_ui.mail import Mailer, MailNotSent, MailRefused
from lastlink_ui.mail.letters import Letter, access_released, already_subscribed, boleto_issued
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.models import Fan, Payment, Subscription

_AT_A_TIME = 50
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
_GIVE_UP_AFTER = timedelta(days=3)

ReturnAddress = Callable[[CheckoutId, str], str]
"""The address of the return page, from the checkout's id and the hash of its token."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Addressed:
    """A mail with the address it goes to, looked up when it is sent: no other table holds one."""

    to: str
    letter: Letter


class Postman:
    """One for all processes, as the worker's lock says: two would send each mail twice.

    A death between the server's answer and the mark sends a mail again, with the same Message-ID: SMTP has
    no more than that to offer.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        mailer: Mailer,
        return_address: ReturnAddress,
        origin: str,
        crash: CrashPoints,
    ) -> None:
        self._database = database
        self._clock = clock
        self._mailer = mailer
        self._return_address = return_address
        self._origin = origin
        self._crash = crash

    async def deliver(self) -> int:
        """Try every mail that is due; how many were sent."""
        sent = 0
        for mail in await self._due():
            sent += await self._try(mail)
        return sent

    async def _due(self) -> list[OutboxMail]:
        async with self._database.reading() as session:
            found = await session.scalars(
                select(OutboxMail)
                .where(col(OutboxMail.done_at).is_(None), col(OutboxMail.next_at) <= self._clock.now())
                .order_by(col(OutboxMail.next_at))
                .limit(_AT_A_TIME)
            )
            return list(found)

    async def _try(self, mail: OutboxMail) -> bool:
        addressed = await self._address(mail)
        if addressed is None:
            await self._mark(mail, "obsolete")
            return False
        try:
            await self._mailer.send(addressed.letter.to(addressed.to, str(mail.id)))
        except MailRefused as refused:
            log.warning("mail_refused", mail_id=str(mail.id), reason=refused.code)
            await self._mark(mail, refused.code)
            return False
        except MailNotSent as failed:
            await self._put_off(mail, failed.code)
            return False
        self._crash.reach("mail.sent")
        await self._mark(mail, "")
        return True

    async def _mark(self, mail: OutboxMail, reason: str) -> None:
        """It is done with: sent, or why it never will be."""
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get_one(OutboxMail, mail.id, with_for_update=True)
            row.done_at, row.last_error = self._clock.now(), reason[:64]
            row.attempts += 1

    async def _put_off(self, mail: OutboxMail, reason: str) -> None:
        now = self._clock.now()
        if now - mail.created_at > _GIVE_UP_AFTER:
            log.error("mail_given_up", mail_id=str(mail.id), reason=reason)
            await self._mark(mail, reason)
            return
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get_one(OutboxMail, mail.id, with_for_update=True)
            row.attempts, row.last_error = row.attempts + 1, reason[:64]
            row.next_at = now + min(_FIRST_WAIT * 2 ** min(row.attempts - 1, 10), _LONGEST_WAIT)

    async def _address(self, mail: OutboxMail) -> _Addressed | None:
        """The letter and whom it is for; None when there is nobody, or nothing to say any more."""
        async with self._database.reading() as session:
            found = await session.execute(
                select(Subscription, Fan, Plan, Creator, Payment, Checkout)
                .join(Fan, col(Fan.id) == col(Subscription.fan_id))
                .join(Plan, col(Plan.id) == col(Subscription.plan_id))
                .join(Creator, col(Creator.id) == col(Subscription.creator_id))
                .outerjoin(Payment, col(Payment.id) == col(Subscription.last_payment_id))
                .outerjoin(Checkout, col(Checkout.subscription_id) == col(Subscription.id))
                .where(col(Subscription.id) == mail.subscription_id)
                .limit(1)
            )
            row = found.first()
        if row is None:
            return None
        _, fan, plan, creator, *_ = row
        payment, checkout = cast("Payment | None", row[4]), cast("Checkout | None", row[5])
        if not fan.email:
            return None
        page = f"{self._origin}/{creator.handle}"
        link = self._return_address(checkout.id, checkout.token_hash) if checkout else page
        about = {"name": fan.name, "creator": creator.name, "plan": plan.name, "link": link}
        if mail.kind is MailKind.BOLETO_ISSUED:
            if payment is None or not payment.voucher_line:
                return None  # paid, or run out, before the mail could be sent
            letter = boleto_issued(
                amount=payment.amount, due_at=payment.due_at, line=payment.voucher_line, **about
            )
        elif mail.kind is MailKind.ACCESS_RELEASED:
            letter = access_released(instructions=plan.access_text, access_link=plan.access_link, **about)
        else:
            letter = already_subscribed(**about)
        return _Addressed(fan.email, letter)
