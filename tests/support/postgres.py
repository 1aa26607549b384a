"""A PostgreSQL server of the tests' own: started from the installed binaries, thrown away at the end."""

import getpass
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from lastlink_ui.db import migrate

WHAT_TO_INSTALL = (
    "PostgreSQL's server is missing: install it (Debian and Ubuntu: apt-get install postgresql), "
    "or set LASTLINK_TESTS_WITHOUT_POSTGRES=1 to test on SQLite alone."
)
_TEMPLATE = "migrated"
_MUCH = 2_000_000
_NOBODY_ELSE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid(); "
)


class PostgresMissing(Exception):
    """No PostgreSQL server can be started here; the text says what to install."""

    def __init__(self) -> None:
        super().__init__(WHAT_TO_INSTALL)


class Postgres:
    """A running server; `new_database` hands out migrated, empty databases."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._made = 0
        self._given_back: list[str] = []
        self._execute(f"CREATE DATABASE {_TEMPLATE}")
        migrate.upgrade(self._url(_TEMPLATE))
        found = self._execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
            _TEMPLATE,
        )
        # Tables that only grow refuse to be emptied as long as their triggers are heard.
        self._empty = "DROP SCHEMA IF EXISTS dbos CASCADE; SET session_replication_role = replica"
        for (table,) in found:
            self._empty += f"; DELETE FROM {table}"  # noqa: S608 - names of our own
        ((self._size,),) = self._execute(f"SELECT pg_database_size('{_TEMPLATE}')")

    def new_database(self, *, migrated: bool = True) -> str:
        """The URL of a database that nobody else has."""
        if migrated and self._given_back:
            return self._given_back.pop()
        self._made += 1
        name = f"test_{self._made}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE if migrated else 'template0'}")
        return self._url(name)

    def give_back(self, url: str) -> None:
        """Empty a migrated database for whoever asks next: each new one is a thousand files.

        One in which much was written is thrown away, with what the server has learned of it.
        """
        name = url.rpartition("/")[2]
        ((size,),) = self._execute(_NOBODY_ELSE + "SELECT pg_database_size(current_database())", name)
        if size > self._size + _MUCH:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")
            return
        self._execute(self._empty, name)
        self._given_back.append(url)

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def _execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname=database, autocommit=True
        ) as connection:
            done = connection.execute(statement.encode())
            while done.nextset():
                pass
            return done.fetchall() if done.description else []


@contextmanager
def running_postgres() -> Generator[Postgres]:
    """A fresh server on a free port of this machine.

    Raises: PostgresMissing.
    """
    binaries = _binaries()
    home = Path(tempfile.mkdtemp(prefix="lastlink-postgres-"))
    # The server refuses to run as root; its package made a user for it.
    user = "postgres" if getpass.getuser() == "root" else None
    if user:
        shutil.chown(home, user)
    port = _free_port()

    def run(program: str, *arguments: str) -> None:
        # Its output goes to a file: a pipe would stay open for as long as the server runs.
        with (home.parent / f"{home.name}.log").open("ab") as log:
            subprocess.run(
                [binaries / program, "-D", home / "data", *arguments],
                check=True,
                user=user,
                cwd=home,
                stdout=log,
                stderr=log,
            )

    try:
        run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync")
        options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
        run("pg_ctl", "--wait", "-o", options, "start")
        try:
            yield Postgres(port)
        finally:
            run("pg_ctl", "--wait", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
        (home.parent / f"{home.name}.log").unlink(missing_ok=True)


def _binaries() -> Path:
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if pg_config := shutil.which("pg_config"):
        told = subprocess.run([pg_config, "--bindir"], check=True, capture_output=True, text=True).stdout
        candidates.insert(0, Path(told.strip()))
    for folder in candidates:
        if (folder / "pg_ctl").exists() and (folder / "initdb").exists():
            return folder
    raise PostgresMissing


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
