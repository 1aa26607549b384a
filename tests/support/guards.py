"""Takes off what the database itself holds a table by, to show that nothing else does."""

from sqlalchemy import text

from lastlink_ui.db import Database


async def unguard(database: Database, table: str) -> None:
    """Drop every trigger of `table`."""
    is_sqlite = database.is_sqlite
    there = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"
        if is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:name AS regclass) AND NOT tgisinternal"
    )
    async with database.unit_of_work() as uow:
        triggers = (await uow.session.scalars(text(there), {"name": table})).all()
        assert triggers
        for trigger in triggers:
            await uow.session.execute(text(f"DROP TRIGGER {trigger}" + ("" if is_sqlite else f" ON {table}")))
