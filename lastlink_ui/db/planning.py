"""What PostgreSQL's planner is told for one transaction; SQLite needs to be told nothing of it."""

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

# A plan that sorts or hashes a million rows gives its first one late.
_LATE_PLANS = ("enable_sort", "enable_hashjoin", "enable_mergejoin")
_SET = select(func.set_config(bindparam("name"), bindparam("value"), True))  # noqa: FBT003 - for this transaction


async def in_found_order(connection: AsyncConnection, *, only: bool = True) -> None:
    """Have rows come as an index gives them, the first at once.

    `only` is False where from now on any other order of work will do as well.
    """
    for plan in _LATE_PLANS:
        await _set(connection, plan, "off" if only else "on")


async def for_these_values(connection: AsyncConnection) -> None:
    """Have each statement planned for its values: how a text is best looked for depends on it."""
    await _set(connection, "plan_cache_mode", "force_custom_plan")


async def _set(connection: AsyncConnection, name: str, value: str) -> None:
    if connection.dialect.name != "sqlite":
        await connection.execute(_SET, {"name": name, "value": value})
