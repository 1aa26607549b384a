"""`lastlink doctor`: says in words what is wrong with this installation."""

import os
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import httpx
from sqlalchemy.exc import SQLAlchemyError

from lastlink_ui.commands.console import out
from lastlink_ui.db import migrate
from lastlink_ui.settings import Settings


def doctor(settings: Settings) -> bool:
    """Print a line for each thing that is wrong; whether everything is in order."""
    problems = [*_folder(settings.data_dir), *_database(settings), *_provider(settings)]
    for problem in problems:
        out.print(f"[red]✗[/] {problem}", soft_wrap=True)
    if not problems:
        out.print("[green]✓[/] Everything is in order.")
    return not problems


def _folder(folder: Path) -> Iterator[str]:
    if not os.access(folder, os.W_OK):
        yield f"The data directory {folder} cannot be written to."


def _database(settings: Settings) -> Iterator[str]:
    try:
        if not migrate.is_current(settings.database):
            yield "The database does not have this version's schema yet: `lastlink run` brings it there."
    except SQLAlchemyError as error:
        yield f"The database cannot be reached: {error.__class__.__name__}. Check LASTLINK_DATABASE_URL."


def _provider(settings: Settings) -> Iterator[str]:
    key = settings.stripe_key.get_secret_value()
    try:
        answer = httpx.get(f"{settings.stripe_api_base}/v1/customers?limit=1", auth=(key, ""), timeout=5)
    except httpx.HTTPError:
        hint = "it runs inside `lastlink run`, or by itself with `lastlink sandbox`"
        who = f"sandbox does not answer on port {settings.sandbox_port}; {hint}"
        yield f"The {who if settings.uses_sandbox else 'payment provider does not answer'}."
        return
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        yield "The payment provider does not accept the key: check LASTLINK_STRIPE_KEY."
