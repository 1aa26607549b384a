"""How long a creator keeps who somebody was after they left."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.add_column("creators", sa.Column("retention_months", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("creators", "retention_months")
