"""The connection to the database, SQLite or PostgreSQL, and the ways to use it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from select import POLLIN, poll
from typing import Any, cast

from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    AsyncSessionTransaction,
    AsyncTransaction,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry

from lastlink_ui.db.sqlite_driver import PromptConnection, connected
from lastlink_ui.db.turns import Turns
from lastlink_ui.db.unit_of_work import UnitOfWork
from lastlink_ui.db.wall import wall

AUTOCOMMIT = "AUTOCOMMIT"
"""The isolation level of statements that no transaction may hold."""
_WRITES = "lastlink_writes"
_BUSY_MS = 10_000


class Database:
    """Hands out transactions: `unit_of_work()` to change things, `reading()` and `looking()` to look."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        # Neither driver is to open transactions by itself: how they begin is said below.
        opened: dict[str, Any] = (
            {"connect_args": {"async_creator_fn": connected}}
            if "sqlite" in url
            else {"isolation_level": AUTOCOMMIT}
        )
        # Errors end up in logs, and what is written may be personal.
        self.engine: AsyncEngine = create_async_engine(
            url, pool_size=pool_size, hide_parameters=True, **opened
        )
        if self.is_sqlite:
            _prepare_sqlite(self.engine)
        else:
            _prepare_postgresql(self.engine)
        self._writing_engine = self.engine.execution_options(**{_WRITES: True})
        self._turns = Turns(one_at_a_time=self.is_sqlite)

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
            AsyncSession(self.engine, expire_on_commit=False) as session,
            session.begin() as transaction,
        ):
            yield session
            # What was read stays readable: the end would empty the objects that are still attached.
            session.expunge_all()
            await self._end(transaction)

    @asynccontextmanager
    async def looking(self) -> AsyncGenerator[AsyncConnection]:
        """The same for queries that give plain rows: a session costs more than many of them do."""
        async with self.engine.connect() as connection, connection.begin() as transaction:
            yield connection
            await self._end(transaction)

    async def _end(self, transaction: AsyncTransaction | AsyncSessionTransaction) -> None:
        if self.is_sqlite:
            await transaction.rollback()
        else:
            # The server lets it write nothing; and at a rollback its driver forgets what it has prepared.
            await transaction.commit()

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Durable, checked and concurrent: WAL with a full sync, since money is worth the fsync."""

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:  # pyright: ignore[reportUnusedFunction]
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
        driver = cast("PromptConnection", connection.connection.driver_connection)
        driver.begin(to_write=_writes(connection))


def _prepare_postgresql(engine: AsyncEngine) -> None:
    """One trip to the server for a transaction's beginning, and none to ask whether it is still there."""
    dialect = engine.dialect

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        if connection.get_execution_options().get("isolation_level") == AUTOCOMMIT:
            return
        how = "" if _writes(connection) else " ISOLATION LEVEL REPEATABLE READ READ ONLY"
        connection.exec_driver_sql(f"BEGIN{how}; {wall()}")

    @event.listens_for(engine.sync_engine, "checkout")
    def expect_server(connection: DBAPIConnection, *_: Any) -> None:  # noqa: ANN401 # pyright: ignore[reportUnusedFunction]
        # A server that went away has closed the line, or said something: that is seen without asking it.
        line = poll()
        try:
            line.register(cast("Any", connection).driver_connection.fileno(), POLLIN)
            if line.poll(0):
                dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as gone:
            raise InvalidatePoolError from gone


def _writes(connection: Connection) -> bool:
    return _WRITES in connection.get_execution_options()
