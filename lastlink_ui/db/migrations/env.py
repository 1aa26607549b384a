"""How Alembic reaches the database and, where it compares, the tables' description."""

from importlib import import_module
from typing import Literal

from alembic import context
from sqlalchemy import create_engine, event, pool

from lastlink_ui.db.base import is_described, metadata
from lastlink_ui.db.migrate import synchronous

config = context.config
# Named in pyproject.toml: this package knows no domain. Running migrations needs none of them.
for name in config.get_alembic_option("models", "").split():
    import_module(name)


def url() -> str:
    """What the program asked for; else, for developers' commands, `-x url=…` or an empty SQLite file."""
    asked: str | None = config.attributes.get("url")
    return synchronous(
        asked or context.get_x_argument(as_dictionary=True).get("url", "sqlite:///data/alembic.sqlite")
    )


def render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our column types and SQLModel's text by their short names."""
    if kind == "type" and type(item).__module__ == "lastlink_ui.db.types":
        return f"{type(item).__name__}()"
    if kind == "type" and type(item).__name__ in {"AutoString", "Enum"}:
        length = getattr(item, "length", None)
        return f"sa.String({length})" if length else "sa.String()"
    return False


engine = create_engine(url(), poolclass=pool.NullPool)

if engine.dialect.name == "sqlite":
    # One transaction for the whole migration: the driver would commit before each change of a table.
    @event.listens_for(engine, "connect")
    def _manual(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def _begin(connection: object) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]


with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render,
        compare_type=True,
        include_object=is_described,
    )
    with context.begin_transaction():
        context.run_migrations()
