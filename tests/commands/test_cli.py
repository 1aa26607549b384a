"""The `lastlink` command as somebody types it: what goes wrong is a sentence, with exit code 2."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lastlink_ui.commands.children import require_free_port
from tests.support.processes import free_port
from tests.support.server import PROGRAM, Server


def lastlink(*typed: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *PROGRAM, *typed, *(["--data-dir", str(folder)] if typed[-1] != "--help" else [])],
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "command", ["run", "seed", "sandbox", "reconcile", "doctor", "export", "events", "bench"]
)
def test_each_command_explains_itself(tmp_path: Path, command: str) -> None:
    explained = lastlink(command, "--help", folder=tmp_path)
    assert explained.returncode == 0
    assert "--data-dir" in explained.stdout


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = lastlink("run", "--port", str(port), folder=tmp_path)
    assert refused.returncode == 2
    assert f"port {port} on 127.0.0.1 cannot be used" in refused.stderr
    assert "choose another with --port" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "typed", [["run", "--port", "99999"], ["seed", "--subscribers", "0"], ["nonsense"], ["bench", "nonsense"]]
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, typed: list[str]) -> None:
    refused = lastlink(*typed, folder=tmp_path)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


def test_production_refuses_the_defaults_of_development(tmp_path: Path) -> None:
    refused = lastlink("run", folder=tmp_path, LASTLINK_ENVIRONMENT="production")
    assert refused.returncode == 2
    for name in ("LASTLINK_SECRET_KEY", "LASTLINK_ORIGIN"):
        assert name in refused.stderr


def test_a_data_directory_that_cannot_be_is_said(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    refused = lastlink("doctor", folder=in_the_way / "data")
    assert refused.returncode == 2
    assert "data directory" in refused.stderr


def test_a_database_that_is_none_is_said_and_nothing_stays_behind(tmp_path: Path) -> None:
    (tmp_path / "lastlink.sqlite").write_text("Isto não é um banco de dados." * 100)
    port, sandbox_port = free_port(), free_port()
    refused = lastlink("run", "--port", str(port), "--sandbox-port", str(sandbox_port), folder=tmp_path)
    assert (refused.returncode, refused.stderr.count("the database cannot be prepared")) == (2, 1)
    assert "Traceback" not in refused.stderr
    for each in (port, sandbox_port):
        require_free_port("127.0.0.1", each, "--port")


@pytest.mark.parametrize(
    ("module", "large"), [("run", set[str]()), ("prepare", {"sqlalchemy", "stripe", "alembic"})]
)
def test_what_watches_over_the_program_loads_nothing_large(module: str, large: set[str]) -> None:
    """What a start needs is loaded, and left, by a process of its own."""
    code = f"import sys, lastlink_ui.commands.{module}; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {"reflex", "sqlalchemy", "stripe", "alembic", "dbos"} & set(said.stdout.split())
    assert loaded >= large
    assert large or not loaded


def test_the_doctor_names_what_is_wrong(tmp_path: Path) -> None:
    exposed = {"LASTLINK_HOST": "0.0.0.0"}  # noqa: S104 - the mistake
    found = lastlink("doctor", "--sandbox-port", str(free_port()), folder=tmp_path, **exposed)
    assert found.returncode == 1
    assert "whose demo account everybody knows, listens on 0.0.0.0" in found.stdout
    assert "this version's schema" in found.stdout
    assert "sandbox does not answer" in found.stdout


def test_the_doctor_finds_a_running_program_in_order(server: Server) -> None:
    port = server.sandbox.origin.rsplit(":", 1)[1]
    found = lastlink("doctor", "--sandbox-port", port, folder=server.data_dir)
    assert (found.returncode, found.stdout.strip()) == (0, "✓ Everything is in order.")


def test_the_export_is_the_file_of_the_page(server: Server, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    file = tmp_path / "run" / "all.csv"
    told = lastlink(
        *("export", "--creator", "@anademo", "--status", "canceled", "--output", str(file)),
        folder=server.data_dir,
    )
    assert told.returncode == 0, told.stderr
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert f"Wrote {len(lines) - 1} subscribers to {file}." in told.stderr
    assert len(lines) > 10
    assert all(";Cancelado;" in line for line in lines[1:])
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["--creator", "ninguem"], "nobody here is called 'ninguem'"),
        (["--creator", "anademo", "--status", "gone"], "--status 'gone' means nothing here"),
        (["--creator", "anademo", "--from", "yesterday"], "--from 'yesterday' means nothing here"),
        (["--creator", "anademo", "--output", "/proc/no/such.csv"], "/proc/no/such.csv cannot be written"),
    ],
)
def test_an_export_that_cannot_be_made_says_why(server: Server, typed: list[str], sentence: str) -> None:
    refused = lastlink("export", *typed, folder=server.data_dir)
    assert (refused.returncode, sentence in refused.stderr) == (2, True), refused.stderr
    assert "Traceback" not in refused.stderr
