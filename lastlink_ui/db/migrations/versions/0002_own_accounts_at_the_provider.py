"""Creators have accounts of their own at the provider, and events belong to one of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from lastlink_ui.db.types import Id, UtcDateTime

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "provider_accounts",
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("api_key", sa.String(1000), nullable=True),
        sa.Column("fingerprint", sa.String(64), nullable=True),
        sa.Column("key_hint", sa.String(40), nullable=False),
        sa.Column("webhook_secret", sa.String(1000), nullable=True),
        sa.Column("former_webhook_secret", sa.String(1000), nullable=True),
        sa.Column("former_until", UtcDateTime(), nullable=True),
        sa.Column("accepts_card", sa.Boolean(), nullable=False),
        sa.Column("accepts_boleto", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["creators.id"], name=op.f("fk_provider_accounts_creator_id")
        ),
        sa.PrimaryKeyConstraint("creator_id", name=op.f("pk_provider_accounts")),
    )
    op.create_index(
        op.f("ix_provider_accounts_fingerprint"), "provider_accounts", ["fingerprint"], unique=False
    )
    with op.batch_alter_table("inbox") as inbox:
        inbox.add_column(sa.Column("account", sa.String(36), nullable=False, server_default=""))
        inbox.drop_constraint(op.f("uq_inbox_provider_event_id"), type_="unique")
        inbox.create_unique_constraint(
            op.f("uq_inbox_account_provider_event_id"), ["account", "provider_event_id"]
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("inbox") as inbox:
        inbox.drop_constraint(op.f("uq_inbox_account_provider_event_id"), type_="unique")
        inbox.create_unique_constraint(op.f("uq_inbox_provider_event_id"), ["provider_event_id"])
        inbox.drop_column("account")
    op.drop_index(op.f("ix_provider_accounts_fingerprint"), table_name="provider_accounts")
    op.drop_table("provider_accounts")
