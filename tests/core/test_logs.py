"""Whoever says something in a serving process, no log shows what it may not; and each line can be read."""

import json
import subprocess
import sys

import pytest

CANARY = "fa.canario@exemplo.com.br"
REQUEST = "01935e7a-0000-7000-8000-000000000001"

# As a serving process has it: our own logger, libraries' loggers, what prints, and what nobody caught.
SPEAKERS = f"""
import asyncio, logging, sys, threading, warnings
import structlog
from dbos._logger import init_logger
import granian.log
from lastlink_ui.core import logs
from lastlink_ui.core.requests import resuming

granian.log.configure_logging(granian.log.LogLevels.warning)
if "off" in sys.argv:
    logs.redacted, logs.redacted_fields = str, dict
logs.configure_logs()
init_logger()

with resuming({REQUEST!r}):
    structlog.get_logger("lastlink_ui.test").info("structured", fan={CANARY!r}, took_ms=1.5)
structlog.get_logger("lastlink_ui.test").warning("named", email="quem quer que seja")
for name in ("reflex.state", "_granian", "dbos", "sqlalchemy.pool", "uma.biblioteca"):
    logging.getLogger(name).warning("%s said %s", name, {CANARY!r})
try:
    raise ValueError({CANARY!r})
except ValueError:
    structlog.get_logger("lastlink_ui.test").exception("raised")
    logging.getLogger("reflex").exception("raised too")
warnings.warn({CANARY!r})
print("printed", {CANARY!r})
print("to stderr", {CANARY!r}, file=sys.stderr)

async def forgotten():
    async def fails():
        raise RuntimeError({CANARY!r})
    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await asyncio.sleep(0)

asyncio.run(forgotten())
thread = threading.Thread(target=lambda: 1 / len({CANARY!r}[99:]), name={CANARY!r})
thread.start()
thread.join()
raise SystemError({CANARY!r})
"""


def say(*switches: str) -> str:
    """Everything that such a process writes, to either stream."""
    done = subprocess.run(
        [sys.executable, "-c", SPEAKERS, *switches],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert "SystemError" in done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def said() -> str:
    return say()


def test_nobody_shows_what_no_log_may(said: str) -> None:
    assert CANARY not in said
    assert "quem quer que seja" not in said


def test_without_the_guard_everybody_does() -> None:
    """Otherwise there would be nothing to find."""
    assert say("off").count(CANARY) >= 14


def test_whoever_logs_writes_one_json_object_a_line(said: str) -> None:
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    by_logger = {line["logger"]: line for line in lines}
    names = {"lastlink_ui.test", "reflex.state", "_granian", "dbos", "sqlalchemy.pool", "uma.biblioteca"}
    assert names | {"reflex", "asyncio", "py.warnings"} <= by_logger.keys()
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)


def test_a_line_names_its_request_and_where_it_went_wrong(said: str) -> None:
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    (structured,) = [line for line in lines if line["event"] == "structured"]
    assert structured["request_id"] == REQUEST
    assert structured["took_ms"] == 1.5
    for line in lines:
        if line["event"].startswith("raised"):
            assert "request_id" not in line
            assert "line " in line["exception"]
