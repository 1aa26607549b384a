"""Rows as lines of a CSV file, formatted by the database and streamed at its pace."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, cast

from psycopg import AsyncConnection
from psycopg.abc import Query
from sqlalchemy import Select, Text, text
from sqlalchemy.ext.asyncio import AsyncConnection as Connection
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from lastlink_ui.core.clock import SAO_PAULO, offsets
from lastlink_ui.core.csv_cells import BREAKS, FIRST_FORMULA, LATER_FORMULA, QUOTE, SEPARATOR, STARTS, written
from lastlink_ui.db.planning import in_found_order

ROWS_A_PIECE = 1000
# Each row is read once: more pages kept would be memory for nothing.
_CACHE = -4096
FIRST_ROWS = 5 * ROWS_A_PIECE
"""So many rows, where an index has them in order, come by themselves, so that the file begins at once."""
_WRITTEN = "csv_cell"


class cell_of(FunctionElement[str]):  # noqa: N801 - reads as the function that it is
    """A text somebody typed, so that no spreadsheet runs it; nothing for NULL."""

    type = Text()
    inherit_cache = True


class day_of(FunctionElement[str]):  # noqa: N801
    """The day of an instant in São Paulo, `dd/mm/aaaa`; nothing for NULL."""

    type = Text()
    inherit_cache = True


class _line_of(FunctionElement[str]):  # noqa: N801
    """Cells as one line of the file."""

    type = Text()
    inherit_cache = True


async def csv_lines(
    session: AsyncSession, query: Select[*tuple[Any, ...]], *, as_found: bool
) -> AsyncGenerator[tuple[bytes, int]]:
    """The rows of `query` as pieces of the file, with how many rows each has; every column must be text.

    `as_found` where an index gives the rows in their order. A reader that stops has to close the iterator:
    that ends the query.
    """
    connection = await session.connection()
    lines = _sqlite if connection.dialect.name == "sqlite" else _first_soon if as_found else _postgresql
    async with aclosing(lines(connection, query)) as pieces:
        async for piece in pieces:
            yield piece


async def _sqlite(
    connection: Connection, query: Select[*tuple[Any, ...]]
) -> AsyncGenerator[tuple[bytes, int]]:
    driver = cast("Any", (await connection.get_raw_connection()).driver_connection)
    usual = await connection.scalar(text("PRAGMA cache_size"))
    await connection.exec_driver_sql(f"PRAGMA cache_size={_CACHE}")
    # Called for the few cells that need it: everything else stays in the database's own code.
    await driver.create_function(_WRITTEN, 1, written, deterministic=True)
    lines = query.with_only_columns(_line_of(*query.selected_columns), maintain_column_froms=True)
    statement, values = _bound(connection, lines)
    # The driver's own cursor: a layer between costs as much for each line as the line itself.
    cursor = await driver.execute(statement, list(values.values()))
    try:
        while part := await cursor.fetchmany(ROWS_A_PIECE):
            yield b"".join([row[0] for row in part]), len(part)
    finally:
        await cursor.close()
        await connection.exec_driver_sql(f"PRAGMA cache_size={usual}")


async def _first_soon(
    connection: Connection, query: Select[*tuple[Any, ...]]
) -> AsyncGenerator[tuple[bytes, int]]:
    """The first rows as an index gives them, the others by the plan that has them all the soonest."""
    given = 0
    await in_found_order(connection)
    async with aclosing(_postgresql(connection, query.limit(FIRST_ROWS))) as pieces:
        async for piece, rows in pieces:
            given += rows
            yield piece, rows
    if given == FIRST_ROWS:
        await in_found_order(connection, only=False)
        async with aclosing(_postgresql(connection, query.offset(FIRST_ROWS))) as pieces:
            async for piece in pieces:
                yield piece


async def _postgresql(
    connection: Connection, query: Select[*tuple[Any, ...]]
) -> AsyncGenerator[tuple[bytes, int]]:
    statement, values = _bound(connection, query)
    copy = f"COPY ({statement}) TO STDOUT (FORMAT csv, DELIMITER '{SEPARATOR}')"
    raw = await connection.get_raw_connection()
    driver = cast("AsyncConnection[Any]", raw.driver_connection)
    async with driver.cursor() as cursor, cursor.copy(cast("Query", copy), values) as rows:
        part: list[bytes] = []
        while row := await rows.read():
            part.append(bytes(row))
            if len(part) == ROWS_A_PIECE:
                yield _with_windows_ends(part), len(part)
                part = []
        if part:
            yield _with_windows_ends(part), len(part)


def _bound(connection: Connection, query: Select[*tuple[Any, ...]]) -> tuple[str, dict[str, Any]]:
    """The statement as the driver takes it, and its values in the order of their places."""
    dialect = connection.dialect
    compiled = query.compile(dialect=dialect)
    state = compiled.construct_expanded_state()
    values: dict[str, Any] = {}
    for name in state.parameters if state.positiontup is None else state.positiontup:
        value, process = state.parameters[name], state.processors.get(name)
        if name in compiled.binds:
            process = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
        values[name] = process(value) if process else value
    return state.statement, values


def _with_windows_ends(rows: list[bytes]) -> bytes:
    """The server ends a row with a line feed alone; one inside a cell must stay what it is."""
    piece = b"".join(rows)
    if piece.count(b"\n") == len(rows):
        return piece.replace(b"\n", b"\r\n")
    return b"".join(row[:-1] + b"\r\n" for row in rows)


def _compile_each(element: FunctionElement[Any], compiler: SQLCompiler, **kw: Any) -> list[str]:  # noqa: ANN401
    return [compiler.process(clause, **kw) for clause in element.clauses]


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@compiles(cell_of, "sqlite")
def _cell_on_sqlite(element: cell_of, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 # pyright: ignore[reportUnusedFunction]
    (cell,) = _compile_each(element, compiler, **kw)
    odd = _literal(f"*[{SEPARATOR}{QUOTE}{BREAKS}]*"), _literal(f"[{STARTS}]*")
    needed = " OR ".join(f"{cell} GLOB {pattern}" for pattern in odd)
    return f"CASE WHEN {needed} THEN {_WRITTEN}({cell}) ELSE {cell} END"


@compiles(cell_of, "postgresql")
def _cell_on_postgresql(element: cell_of, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 # pyright: ignore[reportUnusedFunction]
    (cell,) = _compile_each(element, compiler, **kw)
    first, later = _literal(FIRST_FORMULA), _literal(LATER_FORMULA)
    # One after the other: a replacement of both at once goes on behind what it found first, even where that
    # was nothing but the start, and lets the line break right after it by.
    safe = f"regexp_replace(regexp_replace({cell}, {later}, '\\1''\\2', 'g'), {first}, '''\\1')"
    safe = f"CASE WHEN {cell} ~ {_literal(f'{FIRST_FORMULA}|{LATER_FORMULA}')} THEN {safe} ELSE {cell} END"
    # An empty text would be written as two quotes, nothing as nothing.
    return f"nullif({safe}, '')"


@compiles(day_of, "sqlite")
def _day_on_sqlite(element: day_of, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 # pyright: ignore[reportUnusedFunction]
    (instant,) = _compile_each(element, compiler, **kw)
    # Cut to seconds: the function would round the last microseconds of a day up into the next.
    second = f"substr({instant}, 1, 19)"
    branches = " ".join(
        f"WHEN {instant} >= '{since:%Y-%m-%d %H:%M:%S}' "
        f"THEN strftime('%d/%m/%Y', {second}, '{offset.total_seconds():+.0f} seconds')"
        for since, offset in reversed(offsets())
    )
    return f"CASE WHEN {instant} IS NULL THEN NULL {branches} END"


@compiles(day_of, "postgresql")
def _day_on_postgresql(element: day_of, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 # pyright: ignore[reportUnusedFunction]
    (instant,) = _compile_each(element, compiler, **kw)
    return f"to_char({instant} AT TIME ZONE '{SAO_PAULO.key}', 'DD/MM/YYYY')"


@compiles(_line_of, "sqlite")
def _line_on_sqlite(element: _line_of, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 # pyright: ignore[reportUnusedFunction]
    cells = _compile_each(element, compiler, **kw)
    pattern = SEPARATOR.join(["%s"] * len(cells))
    return f"CAST(printf('{pattern}' || char(13, 10), {', '.join(cells)}) AS BLOB)"
