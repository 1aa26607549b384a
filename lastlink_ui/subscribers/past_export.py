"""Everybody who was in the list on a day gone by, as a CSV file."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.core.clock import SAO_PAULO, day_end
from lastlink_ui.core.csv_cells import line
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database
from lastlink_ui.db.planning import in_found_order
from lastlink_ui.subscribers.export import BOM, Piece
from lastlink_ui.subscribers.models import Fan, MembershipChange
from lastlink_ui.subscribers.past import CHANGE, Change, on_day
from lastlink_ui.text import t

_ROWS_A_PIECE = 1000
_COLUMNS = ("name", "handle", "email", "since", "reason", "left", "left_reason")
_FAN = (col(Fan.id), col(Fan.name), col(Fan.handle), col(Fan.email))


def past_file_name(handle: str, day: date) -> str:
    """`lista-<handle>-<yyyy-mm-dd>.csv`."""
    return t("lista.past.file_name", handle=handle, day=day.isoformat())


async def export_past(database: Database, creator: CreatorId, day: date) -> AsyncGenerator[Piece]:
    """Who was in the creator's list at any moment of `day`, by name, as pieces of the file.

    Fans are walked by the index of their names and each one's changes are looked up: memory does not grow
    with them. Close the iterator to stop early.
    """
    query = (
        select(*_FAN, *CHANGE)
        .join(MembershipChange, col(MembershipChange.fan_id) == col(Fan.id))
        .where(col(Fan.creator_id) == creator, col(MembershipChange.at) < day_end(day))
        .order_by(col(Fan.sort_name), col(Fan.id))
    )
    yield Piece(BOM + line(t(f"lista.past.column.{name}") for name in _COLUMNS).encode(), 0)
    async with database.reading() as session:
        connection = await session.connection()
        await in_found_order(connection)
        unfinished: list[Sequence[Any]] = []
        async with connection.stream(query.execution_options(yield_per=_ROWS_A_PIECE)) as found:
            async for part in found.partitions():
                # The last fan's changes may go on in the next part.
                rows = [*unfinished, *part]
                last = rows[-1][0]
                unfinished = [row for row in rows if row[0] == last]
                # Beside the event loop: a thousand rows are a few milliseconds of work.
                yield await asyncio.to_thread(_piece, rows[: len(rows) - len(unfinished)], day)
        yield _piece(unfinished, day)


def _piece(rows: Sequence[Sequence[Any]], day: date) -> Piece:
    lines = [
        written
        for _, of_fan in groupby(rows, key=lambda row: row[0])
        if (written := _line(list(of_fan), day))
    ]
    return Piece("".join(lines).encode(), len(lines))


def _line(rows: Sequence[Sequence[Any]], day: date) -> str:
    """The fan's line, or "" for one who was not in the list."""
    answer = on_day((Change(*row[len(_FAN) :]) for row in rows), day)
    if not answer.had_access or answer.stay is None:
        return ""
    _, name, handle, email = rows[0][: len(_FAN)]
    entered, left = answer.stay.entered, answer.stay.left
    return line(
        (
            name,
            handle,
            email or "",
            _moment(entered.at),
            t(f"membership_reason.{entered.reason}"),
            _moment(left.at) if left else "",
            t(f"membership_reason.{left.reason}") if left else "",
        )
    )


def _moment(instant: datetime) -> str:
    return f"{instant.astimezone(SAO_PAULO):%d/%m/%Y %H:%M}"
