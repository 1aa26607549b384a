"""The program with one guard switched off, for negative controls: `LASTLINK_TEST_GUARD_OFF` names it.

Also imported by the server's worker process, since that starts from this file again.
"""

import os
from collections.abc import Mapping
from typing import Any

from lastlink_ui.billing.models import Operation, ProviderCall
from lastlink_ui.billing.operations import OperationRunner
from lastlink_ui.core.ids import new_id


async def _a_new_key_each_time(
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


if os.environ.get("LASTLINK_TEST_GUARD_OFF") == "persisted_keys":
    OperationRunner._written_down = _a_new_key_each_time  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

if __name__ == "__main__":
    from lastlink_ui.cli import main

    main()
