"""Pictures of public pages, the shapes of their addresses, and the addresses they had before."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from lastlink_ui.core.handles import shape
from lastlink_ui.db.types import Id, UtcDateTime

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.add_column("creators", sa.Column("picture", sa.String(32), nullable=False, server_default=""))
    op.add_column("creators", sa.Column("handle_shape", sa.String(30), nullable=False, server_default=""))
    creators = sa.table(
        "creators", sa.column("id", Id()), sa.column("handle"), sa.column("handle_shape", sa.String())
    )
    database = op.get_bind()
    for creator, handle in database.execute(sa.select(creators.c.id, creators.c.handle)).all():
        database.execute(creators.update().where(creators.c.id == creator).values(handle_shape=shape(handle)))
    op.create_index("ix_creators_handle_shape", "creators", ["handle_shape"])
    op.create_table(
        "creator_pictures",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("webp", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["creators.id"], name=op.f("fk_creator_pictures_creator_id_creators")
        ),
        sa.PrimaryKeyConstraint("id", "creator_id", name=op.f("pk_creator_pictures")),
    )
    op.create_index("ix_creator_pictures_creator_id", "creator_pictures", ["creator_id"])
    op.create_table(
        "former_handles",
        sa.Column("handle", sa.String(30), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["creators.id"], name=op.f("fk_former_handles_creator_id_creators")
        ),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_former_handles")),
    )
    op.create_index("ix_former_handles_creator_id", "former_handles", ["creator_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("former_handles")
    op.drop_table("creator_pictures")
    op.drop_index("ix_creators_handle_shape", table_name="creators")
    op.drop_column("creators", "handle_shape")
    op.drop_column("creators", "picture")
