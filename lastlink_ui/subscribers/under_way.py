"""Which rows wait for the result of a requested change."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, String, column, table

from lastlink_ui.db.gathered import gathered
from lastlink_ui.db.types import Id
from lastlink_ui.subscribers.rows import UnderWay

# Billing owns this table and stands on this package, so that its model cannot be imported here.
_operations = table(
    "operations",
    column("subscription_id", Id()),
    column("kind", String()),
    column("status", String()),
)
_KINDS = {kind.value: kind for kind in UnderWay}


def requested(subscription: Any, *, is_sqlite: bool) -> ColumnElement[list[list[str]]]:  # noqa: ANN401 - a mapped column
    """A column: what was asked for the row's `subscription` and has no result yet, for `under_way`."""
    return gathered(
        [_operations.c.kind],
        _operations.c.subscription_id == subscription,
        _operations.c.status == "requested",
        is_sqlite=is_sqlite,
    )


def under_way(kinds: Iterable[list[str]]) -> frozenset[UnderWay]:
    """What that column says, as far as the page shows it."""
    return frozenset(_KINDS[kind] for (kind,) in kinds if kind in _KINDS)
