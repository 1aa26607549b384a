"""Child processes of the program: started, waited for, and never left behind."""

import ctypes
import multiprocessing
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import ParamSpec

import httpx
import typer

from lastlink_ui.commands.console import CommandError, sentences
from lastlink_ui.settings import Settings

_PR_SET_PDEATHSIG = 1
_START_SECONDS = 60
_STOP_SECONDS = 5
_INTERRUPTED = 130

P = ParamSpec("P")


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
        wait_for_sandbox(self.address, lambda: self.process.poll() is None)


def wait_for_sandbox(address: str, is_starting: Callable[[], bool] = lambda: True) -> None:
    """Return once it answers. Raises: CommandError where it does not start."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and is_starting():
        if answers(f"{address}/healthz"):
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


@contextmanager
def in_own_process(work: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> Generator[None]:
    """Have work done beside the block by a process of its own; it is done at the block's end.

    Nothing of it stays loaded here. Raises: SystemExit, with that process's code, where the work failed and
    has said why.
    """
    process = multiprocessing.get_context("spawn").Process(target=_alone, args=(work, args, kwargs))
    process.start()
    try:
        yield
    except BaseException:
        process.terminate()
        raise
    finally:
        process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def _alone(work: Callable[..., None], args: Sequence[object], kwargs: Mapping[str, object]) -> None:
    die_with_parent()
    try:
        with sentences():
            work(*args, **kwargs)
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


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
