"""Sends what is in the outbox, outside any transaction, until each mail is taken or of no use any more."""

from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.billing.addressing import Addresses, addressed
from lastlink_ui.billing.models import OutboxMail
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.crash import CrashPoints
from lastlink_ui.db import Database
from lastlink_ui.mail import Mailer, MailNotSent, MailRefused

_AT_A_TIME = 50
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
_GIVE_UP_AFTER = timedelta(days=3)

log = structlog.get_logger()


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
        addresses: Addresses,
        crash: CrashPoints,
    ) -> None:
        self._database = database
        self._clock = clock
        self._mailer = mailer
        self._addresses = addresses
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
        async with self._database.reading() as session:
            found = await addressed(session, mail, self._addresses, self._clock.now())
        if found is None:
            await self._mark(mail, "obsolete")
            return False
        try:
            await self._mailer.send(found.letter.to(found.to, str(mail.id)))
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
