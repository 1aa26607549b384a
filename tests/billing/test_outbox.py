"""Mails follow from what happens, each once, whatever is told how often and whatever is away meanwhile."""

import asyncio
from datetime import timedelta
from itertools import count

import pytest

from lastlink_ui.billing import outbox
from lastlink_ui.billing.addressing import Addresses
from lastlink_ui.billing.checkouts import Form
from lastlink_ui.billing.gateway import Address, Payer
from lastlink_ui.billing.models import MailKind, OutboxMail
from lastlink_ui.billing.postman import Postman
from lastlink_ui.core.crash import CrashPoints
from lastlink_ui.core.errors import Refused
from lastlink_ui.core.ids import new_id
from lastlink_ui.db import UnitOfWork
from lastlink_ui.mail import Mailer, MailNotSent, MailRefused, Message
from lastlink_ui.mail.mailbox import SandboxMailer
from lastlink_ui.subscribers.fans import Person
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.subscribers.models import Fan, Payment
from tests.billing.conftest import Billing, Sale, event, form
from tests.faults.shop import Deaths, Died
from tests.support.clock import StoppedClock
from tests.support.processes import free_port
from tests.support.rows import rows
from tests.support.sandbox import Sandbox
from tests.support.world import World

_PAYER = Payer("52998224725", Address("Rua A, 1", "Centro", "São Paulo", "SP", "01310100"))
_ORIGIN = "http://localhost:3000"


def _postman(
    billing: Billing, mailer: Mailer, clock: StoppedClock | None = None, crash: CrashPoints | None = None
) -> Postman:
    addresses = Addresses(_ORIGIN, billing.checkouts.return_address, str, str, str)
    return Postman(billing.database, clock or billing.clock, mailer, addresses, crash or CrashPoints())


async def _issue(billing: Billing, world: World, sandbox: Sandbox) -> tuple[str, str]:
    """The provider's subscription of a boleto that waits, and the fan's address."""
    creator = await world.creator()
    plan = await world.plan(creator, access_text="Peça para seguir @ana.vip")
    email = f"fill_never@{new_id().hex[-10:]}.com"
    filled = Form(plan.id, Method.BOLETO, Person("Beatriz", f"b{new_id().hex[-8:]}", email), "n", _PAYER)
    url = await billing.service.start_checkout(creator.id, filled)
    assert sandbox.pay_by_boleto(url).is_redirect
    token = await billing.checkouts.token_of(creator.id, filled)
    provider_id = await billing.checkouts.provider_subscription(token)
    assert provider_id
    await asyncio.gather(*(billing.inbox.take(event(provider_id)) for _ in range(3)))
    return provider_id, email


async def test_a_boleto_and_then_access_are_told_once_each(
    billing: Billing, real_world: World, sandbox: Sandbox
) -> None:
    provider_id, email = await _issue(billing, real_world, sandbox)
    postman = _postman(billing, SandboxMailer(sandbox.origin, "a@example.com"))
    assert await postman.deliver() == 1
    assert await postman.deliver() == 0
    (mail,) = sandbox.mails(email)
    (fan,) = await rows(billing.database, Fan)
    line = next(iter(await _vouchers(billing)))
    assert line in mail["text"]
    assert f"{_ORIGIN}/obrigado/" in mail["text"]
    assert fan.tax_id == _PAYER.tax_id

    sandbox.act_on_boleto("pay_boleto", provider_id)
    for _ in range(3):
        await billing.inbox.take(event(provider_id))
    assert await postman.deliver() == 1
    assert await postman.deliver() == 0
    newest, _ = sandbox.mails(email)
    assert "Peça para seguir @ana.vip" in newest["text"]
    link = newest["text"].partition("/obrigado/")[2].split()[0]
    assert (await billing.checkouts.confirmation(link)).access_text == "Peça para seguir @ana.vip"


async def _vouchers(billing: Billing) -> list[str]:
    return [payment.voucher_line for payment in await rows(billing.database, Payment) if payment.voucher_line]


async def test_a_boleto_that_was_paid_meanwhile_is_not_asked_for(
    billing: Billing, real_world: World, sandbox: Sandbox
) -> None:
    provider_id, email = await _issue(billing, real_world, sandbox)
    sandbox.act_on_boleto("pay_boleto", provider_id)
    await billing.inbox.take(event(provider_id))
    assert await _vouchers(billing) == []
    assert await _postman(billing, SandboxMailer(sandbox.origin, "a@example.com")).deliver() == 1
    assert len(sandbox.mails(email)) == 1


