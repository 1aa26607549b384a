"""Links that serve once: invitations and forgotten passwords."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from lastlink_ui.db.types import Id, UtcDateTime

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "one_time_links",
        sa.Column("id", Id(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("creator_id", Id(), nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_one_time_links_creator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
    )
    op.create_index(op.f("ix_one_time_links_creator_id"), "one_time_links", ["creator_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_one_time_links_creator_id"), "one_time_links")
    op.drop_table("one_time_links")
