"""Since when the e-mail of a creator's account is proved."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from lastlink_ui.db.types import UtcDateTime

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.add_column("creators", sa.Column("email_confirmed_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("creators", "email_confirmed_at")
