"""What a mail is, and the port to whoever sends it."""

from dataclasses import dataclass
from typing import Protocol


class MailNotSent(Exception):
    """It could not be sent now, or nobody knows whether it was; `code` says why, nothing personal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MailRefused(MailNotSent):
    """It will never be taken: the address does not exist, say."""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one person."""

    id: str
    """The same at each try: it becomes the Message-ID, by which a mail server knows a repetition."""
    to: str
    subject: str
    text: str
    html: str


class Mailer(Protocol):
    """Sends mails, one at a time."""

    async def send(self, message: Message) -> None:
        """Hand the mail over. Raises: MailNotSent, MailRefused."""
        ...
