"""Looks into the tables, for what no screen shows."""

from typing import TypeVar

from sqlalchemy import func, select

from lastlink_ui.db import Database
from lastlink_ui.db.base import Table

Row = TypeVar("Row", bound=Table)


async def rows(database: Database, table: type[Row]) -> list[Row]:
    """Every row, in the order in which they were made."""
    async with database.reading() as session:
        found = await session.scalars(select(table))
        return sorted(found, key=lambda row: str(getattr(row, "id", "")))


async def count(database: Database, table: type[Table]) -> int:
    """How many rows there are."""
    async with database.reading() as session:
        return (await session.scalar(select(func.count()).select_from(table))) or 0
