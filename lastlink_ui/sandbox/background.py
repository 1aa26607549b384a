"""The two loops beside the requests: run the jobs that are due, deliver the webhooks that wait."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Awaitable, Callable

from . import jobs
from .books import Books
from .clock import Clock
from .database import Database
from .events import KEPT_FOR
from .store import Store
from .webhooks import Courier

_LONGEST_NAP = 1.0  # seconds; a job planned by a moved clock is noticed this fast
_log = logging.getLogger(__name__)


class Background:
    """Starts and stops the loops."""

    def __init__(self, database: Database, clock: Clock, origin: str) -> None:
        self._database, self._clock, self._origin = database, clock, origin
        self._work_came = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.courier = Courier(database)

    def nudge(self) -> None:
        """Look for work now."""
        self._work_came.set()
        self.courier.nudge()

    async def start(self) -> None:
        """Begin; what an earlier process left undone is done now."""
        await self._database.run(self._forget_old_events)
        self._tasks = [
            asyncio.create_task(_forever(self._run_jobs), name="sandbox-jobs"),
            asyncio.create_task(_forever(self.courier.deliver), name="sandbox-courier"),
        ]

    async def stop(self) -> None:
        """End; nothing is lost, since everything waits in the file."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.courier.close()

    async def _run_jobs(self) -> None:
        self._work_came.clear()
        while await self._database.run(self._run_next_job):
            self.courier.nudge()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._work_came.wait(), _LONGEST_NAP)

    def _run_next_job(self, store: Store) -> bool:
        books = Books(store, self._clock, self._origin)
        return jobs.run_due(books)

    def _forget_old_events(self, store: Store) -> None:
        oldest = Books(store, self._clock, self._origin).now - KEPT_FOR
        store.connection.execute("DELETE FROM objects WHERE kind = 'event' AND created < ?", (oldest,))


async def _forever(step: Callable[[], Awaitable[None]]) -> None:
    """Repeat a step; a step that fails is reported and tried again after a nap."""
    while True:
        try:
            await step()
        except (sqlite3.Error, KeyError, ValueError, RuntimeError):
            _log.exception("The sandbox's background work failed and will be tried again")
            await asyncio.sleep(_LONGEST_NAP)