class _Server:
    """A mail server in one of its moods."""

    def __init__(self, mood: type[MailNotSent] | None) -> None:
        self.mood = mood
        self.taken: list[Message] = []

    async def send(self, message: Message) -> None:
        if self.mood:
            raise self.mood("smtp_421")
        self.taken.append(message)


@pytest.mark.usefixtures("sale")
async def test_a_server_that_is_away_is_tried_again_later_with_the_same_id(
    billing: Billing, clock: StoppedClock
) -> None:
    clock.move(billing.clock.now() - clock.now() + timedelta(seconds=1))
    away = SandboxMailer(f"http://127.0.0.1:{free_port()}", "a@example.com")
    assert await _postman(billing, away, clock).deliver() == 0
    (waiting,) = await rows(billing.database, OutboxMail)
    assert (waiting.kind, waiting.attempts, waiting.done_at) == (MailKind.ACCESS_RELEASED, 1, None)
    server = _Server(None)
    assert await _postman(billing, server, clock).deliver() == 0  # not before its time
    clock.move(timedelta(seconds=20))
    assert await _postman(billing, server, clock).deliver() == 1
    assert [message.id for message in server.taken] == [str(waiting.id)]


@pytest.mark.usefixtures("sale")
@pytest.mark.parametrize(("mood", "days"), [(MailRefused, 0), (MailNotSent, 4)])
async def test_an_address_that_is_none_and_days_in_vain_end_it(
    billing: Billing, clock: StoppedClock, mood: type[MailNotSent], days: int
) -> None:
    clock.move(billing.clock.now() - clock.now() + timedelta(days=days, seconds=1))
    await _postman(billing, _Server(mood), clock).deliver()
    (given_up,) = await rows(billing.database, OutboxMail)
    assert given_up.done_at is not None
    assert given_up.last_error == "smtp_421"


@pytest.mark.usefixtures("sale")
async def test_a_death_after_the_server_took_a_mail_sends_it_again_under_its_id(billing: Billing) -> None:
    """SMTP has no more to offer: a mailbox that knows the Message-ID shows it once."""
    server, deaths = _Server(None), Deaths()
    deaths.at["mail.sent"] = deaths.die
    with pytest.raises(Died):
        await _postman(billing, server, crash=deaths).deliver()
    assert await _postman(billing, server).deliver() == 1
    assert await _postman(billing, server).deliver() == 0
    assert len(server.taken) == 2
    assert len({message.id for message in server.taken}) == 1


async def test_unless_a_cause_is_known_each_look_sends_a_mail(
    billing: Billing, real_world: World, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of what is told once each."""
    serial = count()

    async def of_each_look(uow: UnitOfWork, mail: OutboxMail) -> None:
        mail.unique_key = f"{mail.unique_key}:{next(serial)}"
        uow.session.add(mail)
        await uow.session.flush()

    monkeypatch.setattr(outbox, "_add", of_each_look)
    await _issue(billing, real_world, sandbox)
    server = _Server(None)
    await _postman(billing, server).deliver()
    assert len(server.taken) == 3


async def test_a_mail_is_not_written_down_where_its_cause_was_not(billing: Billing, sale: Sale) -> None:
    before = await rows(billing.database, OutboxMail)

    async def fail(_uow: UnitOfWork) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await billing.synchroniser.sync(sale.creator.id, sale.provider_id, fail)
    assert len(await rows(billing.database, OutboxMail)) == len(before) == 1


@pytest.mark.parametrize("by", ["email", "handle", "tax_id"])
async def test_whoever_has_the_plan_is_told_by_mail_and_at_most_once_an_hour(
    billing: Billing, sale: Sale, by: str
) -> None:
    (fan,) = await rows(billing.database, Fan)
    async with billing.database.unit_of_work() as uow:
        row = await uow.session.get_one(Fan, fan.id)
        row.tax_id = _PAYER.tax_id
    other = form(sale.plan)
    person = Person(
        "Outra Pessoa",
        fan.handle if by == "handle" else other.person.handle,
        fan.email if by == "email" else other.person.email,
    )
    again = Form(sale.plan.id, Method.CARD, person, "n", _PAYER if by == "tax_id" else None)
    for _ in range(3):
        with pytest.raises(Refused):
            await billing.service.start_checkout(sale.creator.id, again)
    server = _Server(None)
    await _postman(billing, server).deliver()
    told = [message for message in server.taken if message.subject.startswith("Sua assinatura de")]
    told = [message for message in told if "já tem" in message.text]
    assert [message.to for message in told] == [fan.email]
    assert f"{_ORIGIN}/minha-assinatura" in told[0].text
