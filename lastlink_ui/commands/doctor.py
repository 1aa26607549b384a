"""`lastlink doctor`: says in words what is wrong with this installation."""

import asyncio
import os
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import httpx
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing.accounts import Unfit
from lastlink_ui.commands.console import out
from lastlink_ui.db import Database, migrate
from lastlink_ui.mail import MailNotSent
from lastlink_ui.mail.smtp import SmtpMailer
from lastlink_ui.settings import SANDBOX_KEY, Environment, Settings
from lastlink_ui.subscribers.counters import recount
from lastlink_ui.wiring import build

_OWN_MACHINE = {"127.0.0.1", "localhost", "::1"}


def doctor(settings: Settings) -> bool:
    """Print a line for each thing that is wrong; whether everything is in order."""
    problems = [
        *_exposed(settings),
        *_folder(settings.data_dir),
        *_database(settings),
        *_counters(settings),
        *_keys(settings),
        *_accounts(settings),
        *_provider(settings),
        *_mail(settings),
    ]
    for problem in problems:
        out.print(f"[red]✗[/] {problem}", soft_wrap=True)
    if not problems:
        out.print("[green]✓[/] Everything is in order.")
    return not problems


def _exposed(settings: Settings) -> Iterator[str]:
    if settings.environment is Environment.DEVELOPMENT and settings.host not in _OWN_MACHINE:
        yield (
            f"The development environment, whose demo account everybody knows, listens on {settings.host}: "
            "set LASTLINK_ENVIRONMENT=production, or let LASTLINK_HOST be 127.0.0.1."
        )


def _folder(folder: Path) -> Iterator[str]:
    if not os.access(folder, os.W_OK):
        yield f"The data directory {folder} cannot be written to."


def _database(settings: Settings) -> Iterator[str]:
    try:
        if not migrate.is_current(settings.database):
            yield "The database does not have this version's schema yet: `lastlink run` brings it there."
    except SQLAlchemyError as error:
        yield f"The database cannot be reached: {error.__class__.__name__}. Check LASTLINK_DATABASE_URL."


def _counters(settings: Settings) -> Iterator[str]:
    try:
        wrong = asyncio.run(_recounted(settings)) if migrate.is_current(settings.database) else 0
    except SQLAlchemyError:
        return  # said above
    if wrong:
        yield f"{wrong:,} counts beside filters were wrong; they were counted anew and are right now."


async def _recounted(settings: Settings) -> int:
    services = build(settings)
    try:
        return await mend_counters(services.database)
    finally:
        await services.database.dispose()


async def mend_counters(database: Database) -> int:
    """Count every creator's subscriptions anew, a transaction each; how many counters were wrong."""
    async with database.reading() as session:
        creators = (await session.scalars(select(col(Creator.id)))).all()
    wrong = 0
    for creator in creators:
        async with database.unit_of_work() as uow:
            wrong += len(await recount(uow, creator))
    return wrong


def _provider(settings: Settings) -> Iterator[str]:
    try:
        answer = httpx.get(
            f"{settings.stripe_api_base}/v1/customers?limit=1", auth=(SANDBOX_KEY, ""), timeout=5
        )
    except httpx.HTTPError:
        hint = "it runs inside `lastlink run`, or by itself with `lastlink sandbox`"
        who = f"sandbox does not answer on port {settings.sandbox_port}; {hint}"
        yield f"The {who if settings.uses_sandbox else 'payment provider does not answer'}."
        return
    # Another provider than the sandbox has no reason to know the sandbox's key.
    if settings.uses_sandbox and answer.status_code == HTTPStatus.UNAUTHORIZED:
        yield f"Something else than the sandbox answers on port {settings.sandbox_port}."


def _keys(settings: Settings) -> Iterator[str]:
    try:
        unreadable = asyncio.run(_unreadable(settings))
    except SQLAlchemyError:
        return  # said above
    if unreadable:
        yield (
            f"The provider's keys of {unreadable} creators cannot be read: were they sealed under another "
            "LASTLINK_SECRET_KEY? Name it in LASTLINK_FORMER_SECRET_KEYS."
        )


def _accounts(settings: Settings) -> Iterator[str]:
    try:
        unfit = asyncio.run(_unfit(settings)) if migrate.is_current(settings.database) else None
    except SQLAlchemyError:
        return  # said above
    if unfit and unfit.of_other_kind:
        wanted = "test" if settings.environment is Environment.DEVELOPMENT else "live"
        yield (
            f"{unfit.of_other_kind} creators' keys at the provider are not {wanted} keys: in "
            f"{settings.environment} they must be entered anew in Configurações."
        )
    if unfit and unfit.without_secret and not settings.uses_sandbox:
        yield (
            f"{unfit.without_secret} creators' accounts have no webhook secret: their events are refused, "
            "and what happens there is only noticed when it is read again."
        )


def _mail(settings: Settings) -> Iterator[str]:
    url = settings.smtp_url.get_secret_value()
    if not url:
        if not settings.uses_sandbox:
            yield "No mail is sent: set LASTLINK_SMTP_URL and LASTLINK_MAIL_FROM. Until then mails wait."
        return
    try:
        asyncio.run(SmtpMailer(url, settings.mail_from, "").check())
    except ValueError as error:
        yield f"LASTLINK_SMTP_URL or LASTLINK_MAIL_FROM cannot be used: {error}."
    except MailNotSent as error:
        yield f"The mail server does not take mails ({error.code}): check LASTLINK_SMTP_URL."


async def _unfit(settings: Settings) -> Unfit:
    services = build(settings)
    try:
        return await services.accounts_at_provider.unfit()
    finally:
        await services.database.dispose()


async def _unreadable(settings: Settings) -> int:
    services = build(settings)
    try:
        return await services.gateways.unreadable()
    finally:
        await services.database.dispose()
