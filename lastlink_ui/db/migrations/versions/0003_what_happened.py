"""What happened to each subscription, and how often a payment was tried."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from lastlink_ui.db.types import Id, UtcDateTime

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "subscription_changes",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("subscription_id", Id(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("actor_kind", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=True),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["creators.id"], name=op.f("fk_subscription_changes_creator_id")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_subscription_changes_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_changes")),
    )
    op.create_index(
        op.f("ix_subscription_changes_subscription_id"), "subscription_changes", ["subscription_id"]
    )
    op.add_column("payments", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Take back."""
    op.drop_column("payments", "attempts")
    op.drop_index(op.f("ix_subscription_changes_subscription_id"), "subscription_changes")
    op.drop_table("subscription_changes")
