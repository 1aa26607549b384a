"""The connection to the database, SQLite or PostgreSQL, and the ways to use it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from lastlink_ui.db.sqlite_driver import connected
from lastlink_ui.db.turns import Turns
from lastlink_ui.db.unit_of_work import UnitOfWork
from lastlink_ui.db.wall import keep_wall

_WRITES = "lastlink_writes"
_BUSY_MS = 10_000


class Database:
    """Hands out transactions: `unit_of_work()` to change things, `reading()` and `looking()` to look."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            pool_pre_ping="sqlite" not in url,
            # Errors end up in logs, and what is written may be personal.
            hide_parameters=True,
            connect_args={"async_creator_fn": connected} if "sqlite" in url else {},
        )
        if self.is_sqlite:
            _prepare_sqlite(self.engine)
        else:
            keep_wall(self.engine)
        self._writing_engine = self.engine.execution_options(**{_WRITES: True})
        self._turns = Turns(one_at_a_time=self.is_sqlite)
        # SQLite's readers see one state of the database anyhow; PostgreSQL's only when asked.
        self._reading_engine = (
            self.engine
            if self.is_sqlite
            else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncGenerator[UnitOfWork]:
        """One transaction that commits when the block ends and rolls back when it raises.

        Raises: NestedUnitOfWork.
        """
        async with self._turns.turn(), AsyncSession(self._writing_engine, expire_on_commit=False) as session:
            uow = UnitOfWork(session)
            async with session.begin():
                yield uow
        await uow.committed()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """One state of the database for all queries of the block; nothing written in it is kept."""
        async with (
            AsyncSession(self._reading_engine, expire_on_commit=False) as session,
            session.begin() as transaction,
        ):
            yield session
            # What was read stays readable: a rollback would empty the objects that are still attached.
            session.expunge_all()
            await transaction.rollback()

    @asynccontextmanager
    async def looking(self) -> AsyncGenerator[AsyncConnection]:
        """The same for queries that give plain rows: a session costs more than many of them do."""
        async with self._reading_engine.connect() as connection:
            yield connection

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Durable, checked and concurrent: WAL with a full sync, since money is worth the fsync."""

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:  # pyright: ignore[reportUnusedFunction]
        # The driver must not open transactions by itself: `begin` below says which kind is wanted.
        connection.isolation_level = None  # pyright: ignore[reportAttributeAccessIssue]
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_MS}",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        # A writer takes its lock at once: one that upgrades half-way is refused instead of waiting.
        options: dict[str, Any] = dict(connection.get_execution_options())
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN")
