"""Real processes for tests: started on free ports, waited for, stopped by their own id."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from tests.support.plain_http import as_found


class DidNotStart(Exception):
    """The process ended, or did not answer in time; the text ends with what it said."""


def free_port() -> int:
    """A TCP port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(check: Callable[[], bool], *, seconds: float = 10, what: str = "the condition") -> None:
    """Return as soon as `check` holds; fail when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, f"{what} did not come true within {seconds} s"
        time.sleep(0.02)


def answers(url: str) -> bool:
    """Whether a GET of `url` succeeds now."""
    try:
        return httpx.get(url, timeout=1).is_success
    except httpx.HTTPError:
        return False


@contextmanager
def running(
    command: Sequence[str],
    *,
    until: str,
    log: Path,
    env: Mapping[str, str] | None = None,
    seconds: float = 120,
) -> Generator[subprocess.Popen[bytes]]:
    """The process, from when `until` (an address) answers to the end of the block.

    It ends as processes do when the power goes: what it kept is the test's own, and being stopped politely
    is tested where it matters.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={**as_found(), **(env or {})}, start_new_session=True
        )
    try:
        deadline = time.monotonic() + seconds
        while not answers(until):
            if process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(f"{' '.join(command)}\n{log.read_text()[-4000:]}")
            time.sleep(0.05)
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and those it started, at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
