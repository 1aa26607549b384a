"""The first rows of some kinds of subscriptions, in order: one statement, whatever the filters are.

It is written once for each way of asking, since to build it takes longer than to ask it; what differs from
view to view are the values that it is asked with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Select,
    bindparam,
    column,
    literal_column,
    select,
    table,
    true,
    union_all,
)
from sqlalchemy.sql.expression import ColumnElement
from sqlmodel import col

from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db.base import metadata
from lastlink_ui.subscribers.filters import Filters, SortKey
from lastlink_ui.subscribers.models import KIND, Counter, Fan, Grain, Subscription
from lastlink_ui.subscribers.orders import Stretch, beyond, ordered
from lastlink_ui.subscribers.search import any_like, patterns
from lastlink_ui.subscribers.selection import (
    CREATOR,
    KINDS,
    Bound,
    asked_of,
    counters_of,
    moments,
    within,
)
from lastlink_ui.subscribers.windows import Window

_Parameter = BindParameter[Any]
_BEGIN: _Parameter = bindparam("begin")
_END: _Parameter = bindparam("end")
_LIMIT: _Parameter = bindparam("limit")


@dataclass(frozen=True, slots=True)
class Asking:
    """A way of asking: of each there is one statement."""

    stretch: Stretch
    descending: bool
    is_beside: bool
    """Whether the rows are those that come after a place."""
    patterns: int
    """How many patterns are looked for in their fans; 0 where nothing is."""
    is_sqlite: bool


def values(
    creator: CreatorId,
    filters: Filters,
    now: datetime,
    *,
    limit: int,
    beside: Sequence[Any],
    window: Window | None,
) -> Mapping[str, Any]:
    """What `first_rows` is asked with; `window` is a stretch of time within the days of the filters."""
    begin, end = window[:2] if window else moments(filters, now)
    return {
        **asked_of(creator, filters),
        "begin": begin,
        "end": end,
        "limit": limit,
        **{f"beside{number}": value for number, value in enumerate(beside)},
        **{f"pattern{number}": value for number, value in enumerate(patterns(filters.q))},
    }


def same_kind(kind: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401 - whatever has the columns of a kind
    """That a subscription is of that kind."""
    return [col(getattr(Subscription, name)) == getattr(kind, name) for name in KIND]


@cache
def first_rows(asking: Asking) -> Select[*tuple[Any, ...]]:
    """The id and keys of the first rows of all the kinds together, in the order of the keys."""
    return _one_after_the_other(asking) if asking.is_sqlite else _first_of_each(asking)


def _first_of_each(asking: Asking) -> Select[*tuple[Any, ...]]:
    """As many rows of each kind as are wanted of all, then put in order."""
    of_one = _of_kind(asking, Counter, _labelled(asking.stretch.keys), _beside(asking), _LIMIT)
    first = of_one.correlate(Counter).lateral("first")
    kinds = select().select_from(Counter).join(first, true()).where(*counters_of(CREATOR, Grain.ALL, KINDS))
    return _in_order(kinds, list(first.c), asking)


def _one_after_the_other(asking: Asking) -> Select[*tuple[Any, ...]]:
    """The first row of each kind; then, for each row that is taken, the next one of its kind.

    A recursive statement keeps its rows in order until they are taken, in SQLite alone. So there are read as
    many rows as are wanted, and one more of each kind.
    """
    first = metadata.tables[Subscription.__tablename__].alias("first")
    keys = _labelled([first.c[key.key] for key in asking.stretch.keys])
    of_its_kind = [column(name, getattr(Counter, name).type) for name in KIND]
    taken = table("taken", *of_its_kind, *(column(key.name, key.type) for key in keys))

    def is_first(kind: Any, place: Sequence[Any]) -> ColumnElement[bool]:  # noqa: ANN401 - as for `same_kind`
        number = _of_kind(asking, kind, [literal_column("subscriptions.rowid")], place, 1)
        return literal_column("first.rowid") == number.scalar_subquery()

    begun = (
        select(*(getattr(Counter, name) for name in KIND), *keys)
        .select_from(Counter)
        .join(first, is_first(Counter, _beside(asking)))
        .where(*counters_of(CREATOR, Grain.ALL, KINDS))
    )
    places: list[Any] = [taken.c[key.name] for key in keys]
    next_ones = select(*(taken.c[name] for name in KIND), *keys).select_from(taken)
    next_ones = next_ones.join(first, is_first(taken.c, places))
    waiting = union_all(begun, next_ones).order_by(
        *ordered([literal_column(key.name) for key in keys], descending=asking.descending)
    )
    found = waiting.limit(_LIMIT).cte("taken", recursive=True)
    return _in_order(select().select_from(found), [found.c[key.name] for key in keys], asking)


def _of_kind(
    asking: Asking,
    kind: Any,  # noqa: ANN401 - as for `same_kind`
    columns: Sequence[Any],
    place: Sequence[Any],
    limit: Any,  # noqa: ANN401 - a number, or the parameter for it
) -> Select[*tuple[Any, ...]]:
    """`columns` of the first `limit` rows of that kind, behind `place` where there is one."""
    keys, conditions = asking.stretch.keys, asking.stretch.conditions
    if place:
        conditions = [*conditions, beyond(keys, place, descending=asking.descending)]
    bound = Bound.BOTH
    if asking.stretch.key is SortKey.STARTED:
        bound = Bound.behind(descending=asking.descending) if place else Bound.NONE
    query = select(*columns).select_from(Subscription)
    query = query.where(*same_kind(kind), *within(_BEGIN, _END, bound), *conditions)
    if asking.patterns:
        looked_for: list[_Parameter] = [bindparam(f"pattern{number}") for number in range(asking.patterns)]
        query = query.join(Fan, col(Fan.id) == col(Subscription.fan_id)).where(any_like(looked_for))
    return query.order_by(*ordered(keys, descending=asking.descending)).limit(limit)


def _in_order(
    query: Select[*tuple[Any, ...]], keys: Sequence[Any], asking: Asking
) -> Select[*tuple[Any, ...]]:
    *_, identity = keys
    query = query.add_columns(identity, *keys)
    return query.order_by(*ordered(keys, descending=asking.descending)).limit(_LIMIT)


def _beside(asking: Asking) -> list[Any]:
    if not asking.is_beside:
        return []
    return [bindparam(f"beside{number}", type_=key.type) for number, key in enumerate(asking.stretch.keys)]


def _labelled(keys: Sequence[Any]) -> list[Any]:
    return [key.label(f"key{number}") for number, key in enumerate(keys)]
