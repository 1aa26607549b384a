"""A creator who forgot the password has a link sent that serves once; the outbox sees that it arrives."""

from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.accounts.models import Creator
from lastlink_ui.accounts.opening import checked_email
from lastlink_ui.billing import outbox
from lastlink_ui.billing.mailed_links import MailedLinks
from lastlink_ui.billing.models import MailKind
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import LastlinkError
from lastlink_ui.db import Database

# One address asks for one e-mail; from one address for any. So nobody holds up anybody else.
_ATTEMPTS, _ATTEMPTS_OF_ADDRESS, _WINDOW = 5, 100, timedelta(minutes=10)


class TooManyResets(LastlinkError):
    """Too many were asked for from there."""

    def __init__(self) -> None:
        super().__init__("recover.too_many")


class PasswordMail:
    """Links by mail that set another password."""

    def __init__(
        self, database: Database, machine_clock: Clock, mail_clock: Clock, mailed: MailedLinks
    ) -> None:
        """`machine_clock`: what links go by; `mail_clock`: what the outbox goes by."""
        self._database = database
        self._clock = machine_clock
        self._mail_clock = mail_clock
        self._mailed = mailed
        self._by_email = AttemptLimit(machine_clock, _ATTEMPTS, _WINDOW)
        self._by_address = AttemptLimit(machine_clock, _ATTEMPTS_OF_ADDRESS, _WINDOW)

    def asked(self, typed: str, address: str) -> str:
        """The e-mail that somebody at the network address `address` asks a link for.

        Raises: InvalidInput for what cannot be an address, TooManyResets; whether it is known plays no part.
        """
        email = checked_email(typed)
        if not self._by_email.take((email, address)) or not self._by_address.take(address):
            raise TooManyResets
        return email

    async def send_link(self, email: str) -> None:
        """Have a link sent, where the e-mail is a creator's; not while one was sent just now.

        Links made earlier no longer serve.
        """
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            creator = await uow.session.scalar(
                select(col(Creator.id)).where(col(Creator.email) == email).with_for_update()
            )
            if creator is None or await self._mailed.made_just_now(uow, creator, now):
                return
            link = await self._mailed.make(uow, creator, now)
            await outbox.post_to_creator(uow, MailKind.PASSWORD_RESET, creator, link, self._mail_clock.now())
