"""A database through its bare driver: what no layer of ours can be faster than."""

import sqlite3
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import make_url


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
