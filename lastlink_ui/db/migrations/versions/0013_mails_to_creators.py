"""Mails may go to a creator, about no fan."""

from collections.abc import Sequence

from alembic import op

from lastlink_ui.db.types import Id

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("fan_id", existing_type=Id(), nullable=True)


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM outbox WHERE fan_id IS NULL")
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("fan_id", existing_type=Id(), nullable=False)
