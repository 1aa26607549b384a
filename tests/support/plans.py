"""How a database carries a query out, and rows enough for that to matter."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, event, func, insert, literal_column, select, text

from lastlink_ui.db import Database
from lastlink_ui.db.base import Table

NOTHING: Mapping[str, Any] = {}
NUMBER = cast(literal_column("many.n"), String)
"""Another for each copy."""
_NUMBERS = {
    True: "(WITH RECURSIVE m(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM m LIMIT {}) SELECT n FROM m)",
    False: "(SELECT generate_series(1, {}) AS n)",
}


async def plan_of(
    database: Database,
    query: Select[*tuple[Any, ...]],
    values: Mapping[str, Any] = NOTHING,
    *,
    is_small: bool = False,
) -> str:
    """How the database carries the query out, with the values that it is asked with.

    Small tables are read as a whole, and rightly: `is_small` asks whether there is another way at all.
    """
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:  # noqa: ANN401
        asked.append((statement, parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    async with database.engine.connect() as connection:
        if is_small and not database.is_sqlite:
            await connection.exec_driver_sql("SET enable_seqscan = off")
        await connection.execute(query, values)
        event.remove(engine, "before_cursor_execute", note)
        statement, parameters = asked[-1]
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        rows = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
        return "\n".join(str(row[-1]) for row in rows)


async def multiply(database: Database, table: type[Table], by: int, **instead: ColumnElement[Any]) -> None:
    """Copies each row so many times, with `instead` in what must differ, and lets the planner count them."""
    rows = Table.metadata.tables[str(table.__tablename__)]
    new_id: ColumnElement[Any] = (
        literal_column("randomblob(16)") if database.is_sqlite else func.gen_random_uuid()
    )
    values = {**rows.c, "id": new_id, **instead}
    many = text(_NUMBERS[database.is_sqlite].format(by)).columns(literal_column("n")).subquery("many")
    copies = select(*values.values()).select_from(rows.join(many, text("true")))
    async with database.unit_of_work() as uow:
        await uow.session.execute(insert(rows).from_select([*values], copies))
        await uow.session.execute(text(f"ANALYZE {rows.name}"))
