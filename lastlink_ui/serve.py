"""Runs the app on one port: builds the frontend if its sources changed, then serves under granian."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from lastlink_ui.api.origins import Address
from lastlink_ui.frontend import reflex_env
from lastlink_ui.frontend.build import BuildStep, ensure_frontend
from lastlink_ui.frontend.release import RELEASE_VARIABLE
from lastlink_ui.frontend.sources import ROOT
from lastlink_ui.settings import settings

_TARGET = "lastlink_ui.serve:create_asgi"
# For requests and events under way when the server is told to stop.
_GRACE_SECONDS = 5
_PR_SET_PDEATHSIG = 1


def run_app(
    host: str,
    port: int,
    *,
    public_origin: str | None = None,
    progress: Callable[[BuildStep], None] = lambda _step: None,
) -> None:
    """Serve until SIGINT or SIGTERM; returns then, and exits with 1 when the app could not start.

    `public_origin`: how browsers reach the app when it is not by this machine's port, for instance
    `https://exemplo.com.br`. Changes the working directory to the project's, where Reflex looks for
    its configuration.

    Raises: BuildFailed; ValueError for a `public_origin` that is none.
    """
    origins = Address(port, public_origin).origins
    release = ensure_frontend(progress)
    redis_url = settings().redis_url.get_secret_value()
    os.environ.update(reflex_env.for_serving(release.folder, origins, redis_url))
    os.environ.update(
        {
            RELEASE_VARIABLE: str(release.folder),
            "LASTLINK_HOST": host,
            "LASTLINK_PORT": str(port),
            "LASTLINK_ORIGIN": public_origin or "",
            # Before the working directory changes under it.
            "LASTLINK_DATA_DIR": str(settings().data_dir.resolve()),
        }
    )
    os.chdir(ROOT)
    # A fresh process for the worker: one forked from here would believe in threads (of an executor that
    # hashed a password, say) that only this process has, and wait for them for ever.
    multiprocessing.set_start_method("spawn", force=True)
    _Server(
        target=_TARGET,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=settings().processes,
        workers_kill_timeout=_GRACE_SECONDS,
        log_level=LogLevels.warning,
    ).serve()


class _Server(MPServer):
    """granian's, which also stops when it is told to several times at once.

    Ctrl-C reaches a whole group of processes, and one of them passes it on to the next: two signals come
    close together. granian sets an Event in its handler; a second signal that interrupts the first while
    that holds the Event's lock waited for it for ever.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - granian's own
        super().__init__(**options)
        # Made for signal handlers: its `put` may interrupt itself.
        self._told: SimpleQueue[None] = SimpleQueue()
        threading.Thread(target=self._stop_when_told, daemon=True).start()

    def signal_handler_interrupt(self, *_args: object, **_named: object) -> None:
        """Told to stop."""
        self._told.put(None)

    def _stop_when_told(self) -> None:
        self._told.get()
        super().signal_handler_interrupt()  # pyright: ignore[reportUnknownMemberType]


def create_asgi() -> object:
    """The ASGI app, as granian's worker asks for it."""
    _die_with_parent()
    from lastlink_ui.lastlink_ui import create_asgi as create  # noqa: PLC0415 - in the worker alone

    return create()


def _die_with_parent() -> None:
    """A killed supervisor must not leave a worker behind that holds the port and the database."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
