"""Which rows wait for the result of a requested change."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, column, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from lastlink_ui.core.ids import CreatorId, SubscriptionId
from lastlink_ui.db.among import among
from lastlink_ui.db.types import Id
from lastlink_ui.subscribers.rows import UnderWay

# Billing owns this table and stands on this package, so that its model cannot be imported here.
_operations = table(
    "operations",
    column("creator_id", Id()),
    column("subscription_id", Id()),
    column("kind", String()),
    column("status", String()),
)
_KINDS = {kind.value: kind for kind in UnderWay}


async def under_way(
    connection: AsyncConnection, creator: CreatorId, subscriptions: Iterable[SubscriptionId]
) -> dict[SubscriptionId, frozenset[UnderWay]]:
    """For each of the creator's `subscriptions` that waits for something: what."""
    query = _waiting(is_sqlite=connection.dialect.name == "sqlite")
    rows = await connection.execute(query, {"creator": creator, "ids": list(subscriptions)})
    found: defaultdict[SubscriptionId, set[UnderWay]] = defaultdict(set)
    for subscription, kind in rows:
        if kind in _KINDS:
            found[subscription].add(_KINDS[kind])
    return {subscription: frozenset(kinds) for subscription, kinds in found.items()}


@cache
def _waiting(*, is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    return select(_operations.c.subscription_id, _operations.c.kind).where(
        _operations.c.creator_id == bindparam("creator"),
        among(_operations.c.subscription_id, "ids", is_sqlite=is_sqlite),
        _operations.c.status == "requested",
    )
