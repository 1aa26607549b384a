"""The database without any of the domain: engine, unit of work, column types and migrations."""

from lastlink_ui.db.engine import Database
from lastlink_ui.db.unit_of_work import UnitOfWork

__all__ = ["Database", "UnitOfWork"]
