"""Indexes that hold all that a search asks of the rows it passes over."""

from collections.abc import Mapping, Sequence

from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLE = "subscriptions"
_KIND = ("plan_id", "status", "method", "in_list")
_Indexes = Mapping[str, Sequence[str]]
_BEFORE: _Indexes = {
    "ix_subscriptions_creator_id_started_at_id": ("creator_id", "started_at", "id"),
    "ix_subscriptions_kind_started_at": (*_KIND, "started_at", "id"),
    "ix_subscriptions_fan_id": ("fan_id",),
}
_AFTER: _Indexes = {
    "ix_subscriptions_started_at": ("creator_id", "started_at", "id", "fan_id"),
    "ix_subscriptions_kind_started_at": (*_KIND, "started_at", "id", "fan_id", "creator_id"),
    "ix_subscriptions_fan": ("fan_id", "creator_id", *_KIND, "started_at", "id"),
}


def upgrade() -> None:
    """Apply."""
    _replace(_BEFORE, _AFTER)


def downgrade() -> None:
    """Take back."""
    _replace(_AFTER, _BEFORE)


def _replace(old: _Indexes, new: _Indexes) -> None:
    for name in old:
        op.drop_index(name, table_name=_TABLE)
    for name, columns in new.items():
        op.create_index(name, _TABLE, list(columns))
