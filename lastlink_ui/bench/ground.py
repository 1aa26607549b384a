"""The database that a bench stands on: so many subscribers of one creator, seeded once and kept."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from lastlink_ui.accounts.models import Creator
from lastlink_ui.bench.raw import Raw
from lastlink_ui.core.clock import SystemClock
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database, migrate
from lastlink_ui.demo.account import DEMO_EMAIL
from lastlink_ui.demo.seeding import Progress, seed
from lastlink_ui.settings import Settings
from lastlink_ui.subscribers.models import Subscription
from lastlink_ui.wiring import Services, build


class TooManySubscribers(Exception):
    """The database that was named holds more subscribers than asked for."""

    def __init__(self, found: int) -> None:
        super().__init__(f"that database already holds {found:,} subscribers: name an empty one")


@dataclass(frozen=True, slots=True)
class Ground:
    """The services over the database, and whose subscribers they are."""

    services: Services
    creator: CreatorId
    subscribers: int
    effort: float = 1.0
    """The share of a bench's calls that are made: 1 to measure, less to see that it runs."""

    def calls(self, whole: int) -> int:
        """How many calls to make of `whole`."""
        return max(int(whole * self.effort), 1)

    @property
    def settings(self) -> Settings:
        """How a program over this database is started: `data_dir` and `database_url` are its own."""
        return self.services.settings

    @property
    def database(self) -> str:
        """Its name: SQLite or PostgreSQL."""
        return "SQLite" if self.services.database.is_sqlite else "PostgreSQL"

    def raw(self) -> AbstractContextManager[Raw]:
        """The same database through the bare driver, in which the limits are measured."""
        return closing(Raw(self.settings.database))


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where the databases of benches are kept: one for each size, or the one that is named."""

    folder: Path
    database_url: str = ""
    """PostgreSQL; by default SQLite below `folder`."""
    effort: float = 1.0

    @asynccontextmanager
    async def with_subscribers(self, count: int, progress: Progress) -> AsyncGenerator[Ground]:
        """The database with exactly `count` subscribers, seeded where it does not hold them yet.

        Raises: TooManySubscribers.
        """
        folder = self.folder / str(count)
        folder.mkdir(parents=True, exist_ok=True)
        services = build(Settings(data_dir=folder, database_url=self.database_url))
        await asyncio.to_thread(migrate.upgrade, services.settings.database)
        try:
            found = await _subscribers(services.database)
            if found > count:
                raise TooManySubscribers(found)
            if found < count:
                await seed(services.database, SystemClock(), None, count - found, progress=progress)
                await _settle(services.database)
            yield Ground(services, await _creator(services.database), count, self.effort)
        finally:
            await services.database.dispose()


async def _subscribers(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(Subscription)) or 0


async def _creator(database: Database) -> CreatorId:
    async with database.reading() as session:
        return (await session.scalars(select(col(Creator.id)).where(col(Creator.email) == DEMO_EMAIL))).one()


async def _settle(database: Database) -> None:
    """What the server's own housekeeping would do in the minutes after so many rows came in."""
    if database.is_sqlite:
        return
    async with database.engine.connect() as connection:
        free = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await free.exec_driver_sql("VACUUM (ANALYZE)")
