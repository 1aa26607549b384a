"""The program with one guard switched off, for negative controls: `LASTLINK_TEST_GUARD_OFF` names it.

Also imported by the server's worker process, since that starts from this file again.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lastlink_ui.billing import duplicates
from lastlink_ui.billing.arrivals import Arrivals, key_of
from lastlink_ui.billing.gateway import ProviderEvent
from lastlink_ui.billing.models import Operation, ProviderCall
from lastlink_ui.billing.operations import OperationRunner
from lastlink_ui.billing.reconcile import Progress, Reconciler, Report
from lastlink_ui.core.ids import new_id
from lastlink_ui.db import UnitOfWork
from lastlink_ui.subscribers.models import Subscription


async def a_new_key_each_time(
    self: OperationRunner,  # noqa: ARG001
    operation: Operation,
    step: str,
    parameters: Mapping[str, Any],
) -> ProviderCall:
    return ProviderCall(
        operation_id=operation.id,
        step=step,
        idempotency_key=f"{new_id()}:{step}",
        parameters=dict(parameters),
        started_at=operation.requested_at,
    )


async def reads_nothing(
    self: Reconciler,  # noqa: ARG001
    *,
    whole: bool = False,  # noqa: ARG001
    progress: Progress | None = None,  # noqa: ARG001
) -> Report:
    return Report()


async def lets_both_live(uow: UnitOfWork, paid_now: Subscription, now: datetime) -> None:
    """A second live subscription is nobody's business."""


_write = Arrivals._write  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


async def answers_before_it_is_written(
    self: Arrivals, events: Sequence[ProviderEvent]
) -> dict[tuple[str, str], bool]:
    writing = asyncio.create_task(_write(self, events))
    writing.add_done_callback(lambda task: task.exception())
    return {key_of(event): True for event in events}


GUARDS: dict[str, tuple[Any, str, Any]] = {
    "persisted_keys": (OperationRunner, "_written_down", a_new_key_each_time),
    "reconciliation": (Reconciler, "run", reads_nothing),
    "one_live_subscription": (duplicates, "end_if_one_is_live", lets_both_live),
}
"""Where each guard stands, and what stands there when it is off."""

if guard := os.environ.get("LASTLINK_TEST_GUARD_OFF"):
    setattr(*GUARDS[guard])

if __name__ == "__main__":
    from lastlink_ui.cli import main

    main()
