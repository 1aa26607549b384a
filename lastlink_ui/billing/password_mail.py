"""A creator who forgot the password has a link sent that serves once; the outbox sees that it arrives."""

import hashlib
import hmac
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts import links
from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.accounts.models import Creator, LinkPurpose, OneTimeLink
from lastlink_ui.accounts.opening import checked_email
from lastlink_ui.accounts.sessions import token_hash
from lastlink_ui.billing import outbox
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import LastlinkError
from lastlink_ui.core.ids import new_id
from lastlink_ui.db import Database

# One address asks for one e-mail; from one address for any. So nobody holds up anybody else.
_ATTEMPTS, _ATTEMPTS_OF_ADDRESS, _WINDOW = 5, 100, timedelta(minutes=10)
_ONE_MAIL_EVERY = timedelta(minutes=1)


class TooManyResets(LastlinkError):
    """Too many were asked for from there."""

    def __init__(self) -> None:
        super().__init__("recover.too_many")


class PasswordMail:
    """Links by mail that set another password."""

    def __init__(
        self, database: Database, machine_clock: Clock, mail_clock: Clock, secret: str, origin: str
    ) -> None:
        """`machine_clock`: what links go by; `mail_clock`: what the outbox goes by."""
        self._database = database
        self._clock = machine_clock
        self._mail_clock = mail_clock
        self._secret = secret.encode()
        self._origin = origin
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
            if creator is None:
                return
            fresh = select(col(OneTimeLink.id)).where(
                col(OneTimeLink.creator_id) == creator,
                col(OneTimeLink.purpose) == LinkPurpose.PASSWORD_RESET,
                col(OneTimeLink.used_at).is_(None),
                col(OneTimeLink.created_at) > now - _ONE_MAIL_EVERY,
            )
            if await uow.session.scalar(fresh.limit(1)):
                return
            await links.withdraw(uow, LinkPurpose.PASSWORD_RESET, creator, now)
            link = new_id()
            uow.session.add(
                OneTimeLink(
                    id=link,
                    purpose=LinkPurpose.PASSWORD_RESET,
                    token_hash=token_hash(self._token(link)),
                    creator_id=creator,
                    created_at=now,
                    expires_at=now + links.LIFETIME[LinkPurpose.PASSWORD_RESET],
                )
            )
            await uow.session.flush()
            await outbox.post_password_reset(uow, creator, link, self._mail_clock.now())

    def link_address(self, link: UUID) -> str:
        """Where the link leads: derived, so that no table and no mail that waits holds it."""
        return f"{self._origin}/redefinir-senha/{self._token(link)}"

    def _token(self, link: UUID) -> str:
        return hmac.new(self._secret, b"password reset:" + link.bytes, hashlib.sha256).hexdigest()
