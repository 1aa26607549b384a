"""Another e-mail: proved before it counts, told to the present one, and nobody learns who has an account."""

from datetime import timedelta

import pytest

from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.accounts.links import LinkUnusable
from lastlink_ui.accounts.models import AuditEntry, LinkPurpose
from lastlink_ui.accounts.present_password import PresentPassword
from lastlink_ui.accounts.recovery import Recovery
from lastlink_ui.accounts.service import Accounts, SignedInCreator, SignInRefused
from lastlink_ui.billing.addressing import Addressed, Addresses, addressed
from lastlink_ui.billing.email_change import EmailChange, Proof
from lastlink_ui.billing.mailed_links import MailedLinks
from lastlink_ui.billing.models import OutboxMail
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.db import Database
from tests.support.clock import StoppedClock
from tests.support.rows import rows

ORIGIN = "https://exemplo.com.br"
OLD, NEW, PASSWORD = "ana@example.com", "ana.nova@example.com", "girassol no quintal"
LINKS = MailedLinks("secret", ORIGIN, LinkPurpose.EMAIL_CHANGE, "/confirmar-email")


@pytest.fixture
def accounts(database: Database, clock: StoppedClock) -> Accounts:
    return Accounts(database, clock)


@pytest.fixture
def present_password(database: Database, clock: StoppedClock) -> PresentPassword:
    return PresentPassword(database, AttemptLimit(clock, 5, timedelta(minutes=1)))


@pytest.fixture
def change(database: Database, clock: StoppedClock, present_password: PresentPassword) -> EmailChange:
    return EmailChange(database, clock, clock, LINKS, present_password)


@pytest.fixture
async def ana(accounts: Accounts) -> SignedInCreator:
    await accounts.create_creator(OLD, PASSWORD, "Ana", "ana.demo")
    signed_in = await accounts.session(await accounts.sign_in(OLD, PASSWORD, "Firefox"))
    assert signed_in
    return signed_in


async def _mails(database: Database, clock: StoppedClock) -> list[Addressed]:
    """What waits to be sent and still says something, the oldest first."""

    def nowhere(*_: object) -> str:
        return ""

    addresses = Addresses(ORIGIN, nowhere, nowhere, nowhere, LINKS.address)
    waiting = sorted(await rows(database, OutboxMail), key=lambda each: each.id)
    async with database.reading() as session:
        found = [await addressed(session, mail, addresses, clock.now()) for mail in waiting]
    return [each for each in found if each]


def _token(mail: Addressed) -> str:
    return mail.letter.link.rpartition("/")[2]


async def test_the_new_address_counts_once_it_has_answered(
    change: EmailChange, accounts: Accounts, ana: SignedInCreator, database: Database, clock: StoppedClock
) -> None:
    await change.ask(ana, f"  {NEW.upper()} ", PASSWORD)
    proof, warning = await _mails(database, clock)
    assert (proof.to, warning.to) == (NEW, OLD)
    assert NEW not in str(warning.letter)
    assert await accounts.sign_in(OLD, PASSWORD, "Firefox")
    assert await change.asked_for(_token(proof)) == Proof(NEW, is_own=False)
    assert await change.confirm(_token(proof)) == NEW
    assert await accounts.sign_in(NEW, PASSWORD, "Firefox")
    with pytest.raises(SignInRefused):
        await accounts.sign_in(OLD, PASSWORD, "Firefox")
    with pytest.raises(LinkUnusable):
        await change.confirm(_token(proof))
    # Whoever was signed in stays so, and is seen under the new address.
    assert await _mails(database, clock) == []


