"""Databases with many subscribers, for tests of what only shows where there are many."""

import fcntl
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts.models import Creator
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database
from tests.support.server import DEMO_EMAIL, PROGRAM


def seed_demo(data_dir: Path, subscribers: int, sandbox_port: int) -> None:
    """Make that many subscribers as a user does, in a folder whose program is started afterwards."""
    subprocess.run(
        [
            *(sys.executable, *PROGRAM, "seed", "--subscribers", str(subscribers)),
            *("--data-dir", str(data_dir), "--sandbox-port", str(sandbox_port)),
        ],
        check=True,
    )


def seeded_once(shared: Path, subscribers: int, sandbox_port: int) -> Path:
    """A folder with that many, made by whichever of the test run's processes comes first; to be copied."""
    folder = shared / f"seeded-{subscribers}"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            growing = folder.with_suffix(".part")
            seed_demo(growing, subscribers, sandbox_port)
            growing.rename(folder)
    return folder


async def demo_creator(database: Database) -> CreatorId:
    """Whose subscribers they are."""
    async with database.reading() as session:
        return (await session.scalars(select(col(Creator.id)).where(col(Creator.email) == DEMO_EMAIL))).one()
