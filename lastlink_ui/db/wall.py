"""The second wall between creators, which PostgreSQL keeps: row-level security.

A transaction for a creator runs as the role `lastlink_creator`, for which each table shows that creator's
rows alone. The role that owns the tables passes by: it works for everybody, as the worker does.
"""

from lastlink_ui.core.owner import seen_owner

ROLE = "lastlink_creator"
OWNER = "lastlink.creator"
"""The transaction's setting that says which creator."""


def wall() -> str:
    """What a transaction begins with, so that it sees what its task may (`core.owner`); "" for everything."""
    if (creator := seen_owner()) is None:
        return ""
    # Both end with the transaction. An id has nothing in it that a text would have to be guarded against.
    return f"SELECT set_config('{OWNER}', '{creator.hex}', true), set_config('role', '{ROLE}', true)"