async def test_an_account_proves_its_own_address_and_no_mailbox_is_flooded(
    change: EmailChange, accounts: Accounts, ana: SignedInCreator, database: Database, clock: StoppedClock
) -> None:
    assert not ana.email_confirmed
    await change.ask_to_confirm(ana.creator_id)
    await change.ask_to_confirm(ana.creator_id)
    (lost,) = await _mails(database, clock)
    clock.move(timedelta(minutes=1))
    await change.ask_to_confirm(ana.creator_id)
    (proof,) = await _mails(database, clock)
    assert (proof.to, proof.letter.subject) == (OLD, "Confirme o e-mail da sua conta")
    with pytest.raises(LinkUnusable):
        await change.confirm(_token(lost))
    assert await change.asked_for(_token(proof)) == Proof(OLD, is_own=True)
    assert await change.confirm(_token(proof)) == OLD
    found = await accounts.session(await accounts.sign_in(OLD, PASSWORD, "Firefox"))
    assert found
    assert found.email_confirmed
    await change.ask_to_confirm(ana.creator_id)
    assert await _mails(database, clock) == []
    actions = [entry.action for entry in await rows(database, AuditEntry)]
    assert (actions.count("email.confirmed"), actions.count("email.changed")) == (1, 0)


async def test_a_change_that_was_asked_for_just_now_keeps_no_proof_back(
    change: EmailChange, ana: SignedInCreator, database: Database, clock: StoppedClock
) -> None:
    await change.ask(ana, NEW, PASSWORD)
    await change.ask_to_confirm(ana.creator_id)
    assert [mail.to for mail in await _mails(database, clock)] == [OLD]


async def test_a_changed_address_is_a_proved_one(
    change: EmailChange, accounts: Accounts, ana: SignedInCreator, database: Database, clock: StoppedClock
) -> None:
    await change.ask_to_confirm(ana.creator_id)
    (own,) = await _mails(database, clock)
    await change.ask(ana, NEW, PASSWORD)
    with pytest.raises(LinkUnusable):  # else it would bring the former address back
        await change.confirm(_token(own))
    await change.confirm(_token((await _mails(database, clock))[0]))
    found = await accounts.session(await accounts.sign_in(NEW, PASSWORD, "Firefox"))
    assert found
    assert found.email_confirmed


async def test_it_takes_the_password_and_an_address(change: EmailChange, ana: SignedInCreator) -> None:
    for typed, password, said in (
        (NEW, "a guess", "password.wrong"),
        ("no address", PASSWORD, "account.email_unreadable"),
        (OLD, PASSWORD, "email_change.same"),
    ):
        with pytest.raises(InvalidInput) as refused:
            await change.ask(ana, typed, password)
        assert refused.value.message_key == said


async def test_somebody_elses_address_gets_no_link_and_nobody_is_told(
    change: EmailChange, accounts: Accounts, ana: SignedInCreator, database: Database, clock: StoppedClock
) -> None:
    await accounts.create_creator(NEW, PASSWORD, "Bia", "bia.demo")
    await change.ask(ana, NEW, PASSWORD)
    assert [mail.to for mail in await _mails(database, clock)] == [OLD]


async def test_an_address_that_is_taken_meanwhile_is_not_had(
    change: EmailChange, accounts: Accounts, ana: SignedInCreator, database: Database, clock: StoppedClock
) -> None:
    await change.ask(ana, NEW, PASSWORD)
    proof, _ = await _mails(database, clock)
    await accounts.create_creator(NEW, PASSWORD, "Bia", "bia.demo")
    with pytest.raises(LinkUnusable):
        await change.confirm(_token(proof))
    assert await accounts.sign_in(OLD, PASSWORD, "Firefox")


async def test_links_end_after_an_hour_and_with_the_next_one(
    change: EmailChange, ana: SignedInCreator, database: Database, clock: StoppedClock
) -> None:
    await change.ask(ana, NEW, PASSWORD)
    first, _ = await _mails(database, clock)
    await change.ask(ana, "outra@example.com", PASSWORD)
    with pytest.raises(LinkUnusable):
        await change.asked_for(_token(first))
    second = (await _mails(database, clock))[0]
    clock.move(timedelta(hours=1))
    with pytest.raises(LinkUnusable):
        await change.confirm(_token(second))


async def test_a_password_link_that_went_to_the_former_address_no_longer_serves(
    change: EmailChange,
    ana: SignedInCreator,
    database: Database,
    clock: StoppedClock,
    present_password: PresentPassword,
) -> None:
    recovery = Recovery(database, clock, present_password)
    token = await recovery.reset_link(OLD)
    assert token
    await change.ask(ana, NEW, PASSWORD)
    await change.confirm(_token((await _mails(database, clock))[0]))
    assert not await recovery.is_usable(token)
