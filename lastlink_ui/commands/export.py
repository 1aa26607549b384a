"""`lastlink export`: a creator's subscribers as the file that the page's button downloads."""

import asyncio
import sys
from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, aclosing, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qs

from sqlalchemy.exc import SQLAlchemyError

from lastlink_ui.accounts.service import CreatorCard
from lastlink_ui.commands.console import CommandError, err, working
from lastlink_ui.db import migrate
from lastlink_ui.settings import Settings
from lastlink_ui.subscribers.export import export, file_name
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.wiring import Services, build

_STDOUT = "-"


def export_file(settings: Settings, handle: str, query: Mapping[str, str], output: str) -> None:
    """Write the subscribers of the creator called `handle` that `query` lets through, as in an address.

    `output` is a file, `-` for standard output, or empty for the name that the page gives the file.
    Raises: CommandError.
    """
    filters = _filters(query)
    try:
        if not migrate.is_current(settings.database):
            raise CommandError("the database is not this version's yet: `lastlink run` brings it there")
        asyncio.run(_export(settings, handle, filters, output))
    except SQLAlchemyError as error:
        raise CommandError(f"the database cannot be read: {error.__class__.__name__}") from error


def _filters(query: Mapping[str, str]) -> Filters:
    """The view that the options name. Raises: CommandError for one that means nothing."""
    filters = Filters.from_query(query)
    understood = parse_qs(filters.query_string)
    for name, value in query.items():
        is_default = (name, value) in {("sheet", "all"), ("sort", "-started")}
        if value and name not in understood and not is_default:
            raise CommandError(f"--{name} {value!r} means nothing here; see `lastlink export --help`")
    return filters


async def _export(settings: Settings, handle: str, filters: Filters, output: str) -> None:
    services = build(settings)
    try:
        creator = await services.accounts.creator_by_handle(handle.strip().removeprefix("@").lower())
        if creator is None:
            raise CommandError(f"nobody here is called {handle!r}")
        plans = [plan for plan, _ in await services.subscribers.plan_names(creator.id)]
        if filters.plan and filters.plan not in plans:
            raise CommandError(f"--plan {filters.plan} is none of {handle}'s plans")
        await _write(services, creator, filters, output)
    finally:
        await services.database.dispose()


async def _write(services: Services, creator: CreatorCard, filters: Filters, output: str) -> None:
    now, done = services.clock.now(), 0
    path = Path(output or file_name(creator.handle, now))
    place: AbstractContextManager[BinaryIO] = (
        nullcontext(sys.stdout.buffer) if output == _STDOUT else _whole_file(path)
    )
    total = await services.subscribers.total(creator.id, filters)
    with working("Exporting") as progress, place as file:
        async with aclosing(export(services.database, creator.id, filters, now)) as pieces:
            async for piece in pieces:
                file.write(piece.content)
                done += piece.rows
                progress(done, total)
    where = "standard output" if output == _STDOUT else path
    err.print(f"Wrote {done:,} subscribers to {where}.", soft_wrap=True)


@contextmanager
def _whole_file(path: Path) -> Generator[BinaryIO]:
    """The file at `path`, there once all of it is; what was there before stays until then."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
