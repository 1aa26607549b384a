"""How far the provider was read, when payment pages are asked about, and money that is on its way back."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from lastlink_ui.db.types import UtcDateTime

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOVING = sa.text("refund_status = 'pending' OR dispute_status = 'open'")
_LOOKED_AT = sa.text("look_at IS NOT NULL")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "provider_readings",
        sa.Column("account", sa.String(36), nullable=False),
        sa.Column("events_until", UtcDateTime(), nullable=True),
        sa.Column("subscriptions_after", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_provider_readings")),
    )
    op.add_column("checkouts", sa.Column("look_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_checkouts_look_at",
        "checkouts",
        ["look_at"],
        sqlite_where=_LOOKED_AT,
        postgresql_where=_LOOKED_AT,
    )
    op.create_index("ix_payments_moving", "payments", ["id"], sqlite_where=_MOVING, postgresql_where=_MOVING)


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_payments_moving", table_name="payments")
    op.drop_index("ix_checkouts_look_at", table_name="checkouts")
    op.drop_column("checkouts", "look_at")
    op.drop_table("provider_readings")
