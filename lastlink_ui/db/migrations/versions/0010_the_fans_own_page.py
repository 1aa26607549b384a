"""The fan's own page: links and sessions, withdrawals, and what deletion leaves behind."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from lastlink_ui.db.types import Id, UtcDateTime

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TO_TRANSFER = sa.text("due_at IS NOT NULL AND done_at IS NULL")


def upgrade() -> None:
    """Apply."""
    op.add_column("fans", sa.Column("transfer_to", sa.String(200), nullable=True))
    op.add_column("fans", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_fans_email"), "fans", ["email"], unique=False)
    op.create_table(
        "fan_links",
        sa.Column("id", Id(), nullable=False),
        sa.Column("fan_id", Id(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["fan_id"], ["fans.id"], name=op.f("fk_fan_links_fan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fan_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_fan_links_token_hash")),
    )
    op.create_index(op.f("ix_fan_links_fan_id"), "fan_links", ["fan_id"], unique=False)
    op.create_table(
        "fan_sessions",
        sa.Column("id", Id(), nullable=False),
        sa.Column("fan_id", Id(), nullable=False),
        sa.Column("email_hash", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["fan_id"], ["fans.id"], name=op.f("fk_fan_sessions_fan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fan_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_fan_sessions_token_hash")),
    )
    op.create_index(op.f("ix_fan_sessions_fan_id"), "fan_sessions", ["fan_id"], unique=False)
    op.create_table(
        "withdrawals",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("fan_id", Id(), nullable=False),
        sa.Column("subscription_id", Id(), nullable=False),
        sa.Column("payment_id", Id(), nullable=False),
        sa.Column("operation_id", Id(), nullable=False),
        sa.Column("protocol", sa.String(16), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_withdrawals_creator_id")),
        sa.ForeignKeyConstraint(["fan_id"], ["fans.id"], name=op.f("fk_withdrawals_fan_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_withdrawals_subscription_id")
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_withdrawals_payment_id")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.id"], name=op.f("fk_withdrawals_operation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
        sa.UniqueConstraint("protocol", name=op.f("uq_withdrawals_protocol")),
        sa.UniqueConstraint("subscription_id", name=op.f("uq_withdrawals_subscription_id")),
    )
    op.create_index(op.f("ix_withdrawals_fan_id"), "withdrawals", ["fan_id"], unique=False)
    op.create_index(
        "ix_withdrawals_to_transfer",
        "withdrawals",
        ["creator_id", "due_at"],
        unique=False,
        sqlite_where=_TO_TRANSFER,
        postgresql_where=_TO_TRANSFER,
    )
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("subscription_id", existing_type=Id(), nullable=True)
        batch.add_column(sa.Column("subject_id", Id(), nullable=True))


def downgrade() -> None:
    """Take back. Mails that are about no subscription go."""
    op.execute("DELETE FROM outbox WHERE subscription_id IS NULL")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("subject_id")
        batch.alter_column("subscription_id", existing_type=Id(), nullable=False)
    op.drop_index("ix_withdrawals_to_transfer", table_name="withdrawals")
    op.drop_index(op.f("ix_withdrawals_fan_id"), table_name="withdrawals")
    op.drop_table("withdrawals")
    op.drop_index(op.f("ix_fan_sessions_fan_id"), table_name="fan_sessions")
    op.drop_table("fan_sessions")
    op.drop_index(op.f("ix_fan_links_fan_id"), table_name="fan_links")
    op.drop_table("fan_links")
    op.drop_index(op.f("ix_fans_email"), table_name="fans")
    op.drop_column("fans", "erased_at")
    op.drop_column("fans", "transfer_to")
