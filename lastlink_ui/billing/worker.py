"""The durable worker: operations, what has run out, lost news and mails, in one process at a time."""

import asyncio
import contextlib
import fcntl
from pathlib import Path
from typing import IO
from uuid import UUID

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID

from lastlink_ui.billing.catalogue import Catalogue
from lastlink_ui.billing.operations import OperationRunner
from lastlink_ui.billing.postman import Postman
from lastlink_ui.billing.reconcile import Reconciler
from lastlink_ui.core.ids import OperationId
from lastlink_ui.subscribers.expiry import Expiry

_SWEEP_SECONDS = 10
_RECONCILE_SECONDS = 600
_DELIVER_SECONDS = 1
_CATALOGUE_SECONDS = 5
_LOCK_RETRY_SECONDS = 2
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0
# Pinned, so that work begun before an upgrade is taken up after it.
_APPLICATION_VERSION = "1"

log = structlog.get_logger()


class Worker:
    """Launches the durable queue where it holds the exclusive lock, and sweeps up what nobody enqueued.

    Two processes that both launched it would carry one step out twice, hence the lock.
    """

    def __init__(
        self,
        runner: OperationRunner,
        expiry: Expiry,
        reconciler: Reconciler,
        postman: Postman,
        catalogue: Catalogue,
        queue_database: str,
        lock_file: Path,
    ) -> None:
        self._runner = runner
        self._expiry = expiry
        self._reconciler = reconciler
        self._postman = postman
        self._catalogue = catalogue
        self._queue_database = queue_database
        self._lock_file = lock_file
        self._lock: IO[str] | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_working = False

    async def start(self) -> None:
        """Work in the background, as soon as no other process does."""
        self._task = asyncio.create_task(self._work())

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
        with SetWorkflowID(str(operation_id)):
            await DBOS.start_workflow_async(_carry_out, str(operation_id))

    async def _work(self) -> None:
        while not self._take_lock():  # noqa: ASYNC110 - no event tells that another process has ended
            await asyncio.sleep(_LOCK_RETRY_SECONDS)
        self._launch()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._sweep())
            tasks.create_task(self._reconcile())
            tasks.create_task(self._deliver())
            tasks.create_task(self._keep_catalogue())

    async def _sweep(self) -> None:
        while True:
            try:
                for operation_id in await self._runner.unfinished():
                    await self.enqueue(operation_id)
                await self._expiry.act()
            except Exception:
                log.exception("sweep_failed")  # the next one tries again
            await asyncio.sleep(_SWEEP_SECONDS)

    async def _deliver(self) -> None:
        while True:
            try:
                await self._postman.deliver()
            except Exception:
                log.exception("delivery_failed")  # the next one tries again
            await asyncio.sleep(_DELIVER_SECONDS)

    async def _keep_catalogue(self) -> None:
        while True:
            try:
                await self._catalogue.keep()
            except Exception:
                log.exception("catalogue_failed")  # the next one tries again
            await asyncio.sleep(_CATALOGUE_SECONDS)

    async def _reconcile(self) -> None:
        """Whatever news were lost while nobody listened: at the start, and every ten minutes."""
        while True:
            try:
                for operation_id, code in await self._runner.overdue():
                    # For whoever watches the log: it is still being tried, and somebody should look why.
                    log.error("operation_overdue", operation_id=str(operation_id), last_error=code)
                report = await self._reconciler.run()
                for repair in report.repairs:
                    log.warning("repaired", subscription_id=repair.subscription_id, status=repair.after.value)
                for failure in report.failures:
                    log.error("not_repaired", what=failure)
            except Exception:
                log.exception("reconciliation_failed")  # the next one tries again
            await asyncio.sleep(_RECONCILE_SECONDS)

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
