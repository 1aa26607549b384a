"""What the operator does about accounts: the first creator, invitations, and forgotten passwords."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

from lastlink_ui.commands.console import CommandError, out
from lastlink_ui.commands.prepare import prepare_database
from lastlink_ui.core.errors import LastlinkError, NotFound
from lastlink_ui.settings import Settings
from lastlink_ui.text import t
from lastlink_ui.wiring import Services, build

Result = TypeVar("Result")


def create(settings: Settings, email: str, name: str, handle: str) -> None:
    """Open an account; the password is asked for, or read from standard input. Raises: CommandError."""
    password = _password()

    async def open_account(services: Services) -> None:
        creator = await services.accounts.create_creator(email, password, name, handle)
        await services.email_change.ask_to_confirm(creator)

    _with_services(settings, open_account)
    out.print(f"{name} can sign in at {settings.public_origin}/entrar with {email}.")
    out.print("A mail with a link that confirms the address waits: the running program sends it.")


def invite(settings: Settings, email: str) -> None:
    """Print the link by which somebody opens an account. Raises: CommandError."""
    token = _with_services(settings, lambda services: services.invitations.invite(email))
    _print_link(settings, f"/convite/{token}", "seven days")


def reset_password(settings: Settings, email: str) -> None:
    """Print the link by which a creator sets another password. Raises: CommandError."""

    async def link(services: Services) -> str:
        token = await services.recovery.reset_link(email)
        if token is None:
            raise NotFound("account.nobody")
        return token

    _print_link(settings, f"/redefinir-senha/{_with_services(settings, link)}", "ten minutes")


def second_step_off(settings: Settings, email: str) -> None:
    """Let a creator who lost app and recovery codes in by the password alone. Raises: CommandError."""
    _with_services(settings, lambda services: services.second_step.turn_off_for(email))
    out.print(f"{email} signs in with the password alone, and can turn the second step on again.")


def _print_link(settings: Settings, path: str, lifetime: str) -> None:
    out.print(f"{settings.public_origin}{path}", soft_wrap=True)
    out.print(f"It serves once, within {lifetime}.")


def _password() -> str:
    """Never an argument: those stand in the shell's history and in the list of processes."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    typed = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != typed:
        raise CommandError("the two passwords differ")
    return typed


def _with_services(settings: Settings, work: Callable[[Services], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        services = build(settings)
        try:
            return await work(services)
        finally:
            await services.database.dispose()

    prepare_database(settings)
    try:
        return asyncio.run(run())
    except LastlinkError as error:
        raise CommandError(t(error.message_key, **error.params)) from error
