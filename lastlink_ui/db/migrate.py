"""Brings a database to the schema that this version of the program expects."""

from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool


def synchronous(url: str) -> str:
    """The same database's URL with a driver that needs no event loop."""
    return url.replace("sqlite+aiosqlite:", "sqlite:", 1)


def upgrade(url: str, revision: str = "head") -> None:
    """Run the migrations up to `revision`; blocks, so call it before the event loop or in a thread."""
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Run the migrations down to `revision` (`base` empties the database)."""
    command.downgrade(_config(url), revision)


def is_current(url: str) -> bool:
    """Whether the database has exactly the schema of this version."""
    engine = create_engine(synchronous(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config(url)).get_current_head()


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("lastlink_ui.db") / "migrations"))
    config.attributes["url"] = url
    return config
