"""Mails into the sandbox's mailbox page, where nobody is written to by mistake."""

import httpx

from lastlink_ui.mail.port import MailNotSent, Message

_TIMEOUT_SECONDS = 10


class SandboxMailer:
    """The mailbox of the sandbox at `address`."""

    def __init__(self, address: str, sender: str) -> None:
        self._url = f"{address}/_sandbox/mails"
        self._sender = sender

    async def send(self, message: Message) -> None:
        """Put the mail into the box. Raises: MailNotSent."""
        mail = {
            "from": self._sender,
            "to": message.to,
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
        }
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
                (await client.post(self._url, json=mail)).raise_for_status()
        except httpx.HTTPError as error:
            raise MailNotSent(type(error).__name__) from error


class NoMailer:
    """Where no mail server is set: every mail waits until there is one."""

    async def send(self, message: Message) -> None:  # noqa: ARG002
        """Raises: MailNotSent."""
        raise MailNotSent("no_mail_server")
