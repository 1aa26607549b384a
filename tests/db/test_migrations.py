"""The migrations go up and down on both databases, and lead to what the models say."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, pool

from lastlink_ui.accounts import models as accounts
from lastlink_ui.billing import models as billing
from lastlink_ui.db import migrate
from lastlink_ui.db.base import is_described, metadata
from lastlink_ui.fan_page import models as fan_page
from lastlink_ui.plans import models as plans
from lastlink_ui.subscribers import models as subscribers
from tests.support.postgres import Postgres

# Importing each adds its tables to the metadata.
PACKAGES = (accounts, billing, fan_page, plans, subscribers)


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> str:
    if database_kind == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        return server.new_database(migrated=False)
    return f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}"


def _engine(url: str) -> Engine:
    return create_engine(migrate.synchronous(url), poolclass=pool.NullPool)


def _tables(url: str) -> set[str]:
    found = set(inspect(_engine(url)).get_table_names()) - {"alembic_version"}
    return {name for name in found if not name.startswith("fans_search")}


def test_up_leads_to_the_models_and_down_to_nothing(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    assert migrate.is_current(empty_url)
    with _engine(empty_url).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_described}
        )
        assert compare_metadata(context, metadata) == []
    migrate.downgrade(empty_url, "base")
    assert _tables(empty_url) == set()
    migrate.upgrade(empty_url)
    assert _tables(empty_url) == set(metadata.tables)
    assert len(metadata.tables) > len(PACKAGES)


def test_an_empty_database_is_not_current(empty_url: str) -> None:
    assert not migrate.is_current(empty_url)
