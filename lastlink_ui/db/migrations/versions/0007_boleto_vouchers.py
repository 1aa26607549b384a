"""Vouchers on payments, and fans found by tax id."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KNOWN = sa.text("tax_id IS NOT NULL")


def upgrade() -> None:
    """Apply."""
    op.add_column("payments", sa.Column("voucher_line", sa.String(60), nullable=True))
    op.add_column("payments", sa.Column("voucher_url", sa.String(500), nullable=True))
    op.create_index(
        "ix_fans_tax_id",
        "fans",
        ["creator_id", "tax_id"],
        unique=False,
        sqlite_where=_KNOWN,
        postgresql_where=_KNOWN,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_fans_tax_id", table_name="fans")
    op.drop_column("payments", "voucher_url")
    op.drop_column("payments", "voucher_line")
