"""`lastlink bench`: how fast the program is here, beside what the machine and the database allow."""

import asyncio
import json
import os
import platform
from datetime import date

from rich.table import Table

from lastlink_ui.bench import BENCHES, Grounds, Result
from lastlink_ui.bench.ground import TooManySubscribers
from lastlink_ui.bench.tools import ProgramMissing
from lastlink_ui.commands.console import CommandError, out, working
from lastlink_ui.settings import Environment, Settings


def bench(settings: Settings, name: str, subscribers: int, database_url: str, *, as_json: bool) -> bool:
    """Run the bench called `name` and print what it found; whether every target is met.

    Raises: CommandError.
    """
    if settings.environment is not Environment.DEVELOPMENT:
        raise CommandError("benches make demo data, which is for development only")
    if name not in BENCHES:
        raise CommandError(f"there is no bench {name!r}; there are {', '.join(BENCHES)}")
    grounds = Grounds(settings.data_dir / "bench", database_url)
    try:
        database, result = asyncio.run(_run(grounds, name, subscribers))
    except (TooManySubscribers, ProgramMissing) as error:
        raise CommandError(str(error)) from error
    if as_json:
        where = {"bench": name, "database": database, "subscribers": subscribers}
        print(json.dumps({**where, **result.as_json(), "machine": _machine()}, ensure_ascii=False))  # noqa: T201
    else:
        out.print(_table(f"{name}: {subscribers:,} subscribers, {database}, {_machine()}", result))
    return result.met


async def _run(grounds: Grounds, name: str, subscribers: int) -> tuple[str, Result]:
    with working("Making subscribers") as progress:
        async with grounds.with_subscribers(subscribers, progress) as ground:
            return ground.database, await BENCHES[name](ground)


def _table(title: str, result: Result) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    for heading in ("ours", "limit", "ratio", "p95"):
        table.add_column(heading, justify="right")
    table.add_column("target")
    table.add_column("met")
    for line in result.lines:
        table.add_row(
            line.what,
            _figure(line.ours_ms, line.unit),
            _figure(line.limit_ms, line.unit) if line.limit_ms else "",
            f"{line.ratio:.1f}" if line.limit_ms else "",
            _figure(line.p95_ms, line.unit),
            line.target,
            "[green]yes[/]" if line.met else "[red]no[/]",
        )
    return table


def _figure(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.2f} {unit}"  # noqa: PLR2004 - as people read them


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, {date.today().isoformat()}"  # noqa: DTZ011 - the machine's own day
