"""The second step: nobody comes in by the password alone, no code lets in twice, and a lost app is no end."""

import asyncio
from datetime import timedelta

import pyotp
import pytest
from pyotp.totp import TOTP
from sqlalchemy import select, update

from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.accounts.links import LinkUnusable
from lastlink_ui.accounts.models import AuditEntry, SecondStepRow
from lastlink_ui.accounts.present_password import PresentPassword
from lastlink_ui.accounts.recovery import Recovery
from lastlink_ui.accounts.second_step import CODES, SecondStep
from lastlink_ui.accounts.service import Accounts, SecondStepNeeded, SignedInCreator
from lastlink_ui.core.errors import InvalidInput, NotFound
from lastlink_ui.core.sealing import Vault
from lastlink_ui.db import Database
from lastlink_ui.db.base import metadata
from tests.support.clock import StoppedClock
from tests.support.rows import rows

EMAIL, PASSWORD = "ana@example.com", "girassol no quintal"


@pytest.fixture
def accounts(database: Database, clock: StoppedClock) -> Accounts:
    return Accounts(database, clock)


@pytest.fixture
def second_step(database: Database, clock: StoppedClock) -> SecondStep:
    return _second_step(database, clock, Vault("a secret"))


def _second_step(database: Database, clock: StoppedClock, vault: Vault) -> SecondStep:
    attempts = AttemptLimit(clock, 5, timedelta(minutes=1))
    return SecondStep(database, clock, vault, PresentPassword(database, attempts))


@pytest.fixture
async def ana(accounts: Accounts) -> SignedInCreator:
    await accounts.create_creator(EMAIL, PASSWORD, "Ana", "ana.demo")
    signed_in = await accounts.session(await accounts.sign_in(EMAIL, PASSWORD, "Firefox"))
    assert signed_in
    return signed_in


class App:
    """The app on the creator's phone."""

    def __init__(self, secret: str, clock: StoppedClock) -> None:
        self._totp, self._clock = TOTP(secret), clock

    def code(self, later: int = 0) -> str:
        return self._totp.at(self._clock.now(), counter_offset=later)


async def _turned_on(
    second_step: SecondStep, ana: SignedInCreator, clock: StoppedClock
) -> tuple[App, list[str]]:
    app = App((await second_step.begin(ana, PASSWORD)).secret, clock)
    codes = await second_step.confirm(ana, app.code())
    clock.move(timedelta(minutes=1))
    return app, list(codes)


async def _ticket(accounts: Accounts) -> str:
    with pytest.raises(SecondStepNeeded) as needed:
        await accounts.sign_in(EMAIL, PASSWORD, "Firefox")
    return needed.value.ticket


async def test_the_password_alone_lets_nobody_in(
    accounts: Accounts, second_step: SecondStep, ana: SignedInCreator, clock: StoppedClock
) -> None:
    assert await second_step.codes_left(ana.creator_id) is None
    setup = await second_step.begin(ana, PASSWORD)
    assert setup.uri.startswith("otpauth://totp/Lastlink:ana%40example.com?secret=")
    # Until the app has shown that it has the secret, nothing more is asked for.
    assert await accounts.sign_in(EMAIL, PASSWORD, "Firefox")
    app, _ = await _turned_on(second_step, ana, clock)
    token = await second_step.sign_in(
        await _ticket(accounts), f" {app.code()[:3]} {app.code()[3:]}", "Safari"
    )
    signed_in = await accounts.session(token)
    assert signed_in
    assert signed_in.creator_id == ana.creator_id


async def test_no_code_lets_in_twice_and_no_ticket_either(
    accounts: Accounts, second_step: SecondStep, ana: SignedInCreator, clock: StoppedClock
) -> None:
    app, codes = await _turned_on(second_step, ana, clock)
    first, other = await _ticket(accounts), await _ticket(accounts)
    code = app.code()
    tried = await asyncio.gather(
        second_step.sign_in(first, code, ""), second_step.sign_in(other, code, ""), return_exceptions=True
    )
    assert [isinstance(each, InvalidInput) for each in tried].count(True) == 1
    ticket = await _ticket(accounts)
    await second_step.sign_in(ticket, codes[0].upper().replace("-", " "), "")
    with pytest.raises(InvalidInput):
        await second_step.sign_in(await _ticket(accounts), codes[0], "")
    with pytest.raises(LinkUnusable):
        await second_step.sign_in(ticket, codes[1], "")
    assert await second_step.codes_left(ana.creator_id) == CODES - 1


async def test_without_remembering_the_last_one_a_code_lets_in_again(
    accounts: Accounts, second_step: SecondStep, ana: SignedInCreator, clock: StoppedClock, database: Database
) -> None:
    app, _ = await _turned_on(second_step, ana, clock)
    await second_step.sign_in(await _ticket(accounts), app.code(), "")
    async with database.unit_of_work() as uow:
        await uow.session.execute(update(SecondStepRow).values(last_step=0))
    assert await second_step.sign_in(await _ticket(accounts), app.code(), "")


