"""Databases with many subscribers, for tests of what only shows where there are many."""

from lastlink_ui.core.clock import SystemClock
from lastlink_ui.db import migrate
from lastlink_ui.demo import seed
from tests.support.behind import in_database


def seed_into(url: str, subscribers: int) -> None:
    """Make the database, and that many subscribers of the demo creator whom no sandbox knows."""
    migrate.upgrade(url)
    in_database(url, lambda database: seed(database, SystemClock(), None, subscribers=subscribers))
