"""`lastlink events`: the provider's events that came in, and those told again that failed."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from lastlink_ui.billing.event_log import EventLog, as_told
from lastlink_ui.billing.inbox import Inbox
from lastlink_ui.billing.models import InboxEvent
from lastlink_ui.commands.console import CommandError, out
from lastlink_ui.core.clock import SAO_PAULO
from lastlink_ui.db import Database, migrate
from lastlink_ui.settings import Settings

Result = TypeVar("Result")


def list_events(settings: Settings, limit: int, *, failed: bool) -> None:
    """Print the latest events, or only those that have no effect yet. Raises: CommandError."""
    rows = _run(settings, _latest(settings, limit, failed=failed))
    if not rows:
        out.print("No event waits." if failed else "No event has come in yet.")
        return
    table = Table("Event", "Type", "Received", "State", "Attempts", "Error", box=None, pad_edge=False)
    for row in rows:
        received = f"{row.received_at.astimezone(SAO_PAULO):%d/%m/%Y %H:%M:%S}"
        table.add_row(
            row.provider_event_id, row.type, received, _state(row), str(row.attempts), row.last_error
        )
    out.print(table)


def replay(settings: Settings, ids: Sequence[str], *, all_failed: bool) -> bool:
    """Act on events again, those of `ids` or all that have no effect yet; whether each succeeded.

    Raises: CommandError for an id that never came in.
    """
    if bool(ids) is all_failed:
        raise CommandError("name the events to replay, or --all-failed for all that have no effect yet")
    return _run(settings, _replay(settings, ids))


async def _latest(settings: Settings, limit: int, *, failed: bool) -> Sequence[InboxEvent]:
    database = Database(settings.database)
    try:
        return await EventLog(database).latest(limit, unfinished=failed)
    finally:
        await database.dispose()


async def _replay(settings: Settings, ids: Sequence[str]) -> bool:
    from lastlink_ui.wiring import build  # noqa: PLC0415 - a list is there sooner without it

    services = build(settings)
    try:
        return await _tell_again(services.inbox, EventLog(services.database), ids)
    finally:
        await services.database.dispose()


async def _tell_again(inbox: Inbox, log: EventLog, ids: Sequence[str]) -> bool:
    rows = [row for each in ids for row in await log.called(each)] if ids else await log.unfinished()
    if unknown := set(ids) - {row.provider_event_id for row in rows}:
        raise CommandError(f"no event called {', '.join(sorted(unknown))} has come in")
    failures = 0
    for row in rows:
        if row.done_at:
            out.print(f"{row.provider_event_id} had its effect before; nothing to do.")
            continue
        try:
            await inbox.take(as_told(row))
        except Exception as error:  # noqa: BLE001 - stored with the event; the next one is tried
            failures += 1
            reason = str(error) or "no reason given"
            out.print(f"[red]✗[/] {row.provider_event_id} {row.type}: {type(error).__name__}: {reason}")
        else:
            out.print(f"[green]✓[/] {row.provider_event_id} {row.type}")
    if failures:
        out.print(f"{failures} of {len(rows)} failed again.")
    elif not rows:
        out.print("No event waits.")
    return not failures


def _state(row: InboxEvent) -> str:
    if row.done_at:
        return "done"
    return "failed" if row.last_error else "waits"


def _run(settings: Settings, work: Coroutine[Any, Any, Result]) -> Result:
    """What `work` returns on this installation's database. Raises: CommandError."""
    try:
        if not migrate.is_current(settings.database):
            work.close()
            raise CommandError("the database is not this version's yet: `lastlink run` brings it there")
        return asyncio.run(work)
    except SQLAlchemyError as error:
        raise CommandError(f"the database cannot be read: {error.__class__.__name__}") from error
