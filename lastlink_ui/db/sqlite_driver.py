"""SQLite behind the event loop with one trip to its thread for each statement.

The driver's own cursors take four: to be made, to execute, to fetch and to be closed. Why that is worth a
class of ours is in docs/decisions/1002-one-trip-for-each-statement.md.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import islice
from typing import Any, Concatenate, ParamSpec, Self, TypeVar, cast

import aiosqlite

_BROUGHT_ALONG = 500
"""So many rows come with the statement itself; those of a longer answer are fetched as they are asked for."""
_ROWS_A_PIECE = 64
_STOP_AGAIN_SECONDS = 0.01

P = ParamSpec("P")
T = TypeVar("T")


class PromptConnection(aiosqlite.Connection):
    """A connection whose cursors execute, fetch and close in one trip."""

    _beginning = ""
    """How the transaction begins that no statement has asked for yet."""
    _is_looking = False
    """Whether the transaction writes nothing, so that nobody has to wait for its end."""
    _at_work: Callable[[], object] | None = None
    """What the thread is doing."""

    def begin(self, *, to_write: bool) -> None:
        """Begin a transaction along with the first statement of it.

        A writer takes its lock at once: one that upgrades half-way is refused instead of waiting.
        """
        self._is_looking = not to_write
        self._beginning = "BEGIN IMMEDIATE" if to_write else "BEGIN"

    async def commit(self) -> None:
        """Keep what was written."""
        if self._beginning:
            self._beginning = ""
        else:
            await super().commit()

    async def rollback(self) -> None:
        """Give up what was written."""
        if self._beginning:
            self._beginning = ""
        elif self._is_looking:
            # What is asked next waits behind it in the thread.
            self._tx.put_nowait((None, self._conn.rollback))  # pyright: ignore[reportUnknownMemberType]
        else:
            await super().rollback()

    def cursor(self) -> "PromptCursor":  # pyright: ignore[reportIncompatibleMethodOverride] - as SQLAlchemy uses it
        """A cursor; the thread does not hear of it before it executes something."""
        return PromptCursor(self)

    async def run(
        self, work: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `work` gives for the connection, in the connection's thread."""
        return await self._execute(work, self._conn, *args, **kwargs)

    async def _execute(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        in_thread = cast("Callable[..., Awaitable[T]]", super()._execute)  # pyright: ignore[reportUnknownMemberType]
        begin, self._beginning = self._beginning, ""

        def work() -> T:
            self._at_work = work
            try:
                if begin:
                    self._conn.execute(begin)
                return fn(*args, **kwargs)
            finally:
                self._at_work = None

        try:
            return await in_thread(work)
        except asyncio.CancelledError:
            if self._is_looking:
                self._stop(work)
            raise

    def _stop(self, work: Callable[[], object]) -> None:
        """Have the thread give up `work`: whoever typed on should not wait behind what was typed before."""
        if self._at_work is work:
            self._conn.interrupt()
            # Once more if need be: what has not begun to run cannot be interrupted.
            asyncio.get_running_loop().call_later(_STOP_AGAIN_SECONDS, self._stop, work)

    @property
    def is_busy(self) -> bool:
        """Whether the thread is at work on what was asked."""
        return self._at_work is not None


class PromptCursor:
    """What SQLAlchemy asks of a cursor. Its methods that begin with `_` run in the connection's thread."""

    def __init__(self, connection: PromptConnection) -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        """Only while there may be more rows to fetch."""
        self._rows: list[Any] = []
        self.description: Sequence[Any] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> "PromptCursor":
        """Execute the statement and take its first rows along."""
        await self._connection.run(self._execute, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "PromptCursor":
        """Execute a statement that gives no rows once for each of the parameters."""
        await self._connection.run(self._executemany, sql, parameters)
        return self

    async def fetchone(self) -> Any | None:  # noqa: ANN401 - a row of the driver's
        """The next row; None after the last one."""
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        """Up to `size` rows; none after the last one."""
        size = size or self.arraysize
        missing = size - len(self._rows)
        if missing > 0 and self._cursor:
            self._rows += await self._connection.run(self._fetch, max(missing, _BROUGHT_ALONG))
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken

    async def fetchall(self) -> Sequence[Any]:
        """All rows that are left."""
        if self._cursor:
            self._rows += await self._connection.run(self._fetch, None)
        taken, self._rows = self._rows, []
        return taken

    async def close(self) -> None:
        """Give up the rows that are left."""
        self._rows = []
        if self._cursor:
            await self._connection.run(self._close)

    def _execute(self, connection: sqlite3.Connection, sql: str, parameters: Iterable[Any]) -> None:
        self._take(connection, connection.execute(sql, tuple(parameters)))

    def _executemany(
        self, connection: sqlite3.Connection, sql: str, parameters: Iterable[Iterable[Any]]
    ) -> None:
        self._take(connection, connection.executemany(sql, [tuple(each) for each in parameters]))

    def _take(self, connection: sqlite3.Connection, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self.description, self.lastrowid = cursor.description, cursor.lastrowid
        self._rows = self._fetch(connection, _BROUGHT_ALONG)

    def _fetch(self, connection: sqlite3.Connection, size: int | None) -> list[Any]:
        if self._cursor is None:
            return []
        rows = list(islice(self._cursor, size))
        self.rowcount = self._cursor.rowcount
        if size is None or len(rows) < size:
            self._close(connection)
        return rows

    def _close(self, _: sqlite3.Connection) -> None:
        if self._cursor:
            self._cursor.close()
            self._cursor = None


def connected(*arguments: Any, **options: Any) -> PromptConnection:  # noqa: ANN401 - the driver's own
    """A connection that is opened once it is awaited; `arguments` and `options` are those of `sqlite3`."""
    connection = PromptConnection(lambda: sqlite3.connect(*arguments, **options), _ROWS_A_PIECE)
    # A program that was told to stop does not wait for a statement that nobody waits for.
    connection._thread.daemon = True  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - as SQLAlchemy does it
    return connection
