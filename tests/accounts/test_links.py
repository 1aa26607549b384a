"""Invitations and forgotten passwords: links serve once, not for long, and only for what they are."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col
from starlette.applications import Starlette

from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.accounts.links import LinkUnusable
from lastlink_ui.accounts.models import AuditEntry, LinkPurpose, OneTimeLink
from lastlink_ui.accounts.opening import Invitations
from lastlink_ui.accounts.present_password import PresentPassword
from lastlink_ui.accounts.recovery import Recovery
from lastlink_ui.accounts.service import Accounts, SignInRefused
from lastlink_ui.api.link_pages import link_routes
from lastlink_ui.billing.email_change import EmailChange
from lastlink_ui.billing.mailed_links import MailedLinks
from lastlink_ui.billing.models import MailKind, OutboxMail
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.db import Database
from tests.support.clock import StoppedClock

ORIGIN = "http://localhost:3000"
EMAIL, PASSWORD, OTHER = "ana@example.com", "girassol no quintal", "outra senha comprida"


@pytest.fixture
def accounts(database: Database, clock: StoppedClock) -> Accounts:
    return Accounts(database, clock)


@pytest.fixture
def invitations(database: Database, clock: StoppedClock) -> Invitations:
    return Invitations(database, clock)


@pytest.fixture
def recovery(database: Database, clock: StoppedClock) -> Recovery:
    attempts = AttemptLimit(clock, 5, timedelta(minutes=1))
    return Recovery(database, clock, PresentPassword(database, attempts))


@pytest.fixture
def email_change(database: Database, clock: StoppedClock) -> EmailChange:
    attempts = AttemptLimit(clock, 5, timedelta(minutes=1))
    mailed = MailedLinks("secret", ORIGIN, LinkPurpose.EMAIL_CHANGE, "/confirmar-email")
    return EmailChange(database, clock, clock, mailed, PresentPassword(database, attempts))


@pytest.fixture
async def browser(
    invitations: Invitations, recovery: Recovery, email_change: EmailChange
) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=link_routes(invitations, recovery, email_change, [ORIGIN]))
    own = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN, headers=own) as client:
        yield client


async def test_an_invitation_opens_one_account_for_the_invited_address(
    browser: httpx.AsyncClient, invitations: Invitations, accounts: Accounts, database: Database
) -> None:
    token = await invitations.invite("  Ana@Example.com ")
    for _ in range(2):
        shown = await browser.get(f"/convite/{token}")
        assert EMAIL in shown.text
        assert shown.headers["referrer-policy"] == "same-origin"

    typed = {"nome": "Ana <b>", "perfil": "ana demo", "senha": PASSWORD, "email": "outra@example.com"}
    refused = await browser.post(f"/convite/{token}", data=typed)
    assert refused.status_code == 422
    assert "Use apenas letras sem acento" in refused.text
    assert "Ana &lt;b&gt;" in refused.text
    assert PASSWORD not in refused.text

    opened = await browser.post(f"/convite/{token}", data=typed | {"perfil": "anademo"})
    assert (opened.status_code, opened.headers["location"]) == (303, "/entrar")
    assert await accounts.sign_in(EMAIL, PASSWORD, "")

    assert (await browser.post(f"/convite/{token}", data=typed | {"perfil": "bia"})).status_code == 404
    assert (await browser.get(f"/convite/{token}")).status_code == 404
    async with database.reading() as reading:
        invitation = col(OneTimeLink.purpose) == LinkPurpose.INVITATION
        link = (await reading.scalars(select(OneTimeLink).where(invitation))).one()
        mails = [mail.kind for mail in await reading.scalars(select(OutboxMail))]
        actions = [entry.action for entry in await reading.scalars(select(AuditEntry))]
    assert link.email == ""
    assert link.token_hash != token
    assert "creator.created" in actions
    assert mails == [MailKind.EMAIL_CONFIRMATION]


async def test_an_invitation_ends_after_seven_days_and_is_not_for_members(
    invitations: Invitations, accounts: Accounts, clock: StoppedClock
) -> None:
    token = await invitations.invite(EMAIL)
    clock.move(timedelta(days=7))
    with pytest.raises(LinkUnusable):
        await invitations.accept(token, PASSWORD, "Ana", "anademo")
    await accounts.create_creator(EMAIL, PASSWORD, "Ana", "anademo")
    with pytest.raises(InvalidInput):
        await invitations.invite(EMAIL)


async def test_a_new_password_by_link_ends_every_session(
    browser: httpx.AsyncClient, recovery: Recovery, accounts: Accounts
) -> None:
    await accounts.create_creator(EMAIL, PASSWORD, "Ana", "anademo")
    session = await accounts.sign_in(EMAIL, PASSWORD, "")
    token = await recovery.reset_link(EMAIL)

    short = await browser.post(f"/redefinir-senha/{token}", data={"senha": "curta"})
    assert short.status_code == 422
    assert "Use pelo menos 8 caracteres" in short.text
    assert await accounts.session(session)

    assert (await browser.post(f"/redefinir-senha/{token}", data={"senha": OTHER})).status_code == 303
    assert await accounts.session(session) is None
    assert await accounts.sign_in(EMAIL, OTHER, "")
    with pytest.raises(SignInRefused):
        await accounts.sign_in(EMAIL, PASSWORD, "")
    assert (await browser.post(f"/redefinir-senha/{token}", data={"senha": PASSWORD})).status_code == 404


async def test_links_are_for_one_thing_ten_minutes_and_the_last_asked_for(
    recovery: Recovery, invitations: Invitations, accounts: Accounts, clock: StoppedClock
) -> None:
    await accounts.create_creator(EMAIL, PASSWORD, "Ana", "anademo")
    invitation = await invitations.invite("bia@example.com")
    with pytest.raises(LinkUnusable):
        await recovery.reset(invitation, OTHER)
    first, second = await recovery.reset_link(EMAIL), await recovery.reset_link(EMAIL)
    assert first
    assert second
    assert not await recovery.is_usable(first)
    clock.move(timedelta(minutes=10))
    assert not await recovery.is_usable(second)
    assert await recovery.reset_link("ninguem@example.com") is None


async def test_another_site_cannot_post_for_the_reader_of_a_link(
    browser: httpx.AsyncClient, recovery: Recovery, accounts: Accounts
) -> None:
    await accounts.create_creator(EMAIL, PASSWORD, "Ana", "anademo")
    token = await recovery.reset_link(EMAIL)
    evil = {"origin": "https://malicioso.example", "sec-fetch-site": "cross-site"}
    answer = await browser.post(f"/redefinir-senha/{token}", data={"senha": OTHER}, headers=evil)
    assert answer.status_code == 403
    assert token
    assert await recovery.is_usable(token)


async def test_the_present_password_is_asked_for_and_not_without_end(
    recovery: Recovery, accounts: Accounts
) -> None:
    await accounts.create_creator(EMAIL, PASSWORD, "Ana", "anademo")
    here, elsewhere = await accounts.sign_in(EMAIL, PASSWORD, ""), await accounts.sign_in(EMAIL, PASSWORD, "")
    signed_in = await accounts.session(here)
    assert signed_in
    with pytest.raises(InvalidInput, match=r"password\.wrong"):
        await recovery.change(signed_in, "errada errada", OTHER)
    await recovery.change(signed_in, PASSWORD, OTHER)
    assert await accounts.session(here)
    assert await accounts.session(elsewhere) is None
    for _ in range(3):
        with pytest.raises(InvalidInput, match=r"password\.wrong"):
            await recovery.change(signed_in, PASSWORD, OTHER)
    with pytest.raises(InvalidInput, match="too_many"):
        await recovery.change(signed_in, OTHER, PASSWORD)
