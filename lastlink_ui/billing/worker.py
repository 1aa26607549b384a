"""The durable worker: operations, lost news, and what is done again and again, in one process at a time."""

import asyncio
import contextlib
import contextvars
import fcntl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import UUID

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID

from lastlink_ui.billing.operations import OperationRunner
from lastlink_ui.billing.reconcile import Reconciler
from lastlink_ui.core.ids import OperationId

_SWEEP_SECONDS = 10
_RECONCILE_SECONDS = 600
_LOCK_RETRY_SECONDS = 2
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0
# Pinned, so that work begun before an upgrade is taken up after it.
_APPLICATION_VERSION = "1"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that is done at the start and again every so many seconds."""

    name: str
    every_seconds: float
    do: Callable[[], Awaitable[object]]


class Worker:
    """Launches the durable queue where it holds the exclusive lock, and sweeps up what nobody enqueued.

    Two processes that both launched it would carry one step out twice, hence the lock.
    """

    def __init__(
        self,
        runner: OperationRunner,
        reconciler: Reconciler,
        chores: Sequence[Chore],
        queue_database: str,
        lock_file: Path,
    ) -> None:
        """`chores`: what else is done again and again, by this process alone."""
        self._runner = runner
        self._reconciler = reconciler
        self._chores = [
            Chore("sweep", _SWEEP_SECONDS, self._sweep),
            Chore("reconciliation", _RECONCILE_SECONDS, self._reconcile),
            *chores,
        ]
        self._queue_database = queue_database
        self._lock_file = lock_file
        self._lock: IO[str] | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_working = False

    async def start(self) -> None:
        """Work in the background, as soon as no other process does."""
        self._task = asyncio.create_task(self._work())

    def add(self, chore: Chore) -> None:
        """One more, before the start: for what itself hands work to this."""
        self._chores.append(chore)

    async def stop(self) -> None:
        """Finish cleanly; what is unfinished goes on at the next start."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._is_working:
            self._is_working = False
            await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=0)
        if self._lock:
            self._lock.close()

    async def enqueue(self, operation_id: OperationId) -> None:
        """Have the operation carried out now; where the worker is elsewhere, its sweep finds it."""
        if not self._is_working:
            return
        # In a context of its own: the work is not the request's that asked for it.
        await asyncio.create_task(_start(operation_id), context=contextvars.Context())

    async def _work(self) -> None:
        while not self._take_lock():  # noqa: ASYNC110 - no event tells that another process has ended
            await asyncio.sleep(_LOCK_RETRY_SECONDS)
        self._launch()
        async with asyncio.TaskGroup() as tasks:
            for chore in self._chores:
                tasks.create_task(_keep_doing(chore))

    async def _sweep(self) -> None:
        """Whatever was asked for while nobody could be told."""
        for operation_id in await self._runner.unfinished():
            await self.enqueue(operation_id)

    async def _reconcile(self) -> None:
        """Whatever news were lost while nobody listened."""
        for operation_id, code in await self._runner.overdue():
            # For whoever watches the log: it is still being tried, and somebody should look why.
            log.error("operation_overdue", operation_id=str(operation_id), last_error=code)
        report = await self._reconciler.run()
        for repair in report.repairs:
            log.warning("repaired", subscription_id=repair.subscription_id, status=repair.after.value)
        for failure in report.failures:
            log.error("not_repaired", what=failure)

    def _take_lock(self) -> bool:
        """Hold the lock file until the process ends, however it ends."""
        lock = self._lock_file.open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _launch(self) -> None:
        config: DBOSConfig = {
            "name": "lastlink",
            "system_database_url": self._queue_database,
            "application_version": _APPLICATION_VERSION,
            "executor_id": "worker",
            "log_level": "WARNING",
        }
        global _runner  # noqa: PLW0603 - the queue calls module functions, also for work that it recovers
        _runner = self._runner
        DBOS(config=config)
        DBOS.launch()
        self._is_working = True


async def _keep_doing(chore: Chore) -> None:
    while True:
        try:
            await chore.do()
        except Exception:
            log.exception("chore_failed", chore=chore.name)  # the next time tries again
        await asyncio.sleep(chore.every_seconds)


async def _start(operation_id: OperationId) -> None:
    with SetWorkflowID(str(operation_id)):
        await DBOS.start_workflow_async(_carry_out, str(operation_id))


_runner: OperationRunner | None = None


@DBOS.workflow(name="carry_out")
async def _carry_out(operation_id: str) -> None:
    """Try until there is a result, waiting longer each time; the waits survive a restart."""
    wait = _FIRST_WAIT_SECONDS
    while not await _attempt(operation_id):
        await DBOS.sleep_async(wait)
        wait = min(wait * 2, _LONGEST_WAIT_SECONDS)


@DBOS.step(name="attempt")
async def _attempt(operation_id: str) -> bool:
    if _runner is None:
        raise RuntimeError("the worker is not launched")
    try:
        return await _runner.attempt(OperationId(UUID(operation_id)))
    except Exception:
        # A fault of ours must not end the workflow: the operation would never be tried again.
        log.exception("attempt_failed", operation_id=operation_id)
        return False
