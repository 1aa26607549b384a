"""A database through its bare driver: what no layer of ours can be faster than."""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import make_url


def durable_commits(url: str, folder: Path, count: int) -> float:
    """How many seconds so many durable commits of one small row take: in a file of its own, or a table."""
    address = make_url(url)
    insert = "INSERT INTO bench_commits VALUES ({})"
    if address.get_backend_name() == "sqlite":
        path = folder / "commits.sqlite"
        path.unlink(missing_ok=True)
        connection: Any = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        statement = insert.format("?")
    else:
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(plain, autocommit=True)
        statement = insert.format("%s")
    connection.execute("CREATE TABLE bench_commits (number INTEGER)")
    try:
        began = time.perf_counter()
        for number in range(count):
            connection.execute(statement, (number,))
        return time.perf_counter() - began
    finally:
        connection.execute("DROP TABLE bench_commits")
        connection.close()


class Raw:
    """One connection of the driver; statements are written with `?` and work on both databases."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._connection: Any = sqlite3.connect(f"file:{address.database}?mode=ro", uri=True)
            self._connection.execute("PRAGMA cache_size=-65536")
        else:
            address = address.set(drivername="postgresql")
            self._connection = psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What the statement finds, all of it."""
        if self.is_sqlite:
            bound = [value.bytes if isinstance(value, UUID) else value for value in parameters]
            return self._connection.execute(statement, bound).fetchall()
        return self._connection.execute(
            statement.replace("%", "%%").replace("?", "%s"), parameters
        ).fetchall()

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()
