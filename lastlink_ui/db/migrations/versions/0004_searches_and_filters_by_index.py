"""Searches have an index of three letters in a row; each kind of subscription has its rows in order."""

# ruff: noqa: S608 - every name in the statements is our own

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Spaces twice and an empty line before each part, as subscribers/search.py says why.
_SPREAD = (
    "char(10) || char(10) || replace(replace({row}.search_text, ' ', '  '), char(10), char(10) || char(10))"
)
_ADD = f"INSERT INTO fans_search (rowid, text) VALUES (new.rowid, {_SPREAD.format(row='new')});"
_REMOVE = (
    "INSERT INTO fans_search (fans_search, rowid, text)"
    f" VALUES ('delete', old.rowid, {_SPREAD.format(row='old')});"
)
_TRIGGERS = {
    "fans_search_insert": f"AFTER INSERT ON fans BEGIN {_ADD} END",
    "fans_search_delete": f"AFTER DELETE ON fans BEGIN {_REMOVE} END",
    "fans_search_update": f"AFTER UPDATE OF search_text ON fans BEGIN {_REMOVE} {_ADD} END",
}
_KIND = ["plan_id", "status", "method", "in_list"]
_NEW = {
    "ix_subscriptions_kind_started_at": [*_KIND, "started_at", "id"],
    "ix_subscriptions_kind_access_until": [*_KIND, "access_until", "id"],
    "ix_subscriptions_kind_amount": [*_KIND, "amount", "id"],
}
_OLD = [
    ["creator_id", "access_until", "id"],
    ["creator_id", "amount", "id"],
    ["creator_id", "plan_id", "started_at", "id"],
    ["creator_id", "status", "started_at", "id"],
]


def upgrade() -> None:
    """Apply."""
    for columns in _OLD:
        op.drop_index(op.f(f"ix_subscriptions_{'_'.join(columns)}"), table_name="subscriptions")
    for name, columns in _NEW.items():
        op.create_index(name, "subscriptions", columns)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute("CREATE INDEX ix_fans_search_text ON fans USING gin (search_text gin_trgm_ops)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE fans_search"
        " USING fts5(text, content='', tokenize='trigram', detail='none', columnsize=0)"
    )
    op.execute(f"INSERT INTO fans_search (rowid, text) SELECT rowid, {_SPREAD.format(row='fans')} FROM fans")
    for name, what in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {what}")


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_fans_search_text")
    else:
        for name in _TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE fans_search")
    for name in _NEW:
        op.drop_index(name, table_name="subscriptions")
    for columns in _OLD:
        op.create_index(op.f(f"ix_subscriptions_{'_'.join(columns)}"), "subscriptions", columns)
