"""A forgotten password: the link goes to the creator alone, serves once and for ten minutes."""

from datetime import timedelta

import pytest

from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.accounts.links import LinkUnusable
from lastlink_ui.accounts.models import LinkPurpose
from lastlink_ui.accounts.present_password import PresentPassword
from lastlink_ui.accounts.recovery import Recovery
from lastlink_ui.billing.addressing import Addresses, addressed
from lastlink_ui.billing.mailed_links import MailedLinks
from lastlink_ui.billing.models import MailKind, OutboxMail
from lastlink_ui.billing.password_mail import PasswordMail, TooManyResets
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.db import Database
from tests.support.clock import StoppedClock
from tests.support.rows import rows
from tests.support.world import World

ORIGIN, EMAIL = "https://exemplo.com.br", "ana@example.com"
LATER = timedelta(minutes=2)
LINKS = MailedLinks("secret", ORIGIN, LinkPurpose.PASSWORD_RESET, "/redefinir-senha")


@pytest.fixture
def mail(database: Database, clock: StoppedClock) -> PasswordMail:
    return PasswordMail(database, clock, clock, LINKS)


@pytest.fixture
def recovery(database: Database, clock: StoppedClock) -> Recovery:
    attempts = AttemptLimit(clock, 5, timedelta(minutes=1))
    return Recovery(database, clock, PresentPassword(database, attempts))


async def _link(database: Database, clock: StoppedClock) -> tuple[str, str] | None:
    """Whom the newest waiting mail goes to, and the token that it brings."""
    waiting = max(await rows(database, OutboxMail), key=lambda each: each.created_at)

    def nowhere(*_: object) -> str:
        return ""

    addresses = Addresses(ORIGIN, nowhere, nowhere, LINKS.address, nowhere)
    async with database.reading() as session:
        found = await addressed(session, waiting, addresses, clock.now())
    return (found.to, found.letter.link.rpartition("/")[2]) if found else None


async def test_the_link_sets_another_password_once(
    mail: PasswordMail, recovery: Recovery, world: World, database: Database, clock: StoppedClock
) -> None:
    creator = await world.creator(email=EMAIL)
    await mail.send_link(mail.asked(" ANA@example.com ", "10.0.0.1"))
    (waiting,) = await rows(database, OutboxMail)
    assert (waiting.kind, waiting.creator_id, waiting.fan_id) == (MailKind.PASSWORD_RESET, creator.id, None)
    found = await _link(database, clock)
    assert found
    to, token = found
    assert to == EMAIL
    await recovery.reset(token, "outra-senha-comprida")
    with pytest.raises(LinkUnusable):
        await recovery.reset(token, "mais-uma-senha-comprida")


async def test_an_address_that_nobody_has_gets_nothing(mail: PasswordMail, database: Database) -> None:
    await mail.send_link(mail.asked("ninguem@example.com", "10.0.0.1"))
    assert await rows(database, OutboxMail) == []


async def test_a_later_link_makes_the_earlier_one_useless_and_one_mail_a_minute_is_enough(
    mail: PasswordMail, recovery: Recovery, world: World, database: Database, clock: StoppedClock
) -> None:
    await world.creator(email=EMAIL)
    for _ in range(3):
        await mail.send_link(EMAIL)
    assert len(await rows(database, OutboxMail)) == 1
    first = await _link(database, clock)
    clock.move(LATER)
    await mail.send_link(EMAIL)
    second = await _link(database, clock)
    assert first
    assert second
    assert not await recovery.is_usable(first[1])
    assert await recovery.is_usable(second[1])
    clock.move(timedelta(minutes=10))
    assert not await recovery.is_usable(second[1])
    assert await _link(database, clock) is None  # and a mail that comes too late is not sent


async def test_whoever_asks_too_often_holds_up_nobody_else(mail: PasswordMail) -> None:
    for _ in range(5):
        mail.asked(EMAIL, "10.0.0.1")
    with pytest.raises(TooManyResets):
        mail.asked(EMAIL, "10.0.0.1")
    assert mail.asked(EMAIL, "10.0.0.2") == EMAIL
    assert mail.asked("bia@example.com", "10.0.0.1")
    with pytest.raises(InvalidInput):
        mail.asked("ana", "10.0.0.3")
