"""Row-level security on PostgreSQL: a transaction for a creator sees that creator's rows alone."""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ROLE = "lastlink_creator"
# Whose rows they are stands in `creator_id`.
_OWN = (
    "audit_log",
    "checkouts",
    "counters",
    "creator_pictures",
    "entitlements",
    "fans",
    "list_tasks",
    "membership_changes",
    "memberships",
    "operations",
    "outbox",
    "payments",
    "plan_drafts",
    "plans",
    "provider_accounts",
    "recovery_codes",
    "second_steps",
    "sessions",
    "subscription_changes",
    "subscriptions",
    "withdrawals",
)
# Which e-mails and handles are taken is asked about everybody's; links are found by their secret.
_SHARED = ("creators", "former_handles", "one_time_links")


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "sqlite":
        return
    _make_role()
    for table in _OWN:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        # Asked once for each query, not for each row. A planner would take a bare comparison with somebody
        # whom it does not know yet for one that leaves next to nothing, and walk a table to begin with it.
        own = "CASE WHEN creator_id = (SELECT current_setting('lastlink.creator')::uuid) THEN true ELSE false END"
        op.execute(f"CREATE POLICY own ON {table} TO {_ROLE} USING ({own}) WITH CHECK ({own})")
    # A condition on letters is not let through to an index of a table with policies. Searches look through
    # this, as the tables' owner, and only ids leave it.
    op.execute("CREATE VIEW fans_searched AS SELECT id, creator_id, search_text FROM fans")
    op.execute(f"GRANT SELECT ON fans_searched TO {_ROLE}")
    tables = ", ".join(_OWN + _SHARED)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {_ROLE}")


def downgrade() -> None:
    """Take back. The role stays: other databases of the server may use it."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute(f"REVOKE ALL ON {', '.join(_OWN + _SHARED)} FROM {_ROLE}")
    op.execute("DROP VIEW fans_searched")
    for table in _OWN:
        op.execute(f"DROP POLICY own ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _make_role() -> None:
    """The role, and that we may act as it; an administrator may have seen to either before."""
    ask = op.get_bind().scalar
    if not ask(text("SELECT count(*) FROM pg_roles WHERE rolname = :role"), {"role": _ROLE}):
        op.execute(f"CREATE ROLE {_ROLE} NOLOGIN")
    if not ask(text("SELECT pg_has_role(current_user, :role, 'MEMBER')"), {"role": _ROLE}):
        op.execute(f"GRANT {_ROLE} TO CURRENT_USER")
