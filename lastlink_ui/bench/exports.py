"""`lastlink bench export`: the CSV of everybody, beside the database's own program on the same rows."""

import asyncio
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from lastlink_ui.bench.ground import Ground
from lastlink_ui.bench.result import Line, Result, Times
from lastlink_ui.bench.tools import found
from lastlink_ui.core.owner import see_only
from lastlink_ui.subscribers.export import export
from lastlink_ui.subscribers.filters import Filters

_RATIO, _FIRST_MS, _MEMORY_MB = 2.5, 300, 40
_ROUNDS = 3
_PAGE_BYTES = 4096
_QUERY = """
SELECT f.name, f.handle, f.email, l.name, s.period, s.amount, s.method, s.status, s.in_list, s.started_at,
s.canceled_at, s.access_until, p.status, p.refund_status, p.dispute_status
FROM subscriptions s JOIN fans f ON f.id = s.fan_id LEFT JOIN plans l ON l.id = s.plan_id
LEFT JOIN payments p ON p.id = s.last_payment_id
WHERE s.creator_id = {creator} ORDER BY s.started_at DESC, s.id DESC
""".replace("\n", " ").strip()


@dataclass(frozen=True, slots=True)
class _Run:
    """One file: how long it took in milliseconds, until its first row, and by how many MB memory grew."""

    whole: float
    first: float
    memory: float = 0


async def measure(ground: Ground) -> Result:
    """The whole file, its first row, and what it costs in memory."""
    see_only(ground.creator)
    program = "sqlite3" if ground.services.database.is_sqlite else "psql"
    command = _command(ground, program)
    ours, limits = list[_Run](), list[_Run]()
    for _ in range(ground.calls(_ROUNDS)):
        # In turn, so that a busy moment of the machine falls on both.
        limits.append(await asyncio.to_thread(_limit, command))
        ours.append(await _ours(ground))
    name = Path(command[0]).name
    whole, limit = Times(tuple(run.whole for run in ours)), Times(tuple(run.whole for run in limits))
    first, limit_first = Times(tuple(run.first for run in ours)), Times(tuple(run.first for run in limits))
    memory = Times(tuple(run.memory for run in ours))
    within = whole.median <= _RATIO * limit.median
    return Result(
        (
            Line(
                "every row",
                whole.median,
                limit.median,
                whole.p95,
                f"≤ {_RATIO:g} times {name}",
                within,
            ),
            Line.within("first row", first, limit_first, _FIRST_MS),
            Line(
                "memory grown by",
                memory.worst,
                0,
                memory.worst,
                f"≤ {_MEMORY_MB} MB",
                memory.worst <= _MEMORY_MB,
                unit="MB",
            ),
        )
    )


async def _ours(ground: Ground) -> _Run:
    """Read as the browser's download reads it, and thrown away."""
    before = most = _resident()
    began, first = time.perf_counter(), 0.0
    async for piece in export(
        ground.services.database, ground.creator, Filters(), ground.services.clock.now()
    ):
        if piece.rows and not first:
            first = time.perf_counter() - began
        most = max(most, _resident())
    whole = time.perf_counter() - began
    return _Run(whole * 1000, first * 1000, (most - before) / 1e6)


def _command(ground: Ground, program: str) -> Sequence[str]:
    path = found(program)
    address = make_url(ground.settings.database)
    if program == "sqlite3":
        creator = f"x'{ground.creator.hex}'"
        return [path, "-readonly", "-csv", str(address.database), _QUERY.format(creator=creator)]
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    query = _QUERY.format(creator=f"'{ground.creator}'")
    return [path, plain, "-c", f"\\copy ({query}) TO STDOUT CSV"]


def _limit(command: Sequence[str]) -> _Run:
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own words
        out = process.stdout
        assert out is not None  # noqa: S101 - asked for above
        first = 0.0
        while out.read(1 << 16):
            first = first or time.perf_counter() - began
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return _Run((time.perf_counter() - began) * 1000, first * 1000)


def _resident() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES
