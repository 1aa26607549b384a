"""The second wall between creators, which PostgreSQL keeps: row-level security.

A transaction for a creator runs as the role `lastlink_creator`, for which each table shows that creator's
rows alone. The role that owns the tables passes by: it works for everybody, as the worker does.
"""

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

from lastlink_ui.core.owner import seen_owner

ROLE = "lastlink_creator"
OWNER = "lastlink.creator"
"""The transaction's setting that says which creator."""


def keep_wall(engine: AsyncEngine) -> None:
    """Have each transaction of `engine`, a PostgreSQL's, see what its task may (`core.owner`)."""

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        if (creator := seen_owner()) is not None:
            # Both end with the transaction.
            connection.exec_driver_sql(
                "SELECT set_config(%s, %s, true), set_config('role', %s, true)", (OWNER, str(creator), ROLE)
            )
