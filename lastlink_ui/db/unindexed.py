"""A column that SQLite's planner is to find no rows by."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class unindexed(FunctionElement[Any]):  # noqa: N801 - reads as the function that it is
    """The column so that SQLite uses no index for it; to PostgreSQL it is the column.

    Without statistics SQLite takes any condition for a rare one and walks all that it holds for, where
    something better leads straight to the rows. PostgreSQL has statistics, which are of the bare column:
    anything else it takes for rare, and sorts half a million rows that an index has in order.
    """

    name = "unindexed"
    inherit_cache = True

    def __init__(self, column: Any) -> None:  # noqa: ANN401 - a mapped column
        super().__init__(column)
        self.type = column.type


@compiles(unindexed)
def _bare(element: unindexed, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 # pyright: ignore[reportUnusedFunction]
    (column,) = element.clauses
    return compiler.process(column, **kw)


@compiles(unindexed, "sqlite")
def _wrapped(element: unindexed, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 # pyright: ignore[reportUnusedFunction]
    (column,) = element.clauses
    written = compiler.process(column, **kw)
    return f"coalesce({written}, {written})"
