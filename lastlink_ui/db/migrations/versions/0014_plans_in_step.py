"""Benefits and drafts of plans, when the provider's catalogue is due, and shapes of former addresses."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from lastlink_ui.core.handles import shape
from lastlink_ui.db.types import Id, UtcDateTime

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_DUE = "catalogue_due_at IS NOT NULL"


def upgrade() -> None:
    """Apply. What was changed before this was written down may never have reached the provider."""
    op.add_column("plans", sa.Column("benefits", sa.Text(), nullable=False, server_default=""))
    op.add_column("plans", sa.Column("catalogue_due_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE plans SET catalogue_due_at = created_at")
    op.create_index(
        "ix_plans_catalogue_due_at",
        "plans",
        ["catalogue_due_at"],
        sqlite_where=sa.text(_DUE),
        postgresql_where=sa.text(_DUE),
    )
    op.create_table(
        "plan_drafts",
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("plan", sa.String(36), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["creators.id"], name=op.f("fk_plan_drafts_creator_id_creators")
        ),
        sa.PrimaryKeyConstraint("creator_id", "plan", name=op.f("pk_plan_drafts")),
    )

    op.add_column(
        "former_handles", sa.Column("handle_shape", sa.String(30), nullable=False, server_default="")
    )
    former = sa.table(
        "former_handles", sa.column("handle", sa.String()), sa.column("handle_shape", sa.String())
    )
    database = op.get_bind()
    for (handle,) in database.execute(sa.select(former.c.handle)).all():
        database.execute(former.update().where(former.c.handle == handle).values(handle_shape=shape(handle)))
    op.create_index("ix_former_handles_handle_shape", "former_handles", ["handle_shape"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_former_handles_handle_shape", table_name="former_handles")
    op.drop_column("former_handles", "handle_shape")
    op.drop_table("plan_drafts")
    op.drop_index("ix_plans_catalogue_due_at", table_name="plans")
    op.drop_column("plans", "catalogue_due_at")
    op.drop_column("plans", "benefits")
