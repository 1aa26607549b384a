"""The plan that a fan chose for the next charge, and the operation that tells the provider."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from lastlink_ui.db.types import Id

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_REFERENCES = {"subscriptions": "next_plan_id", "operations": "plan_id"}


def upgrade() -> None:
    """Apply. The references are written with their columns, so that no table is copied for them."""
    for table, column in _REFERENCES.items():
        name = op.f(f"fk_{table}_{column}_plans")
        reference = sa.Column(column, Id(), sa.ForeignKey("plans.id", name=name), nullable=True)
        op.add_column(table, reference, inline_references=True)
    op.add_column("subscriptions", sa.Column("next_amount", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("subscriptions", "next_amount")
    for table, column in _REFERENCES.items():
        op.drop_column(table, column)
