"""Mails by SMTP."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from lastlink_ui.mail.port import MailNotSent, MailRefused, Message

_TIMEOUT_SECONDS = 20
_PERMANENT = 500
_SUBMISSION, _IMPLICIT_TLS = 587, 465
_OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}


class SmtpMailer:
    """A mail server, by its URL: `smtps://user:password@host:465`, or `smtp://…` which begins TLS by itself.

    Without TLS nothing is sent, except to this machine.
    """

    def __init__(self, url: str, sender: str, name: str) -> None:
        """`sender`: the address that mails come from; `name`: what stands before it.

        Raises: ValueError for a URL or an address that is none.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("an SMTP server is smtp://… or smtps://…")
        self._host, self._implicit = parts.hostname, parts.scheme == "smtps"
        self._port = parts.port or (_IMPLICIT_TLS if self._implicit else _SUBMISSION)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._from = Address(name, addr_spec=sender)

    async def send(self, message: Message) -> None:
        """Hand the mail to the server. Raises: MailNotSent, MailRefused."""
        try:
            async with self._client() as client:
                await client.send_message(self._mail(message))
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            kind = MailRefused if all(code >= _PERMANENT for code in codes) else MailNotSent
            raise kind(f"smtp_{codes[0]}") from error
        except aiosmtplib.SMTPResponseException as error:
            raise MailNotSent(f"smtp_{error.code}") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailNotSent(type(error).__name__) from error

    async def check(self) -> None:
        """Connect and sign in, and no more. Raises: MailNotSent."""
        try:
            async with self._client():
                pass
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailNotSent(type(error).__name__) from error

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._implicit,
            start_tls=None if self._implicit or self._host in _OWN_MACHINE else True,
            timeout=_TIMEOUT_SECONDS,
        )

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._from, message.to, message.subject
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = f"<{message.id}@{self._from.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        mail.add_alternative(message.html, subtype="html")
        return mail
