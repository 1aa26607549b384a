"""Child processes of the program: started, waited for, and never left behind."""

import ctypes
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import httpx

from lastlink_ui.commands.console import CommandError
from lastlink_ui.settings import Settings

_PR_SET_PDEATHSIG = 1
_START_SECONDS = 60
_STOP_SECONDS = 5


def require_free_port(host: str, port: int, option: str) -> None:
    """Raises: CommandError where somebody listens on the port already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"port {port} on {host} cannot be used ({error.strerror}); choose another with {option}"
            ) from error


@dataclass(frozen=True, slots=True)
class StartingSandbox:
    """The sandbox's process, which may not answer yet."""

    address: str
    process: subprocess.Popen[bytes]

    def wait(self) -> None:
        """Return once it answers. Raises: CommandError where it does not start."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if answers(f"{self.address}/healthz"):
                return
            time.sleep(0.05)
        raise CommandError("the sandbox did not start; run `lastlink sandbox` to see why")


@contextmanager
def sandbox(settings: Settings) -> Generator[StartingSandbox]:
    """The sandbox in a process of its own, for as long as the block runs.

    Raises: CommandError where its port is taken.
    """
    require_free_port("127.0.0.1", settings.sandbox_port, "--sandbox-port")
    command = [sys.executable, "-m", "lastlink_ui.sandbox", "--port", str(settings.sandbox_port)]
    command += ["--data-dir", str(settings.data_dir)]
    process = subprocess.Popen(  # noqa: S603 - fixed words
        command,
        stdout=subprocess.DEVNULL,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one call, no threads yet
    )
    try:
        yield StartingSandbox(settings.stripe_api_base, process)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def sandbox_unless_running(settings: Settings) -> Generator[None]:
    """The sandbox for as long as the block runs; the one of a running program where there is one."""
    if not settings.uses_sandbox or answers(f"{settings.stripe_api_base}/healthz"):
        yield
    else:
        with sandbox(settings) as starting:
            starting.wait()
            yield


def die_with_parent() -> None:
    """A killed parent must not leave this process behind, holding its port and its database."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def answers(url: str) -> bool:
    """Whether somebody answers there, and well."""
    try:
        return _client().get(url).is_success
    except httpx.HTTPError:
        return False


@cache
def _client() -> httpx.Client:
    """One for every question: each new one would read all the certificates of the world first."""
    return httpx.Client(timeout=1)
