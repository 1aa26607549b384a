"""Mails to be sent, and the checkout that a subscription came from."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from lastlink_ui.db.types import Id, UtcDateTime

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WAITING = sa.text("done_at IS NULL")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "outbox",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("unique_key", sa.String(128), nullable=False),
        sa.Column("fan_id", Id(), nullable=False),
        sa.Column("subscription_id", Id(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_outbox_creator_id")),
        sa.ForeignKeyConstraint(["fan_id"], ["fans.id"], name=op.f("fk_outbox_fan_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_outbox_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_outbox_unique_key")),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["next_at"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index(op.f("ix_checkouts_subscription_id"), "checkouts", ["subscription_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_checkouts_subscription_id"), table_name="checkouts")
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    op.drop_table("outbox")
