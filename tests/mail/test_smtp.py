"""Mails by SMTP, to a real server: what arrives, and what is a refusal and what only a delay."""

from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from lastlink_ui.mail import MailNotSent, MailRefused, Message
from lastlink_ui.mail.smtp import SmtpMailer
from tests.support.processes import free_port

_MAIL = Message("019ab", "bia@example.com", "Olá, você", "Texto com ç", "<p>Texto com ç</p>")


class _Box:
    """Takes everything but what is for somebody who does not exist, or is full."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - the server's own name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("ninguem"):
            return "550 5.1.1 No such user"
        if address.startswith("cheio"):
            return "452 4.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def box() -> Iterator[tuple[_Box, SmtpMailer]]:
    taken, port = _Box(), free_port()
    server = Controller(taken, hostname="127.0.0.1", port=port)
    server.start()
    yield taken, SmtpMailer(f"smtp://127.0.0.1:{port}", "nao-responda@exemplo.com.br", "Lastlink")
    server.stop()


async def test_a_mail_arrives_whole(box: tuple[_Box, SmtpMailer]) -> None:
    taken, mailer = box
    await mailer.send(_MAIL)
    await mailer.check()
    (envelope,) = taken.mails
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("bia@example.com", "Olá, você")
    assert mail["From"] == "Lastlink <nao-responda@exemplo.com.br>"
    assert mail["Message-ID"] == "<019ab@exemplo.com.br>"
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert text.get_content().strip() == "Texto com ç"
    assert html is not None
    assert html.get_content().strip() == "<p>Texto com ç</p>"


async def test_nobody_there_is_for_good_and_a_full_box_is_not(box: tuple[_Box, SmtpMailer]) -> None:
    _, mailer = box
    with pytest.raises(MailRefused) as gone:
        await mailer.send(Message("1", "ninguem@example.com", "a", "a", "a"))
    assert gone.value.code == "smtp_550"
    with pytest.raises(MailNotSent) as full:
        await mailer.send(Message("1", "cheio@example.com", "a", "a", "a"))
    assert not isinstance(full.value, MailRefused)


async def test_a_server_that_is_away_is_a_delay() -> None:
    mailer = SmtpMailer(f"smtp://127.0.0.1:{free_port()}", "a@exemplo.com.br", "")
    with pytest.raises(MailNotSent):
        await mailer.send(_MAIL)
    with pytest.raises(MailNotSent):
        await mailer.check()


@pytest.mark.parametrize("url", ["", "mail.example.com", "http://mail.example.com", "smtp://"])
def test_what_is_no_server_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="smtp"):
        SmtpMailer(url, "a@exemplo.com.br", "")