async def test_an_app_may_be_half_a_minute_off_and_no_more(
    accounts: Accounts, second_step: SecondStep, ana: SignedInCreator, clock: StoppedClock
) -> None:
    app, _ = await _turned_on(second_step, ana, clock)
    for later in (-2, 2):
        with pytest.raises(InvalidInput):
            await second_step.sign_in(await _ticket(accounts), app.code(later), "")
    assert await second_step.sign_in(await _ticket(accounts), app.code(1), "")
    # What was used closes the door behind it: the code before that one no longer counts.
    with pytest.raises(InvalidInput):
        await second_step.sign_in(await _ticket(accounts), app.code(), "")


async def test_tries_run_out_and_come_back(
    accounts: Accounts, second_step: SecondStep, ana: SignedInCreator, clock: StoppedClock
) -> None:
    app, _ = await _turned_on(second_step, ana, clock)
    ticket = await _ticket(accounts)
    for _ in range(5):
        with pytest.raises(InvalidInput):
            await second_step.sign_in(ticket, "000000", "")
    with pytest.raises(InvalidInput) as refused:
        await second_step.sign_in(ticket, app.code(), "")
    assert refused.value.message_key == "second_step.too_many"
    clock.move(timedelta(minutes=10))
    with pytest.raises(LinkUnusable):
        await second_step.sign_in(ticket, app.code(), "")
    assert await second_step.sign_in(await _ticket(accounts), app.code(), "")


async def test_another_password_ends_sign_ins_that_are_half_way(
    accounts: Accounts, second_step: SecondStep, ana: SignedInCreator, clock: StoppedClock, database: Database
) -> None:
    app, _ = await _turned_on(second_step, ana, clock)
    ticket = await _ticket(accounts)
    attempts = AttemptLimit(clock, 5, timedelta(minutes=1))
    recovery = Recovery(database, clock, PresentPassword(database, attempts))
    await recovery.change(ana, PASSWORD, "outra bem comprida")
    with pytest.raises(LinkUnusable):
        await second_step.sign_in(ticket, app.code(), "")


async def test_it_takes_the_password_to_turn_it_on_or_off(
    accounts: Accounts, second_step: SecondStep, ana: SignedInCreator, clock: StoppedClock
) -> None:
    with pytest.raises(InvalidInput):
        await second_step.begin(ana, "a guess")
    _, codes = await _turned_on(second_step, ana, clock)
    for attempt in (second_step.turn_off, second_step.renew_codes):
        with pytest.raises(InvalidInput):
            await attempt(ana, "a guess")
    with pytest.raises(InvalidInput):
        await second_step.begin(ana, PASSWORD)  # a stolen session does not slip another secret in
    clock.move(timedelta(minutes=1))
    renewed = await second_step.renew_codes(ana, PASSWORD)
    with pytest.raises(InvalidInput):
        await second_step.sign_in(await _ticket(accounts), codes[0], "")
    await second_step.sign_in(await _ticket(accounts), renewed[0], "")
    await second_step.turn_off(ana, PASSWORD)
    assert await accounts.sign_in(EMAIL, PASSWORD, "Firefox")
    with pytest.raises(NotFound):
        await second_step.renew_codes(ana, PASSWORD)


async def test_the_operator_helps_who_lost_everything(
    accounts: Accounts, second_step: SecondStep, ana: SignedInCreator, clock: StoppedClock, database: Database
) -> None:
    await _turned_on(second_step, ana, clock)
    await second_step.turn_off_for(" Ana@Example.com")
    assert await accounts.sign_in(EMAIL, PASSWORD, "Firefox")
    with pytest.raises(NotFound):
        await second_step.turn_off_for("nobody@example.com")
    entries = [entry.action for entry in await rows(database, AuditEntry)]
    assert [each for each in entries if each.startswith("second")] == [
        "second_step.turned_on",
        "second_step.turned_off",
    ]


async def test_the_database_alone_opens_nothing(
    second_step: SecondStep, ana: SignedInCreator, clock: StoppedClock, database: Database
) -> None:
    setup = await second_step.begin(ana, PASSWORD)
    codes = await second_step.confirm(ana, App(setup.secret, clock).code())
    async with database.reading() as reading:
        tables = str([(await reading.execute(select(table))).all() for table in metadata.tables.values()])
    assert setup.secret not in tables
    assert not any(code in tables or code.replace("-", "") in tables for code in codes)


async def test_a_new_secret_of_the_installation_takes_over_at_the_next_start(
    accounts: Accounts, second_step: SecondStep, ana: SignedInCreator, clock: StoppedClock, database: Database
) -> None:
    app, codes = await _turned_on(second_step, ana, clock)
    after = _second_step(database, clock, Vault("another secret"))
    await after.reseal()  # too early: nobody told it of the former one
    with pytest.raises(InvalidInput):
        await after.sign_in(await _ticket(accounts), app.code(), "")
    assert await after.sign_in(await _ticket(accounts), codes[0], "")
    await _second_step(database, clock, Vault("another secret", ["a secret"])).reseal()
    assert await after.sign_in(await _ticket(accounts), app.code(), "")


def test_secrets_are_long_enough() -> None:
    assert len(pyotp.random_base32()) * 5 >= 160  # bits: RFC 4226, section 4
