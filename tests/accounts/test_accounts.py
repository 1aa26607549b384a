"""Signing in and out, on the real databases."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts.models import AuditEntry, Creator, Session
from lastlink_ui.accounts.service import Accounts, SignInRefused, TooManyAttempts
from lastlink_ui.core.errors import InvalidInput, NotFound
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database
from tests.support.clock import StoppedClock

EMAIL, PASSWORD = "ana@example.com", "girassol no quintal"


@pytest.fixture
def accounts(database: Database, clock: StoppedClock) -> Accounts:
    return Accounts(database, clock)


@pytest.fixture
async def ana(accounts: Accounts) -> CreatorId:
    return await accounts.create_creator(EMAIL, PASSWORD, "Ana Demo", "anademo")


@pytest.fixture
def sign_in(accounts: Accounts, ana: CreatorId) -> Callable[[], Awaitable[str]]:
    assert ana
    return lambda: accounts.sign_in(EMAIL, PASSWORD, "Firefox")


async def test_a_session_says_who_it_is(
    accounts: Accounts, ana: CreatorId, sign_in: Callable[[], Awaitable[str]]
) -> None:
    signed_in = await accounts.session(await sign_in())
    assert signed_in
    assert (signed_in.creator_id, signed_in.handle, signed_in.email) == (ana, "anademo", EMAIL)


async def test_e_mail_is_read_as_people_type_it(accounts: Accounts, ana: CreatorId) -> None:
    assert ana
    assert await accounts.sign_in("  Ana@Example.COM ", PASSWORD, "")


async def test_wrong_password_and_unknown_e_mail_are_one_same_answer(
    accounts: Accounts, ana: CreatorId
) -> None:
    assert ana
    answers: list[tuple[str, tuple[object, ...]]] = []
    for email, password in ((EMAIL, "outra senha"), ("ninguem@example.com", PASSWORD)):
        with pytest.raises(SignInRefused) as refused:
            await accounts.sign_in(email, password, "")
        answers.append((str(refused.value), refused.value.args))
    assert answers[0] == answers[1]


async def test_a_token_is_stored_as_its_hash_alone(
    database: Database, sign_in: Callable[[], Awaitable[str]]
) -> None:
    token = await sign_in()
    assert len(token) >= 43  # 256 bits
    async with database.reading() as session:
        stored = (await session.scalars(select(Session))).one().model_dump_json()
    assert token not in stored


async def test_the_sixth_attempt_of_an_address_waits_and_another_address_does_not(
    accounts: Accounts, ana: CreatorId, clock: StoppedClock
) -> None:
    assert ana
    for _ in range(5):
        with pytest.raises(SignInRefused):
            await accounts.sign_in(EMAIL, "chute chute", "", address="203.0.113.9")
    with pytest.raises(TooManyAttempts):
        await accounts.sign_in(EMAIL, PASSWORD, "", address="203.0.113.9")
    assert await accounts.sign_in(EMAIL, PASSWORD, "", address="198.51.100.7")
    clock.move(timedelta(minutes=1))
    assert await accounts.sign_in(EMAIL, PASSWORD, "", address="203.0.113.9")


async def test_signing_in_rightly_is_never_limited(sign_in: Callable[[], Awaitable[str]]) -> None:
    assert len({await sign_in() for _ in range(6)}) == 6


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 5000, "\N{LATIN SMALL LETTER E WITH ACUTE}\x00"])
async def test_no_other_token_opens_anything(accounts: Accounts, ana: CreatorId, token: str) -> None:
    assert ana
    assert await accounts.session(token) is None


async def test_idle_for_14_days_is_over(
    accounts: Accounts, clock: StoppedClock, sign_in: Callable[[], Awaitable[str]]
) -> None:
    token = await sign_in()
    clock.move(timedelta(days=14) - timedelta(seconds=1))
    assert await accounts.session(token)
    clock.move(timedelta(days=14))
    assert await accounts.session(token) is None


async def test_60_days_are_the_end_even_in_use(
    accounts: Accounts, clock: StoppedClock, sign_in: Callable[[], Awaitable[str]]
) -> None:
    token = await sign_in()
    for _ in range(5):
        clock.move(timedelta(days=10))
        assert await accounts.session(token)
    clock.move(timedelta(days=10))
    assert await accounts.session(token) is None


async def test_being_seen_is_written_at_most_once_a_minute(
    accounts: Accounts, database: Database, clock: StoppedClock, sign_in: Callable[[], Awaitable[str]]
) -> None:
    token = await sign_in()
    began = clock.now()
    clock.move(timedelta(seconds=59))
    await accounts.session(token)
    assert await _last_seen(database) == began
    clock.move(timedelta(seconds=1))
    await accounts.session(token)
    assert await _last_seen(database) == began + timedelta(minutes=1)


async def test_signing_out_ends_that_session_alone(
    accounts: Accounts, sign_in: Callable[[], Awaitable[str]]
) -> None:
    first, second = await sign_in(), await sign_in()
    await accounts.sign_out(first)
    await accounts.sign_out(first)
    assert await accounts.session(first) is None
    assert await accounts.session(second)


async def test_revoking_the_others_keeps_this_one(
    accounts: Accounts, sign_in: Callable[[], Awaitable[str]]
) -> None:
    kept, *others = [await sign_in() for _ in range(3)]
    here = await accounts.session(kept)
    assert here
    assert await accounts.revoke_other_sessions(here) == 2
    assert [await accounts.session(token) for token in others] == [None, None]
    assert [row.id for row in await accounts.open_sessions(here.creator_id)] == [here.session_id]


async def test_a_session_of_somebody_else_is_not_found(
    accounts: Accounts, sign_in: Callable[[], Awaitable[str]]
) -> None:
    token = await sign_in()
    of_ana = await accounts.session(token)
    assert of_ana
    bia = await accounts.create_creator("bia@example.com", PASSWORD, "Bia", "bia")
    with pytest.raises(NotFound):
        await accounts.revoke_session(bia, of_ana.session_id)
    assert await accounts.session(token)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": EMAIL}, "account.email_taken"),
        ({"email": "bia"}, "account.email_unreadable"),
        ({"handle": "anademo"}, "handle.taken"),
        ({"handle": "lista"}, "handle.reserved"),
        ({"password": "curta"}, "password.too_short"),
        ({"name": " "}, "account.name_length"),
    ],
)
async def test_an_account_that_cannot_be_is_refused_whole(
    accounts: Accounts, database: Database, ana: CreatorId, changed: dict[str, str], sentence: str
) -> None:
    fields = {"email": "bia@example.com", "password": PASSWORD, "name": "Bia", "handle": "bia"}
    with pytest.raises(InvalidInput) as refused:
        await accounts.create_creator(**fields | changed)
    assert refused.value.message_key == sentence
    async with database.reading() as session:
        assert list(await session.scalars(select(col(Creator.id)))) == [ana]


async def test_the_audit_log_says_who_came_and_went_without_a_name(
    accounts: Accounts, database: Database, ana: CreatorId, sign_in: Callable[[], Awaitable[str]]
) -> None:
    await accounts.sign_out(await sign_in())
    async with database.reading() as session:
        entries = list(await session.scalars(select(AuditEntry).order_by(col(AuditEntry.id))))
        written = "".join(entry.model_dump_json() for entry in entries).lower()
        actions = [entry.action for entry in entries]
    assert actions == ["creator.created", "session.started", "session.ended"]
    assert str(ana) in written
    assert "anademo" not in written
    assert "@" not in written


async def _last_seen(database: Database) -> object:
    async with database.reading() as session:
        return (await session.scalars(select(col(Session.last_seen_at)))).one()
