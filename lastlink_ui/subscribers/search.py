"""Finding fans by a part of their name, profile or e-mail; the one place that knows how it is done.

Three letters and more are found anywhere. One or two are looked for where words begin: at the beginning of
the profile, of the e-mail and of each word of the name. Everything else would be in nearly every row.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    FromClause,
    Select,
    String,
    case,
    column,
    false,
    label,
    literal_column,
    or_,
    select,
    table,
    true,
)
from sqlalchemy import func as sql
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.expression import ColumnElement

from lastlink_ui.core.ids import CreatorId, FanId
from lastlink_ui.db.base import metadata
from lastlink_ui.db.types import Id
from lastlink_ui.subscribers.models import Fan
from lastlink_ui.subscribers.normalise import search_term

SHORT_TERM = 3
"""Terms with fewer letters are looked for at the beginning of words alone."""
_ESCAPE = "\\"
_MOST_TRIGRAMS = 12
_LOOKED_AT = 1_000
# SQLite's index of three letters in a row; its rows have the numbers of the fans' rows. It has spaces twice
# and an empty line before each part, so that one letter where a word begins is three in a row as well.
_SPREAD = ((" ", "  "), ("\n", "\n\n"))
_BEGINNINGS = ("\n\n", "  ")
_index = table("fans_search", column("rowid"), column("fans_search"))
_fans: FromClause = metadata.tables[Fan.__tablename__]
# PostgreSQL keeps creators apart (`db.wall`), and lets no condition on letters through to an index of a table
# that it does this for; this shows the same rows without. Nothing but ids leaves it.
_searched: FromClause = table(
    "fans_searched", column("id", Id), column("creator_id", Id), column("search_text", String)
)


def matches(typed: str) -> ColumnElement[bool] | None:
    """The condition on a row of `fans` that `typed` stands for; None where nothing is looked for."""
    looked_for = patterns(typed)
    return any_like(looked_for) if looked_for else None


def any_like(looked_for: Sequence[Any]) -> ColumnElement[bool]:
    """That a row of `fans` is like one of these patterns, or parameters for them."""
    # Those that are looked through with it hold it often; PostgreSQL, which may not look at letters before
    # it knows whose they are, takes any condition on them for a rare one.
    return case((_like(_fans.c.search_text, looked_for), true()), else_=false())


def found(creator: CreatorId, typed: str, limit: int | None, *, is_sqlite: bool) -> Select[FanId]:
    """The ids of the creator's fans that match, by the index; at the most `limit` of them, in no order.

    `typed` must stand for something.
    """
    if not (looked_for := patterns(typed)):
        raise ValueError(typed)
    fans = _fans if is_sqlite else _searched
    # Named so that no index of the creator's fans is walked: the trigrams lead to few.
    mine = sql.coalesce(fans.c.creator_id, fans.c.creator_id) == creator
    query = select(label("id", fans.c.id)).where(mine, _like(fans.c.search_text, looked_for)).limit(limit)
    if not is_sqlite:
        return query
    on_its_row = literal_column("fans.rowid") == _index.c.rowid
    return query.select_from(_index).join(fans, on_its_row).where(_is_hit(typed))


async def are_few_found(connection: AsyncConnection, creator: CreatorId, typed: str, most: int) -> bool:
    """Whether at the most `most` of the creator's fans match; may say no where `_LOOKED_AT` of them do."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        # The bare index says most at the least cost; it knows neither creators nor the order of letters.
        hits = select(_index.c.rowid).where(_is_hit(typed)).limit(most + 1).subquery()
        if (await connection.scalar(select(sql.count()).select_from(hits)) or 0) <= most:
            return True
    looked_at = min(most, _LOOKED_AT) if is_sqlite else most
    fans = found(creator, typed, looked_at + 1, is_sqlite=is_sqlite).subquery()
    return (await connection.scalar(select(sql.count()).select_from(fans)) or 0) <= looked_at


def patterns(typed: str) -> list[str]:
    """What `typed` stands for: the fan's text is like one of these. None where nothing is looked for."""
    term = search_term(typed)
    is_short = len(term) < SHORT_TERM
    for special in (_ESCAPE, "%", "_"):
        term = term.replace(special, _ESCAPE + special)
    if not term:
        return []
    return [f"{term}%", f"% {term}%", f"%\n{term}%"] if is_short else [f"%{term}%"]


def _like(text: ColumnElement[str], looked_for: Sequence[Any]) -> ColumnElement[bool]:
    return or_(*(text.like(pattern, escape=_ESCAPE) for pattern in looked_for))


def _is_hit(typed: str) -> ColumnElement[bool]:
    return _index.c.fans_search.op("MATCH")(_trigrams(search_term(typed)))


def _trigrams(term: str) -> str:
    """What SQLite's index is asked for; a row that has them all need not have them in order."""
    if len(term) < SHORT_TERM:
        return " OR ".join(_quoted((beginning + term)[-SHORT_TERM:]) for beginning in _BEGINNINGS)
    spread = term
    for short, long in _SPREAD:
        spread = spread.replace(short, long)
    last = len(spread) - SHORT_TERM
    places = dict.fromkeys([*range(0, last, SHORT_TERM), last])
    return " AND ".join(_quoted(spread[place : place + SHORT_TERM]) for place in [*places][-_MOST_TRIGRAMS:])


def _quoted(trigram: str) -> str:
    doubled = trigram.replace('"', '""')
    return f'"{doubled}"'
