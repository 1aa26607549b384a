"""The filters of the subscribers page as a query over one creator's subscriptions."""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from enum import Flag, auto
from typing import Any, NamedTuple, Self
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, false, literal, or_, select, true
from sqlalchemy.sql.expression import ColumnElement
from sqlmodel import col

from lastlink_ui.core.clock import day_end, day_start
from lastlink_ui.core.ids import CreatorId, SubscriptionId
from lastlink_ui.db.types import Id
from lastlink_ui.db.unindexed import unindexed
from lastlink_ui.subscribers.filters import Filters, InList, Sheet, SortKey
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.subscribers.models import Counter, Fan, Grain, Subscription
from lastlink_ui.subscribers.search import matches

_EVER, _NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class Bound(Flag):
    """Which ends of the days are bound by more than the filters: by a cursor, or by an order of its own."""

    NONE = 0
    FIRST = auto()
    LAST = auto()
    BOTH = FIRST | LAST

    @classmethod
    def behind(cls, *, descending: bool) -> "Bound":
        """Which end of the days a place binds behind which the rows are."""
        return cls.LAST if descending else cls.FIRST


OVER = tuple(status for status in Status if status.is_over)


def owned(column: Any, creator: CreatorId | BindParameter[CreatorId]) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped column
    """That a row, found by something better, is the creator's."""
    return unindexed(column) == creator


def selected(
    columns: list[Any],
    creator: CreatorId,
    filters: Filters,
    now: datetime,
    *,
    with_fans: bool = False,
    bound: Bound = Bound.NONE,
) -> Select[*tuple[Any, ...]]:
    """`columns` of the creator's subscriptions that the filters let through, whatever the page.

    `with_fans` where columns of fans are among them; `bound` as for `within_days`.
    """
    search, by_name = matches(filters.q), filters.sort.key is SortKey.NAME
    bound, of = (Bound.BOTH, unindexed) if by_name else (bound, col)
    conditions = [*of_kind(filters, of), *within_days(filters, now, bound)]
    query: Select[*tuple[Any, ...]] = select(*columns).select_from(Subscription)
    if by_name:
        # Found by way of the fans, whose index by name is walked.
        query = query.where(owned(col(Subscription.creator_id), creator), col(Fan.creator_id) == creator)
    else:
        query = query.where(col(Subscription.creator_id) == creator)
    if search is not None:
        conditions.append(search)
    if with_fans or by_name or search is not None:
        query = query.join(Fan, col(Fan.id) == col(Subscription.fan_id))
    return query.where(*conditions)


def looked_up(
    columns: list[Any], creator: CreatorId, filters: Filters, now: datetime
) -> Select[*tuple[Any, ...]]:
    """The same without the search, of subscriptions that something better has found: their ids, or fans."""
    return (
        select(*columns)
        .select_from(Subscription)
        .where(
            owned(col(Subscription.creator_id), creator),
            *of_kind(filters, unindexed),
            *within_days(filters, now, Bound.BOTH),
        )
    )


def those_of(
    subscriptions: Collection[SubscriptionId], creator: CreatorId, filters: Filters, now: datetime
) -> Select[SubscriptionId]:
    """The ids of those of the creator's `subscriptions` that the filters let through."""
    query = looked_up([col(Subscription.id)], creator, filters, now)
    search = matches(filters.q)
    if search is not None:
        query = query.join(Fan, col(Fan.id) == col(Subscription.fan_id)).where(search)
    return query.where(col(Subscription.id).in_(list(subscriptions)))


def of_kind(filters: Filters, of: Callable[[Any], Any] = col) -> Iterator[ColumnElement[bool]]:
    """What the filters ask of a subscription's kind; `of` says how columns are named."""
    if filters.status:
        yield of(Subscription.status) == filters.status
    if filters.sheet is Sheet.ACTIVE:
        yield of(Subscription.status) == Status.ACTIVE
        yield of(Subscription.in_list) == true()
    if filters.sheet is Sheet.INACTIVE:
        yield of(Subscription.status).in_(OVER)
    if filters.plan:
        yield of(Subscription.plan_id) == filters.plan
    if filters.method:
        yield of(Subscription.method) == filters.method
    if filters.in_list:
        yield of(Subscription.in_list) == (true() if filters.in_list is InList.IN else false())


class Kinds(NamedTuple):
    """Which kinds of subscriptions the filters let through: values, or the parameters for them.

    Asked in words that are the same whatever is asked: a statement is compiled once for each text, which
    takes longer than to ask it ten times, and filters make a hundred texts.
    """

    statuses: Any
    places: Any
    methods: Any
    plan: Any
    """One plan, or None for every one."""

    @classmethod
    def of(cls, filters: Filters) -> Self:
        """Those of the filters."""
        statuses = {filters.status} if filters.status else set(Status)
        if filters.sheet is not Sheet.ALL:
            statuses &= {Status.ACTIVE} if filters.sheet is Sheet.ACTIVE else set(OVER)
        places = {filters.in_list} if filters.in_list else set(InList)
        if filters.sheet is Sheet.ACTIVE:
            places &= {InList.IN}
        return cls(
            sorted(statuses),
            sorted(place is InList.IN for place in places),
            [filters.method] if filters.method else list(Method),
            filters.plan,
        )

    def among(self) -> list[ColumnElement[bool]]:
        """That a counter is of one of them."""
        one_plan: Any = literal(self.plan, Id()) if isinstance(self.plan, UUID | None) else self.plan
        return [
            col(Counter.status).in_(self.statuses),
            col(Counter.in_list).in_(self.places),
            col(Counter.method).in_(self.methods),
            or_(one_plan.is_(None), col(Counter.plan_id) == one_plan),
        ]


CREATOR: BindParameter[Any] = bindparam("creator", type_=Id())
KINDS = Kinds(
    bindparam("statuses", expanding=True),
    bindparam("places", expanding=True),
    bindparam("methods", expanding=True),
    bindparam("plan", type_=Id()),
)
"""Parameters for what differs between statements that are written once; `asked_of` has the values."""


def asked_of(creator: CreatorId, filters: Filters) -> dict[str, Any]:
    """The values of `CREATOR` and `KINDS`."""
    return {"creator": creator, **Kinds.of(filters)._asdict()}


def counters_of(creator: Any, grain: Grain, kinds: Kinds) -> list[ColumnElement[bool]]:  # noqa: ANN401 - an id, or where it will be
    """A creator's counters of that grain and those kinds."""
    return [col(Counter.creator_id) == creator, col(Counter.grain) == grain, *kinds.among()]


def within_days(
    filters: Filters, now: datetime, bound: Bound = Bound.NONE
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What the filters ask of the day on which a subscription began, in words that are always the same.

    `bound`: where something else says more closely from when, or until when. SQLite begins to walk an index
    at one bound of several, and not at the closest.
    """
    return within(*moments(filters, now), bound)


def moments(filters: Filters, now: datetime) -> tuple[datetime, datetime]:
    """From when, and until before when, the days of the filters are."""
    first, last = filters.days(now)
    return day_start(first) if first else _EVER, day_end(last) if last else _NEVER


def within(begin: Any, end: Any, bound: Bound) -> tuple[ColumnElement[bool], ColumnElement[bool]]:  # noqa: ANN401 - moments, or parameters
    """That a subscription began in that time; `bound` as for `within_days`."""
    started_at = col(Subscription.started_at)
    at_first = unindexed(started_at) if Bound.FIRST in bound else started_at
    at_last = unindexed(started_at) if Bound.LAST in bound else started_at
    return at_first >= begin, at_last < end
