"""The filters of the subscribers page as a query over one creator's subscriptions."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BindParameter, Select, false, literal, or_, select, true
from sqlalchemy.sql.expression import ColumnElement
from sqlmodel import col

from lastlink_ui.core.clock import day_end, day_start
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db.types import Id
from lastlink_ui.db.unindexed import unindexed
from lastlink_ui.subscribers.filters import Filters, InList, Sheet, SortKey
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.subscribers.models import Counter, Fan, Subscription
from lastlink_ui.subscribers.search import matches

_EVER, _NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)

OVER = tuple(status for status in Status if status.is_over)


def owned(column: Any, creator: CreatorId | BindParameter[CreatorId]) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped column
    """That a row, found by something better, is the creator's."""
    return unindexed(column) == creator


def selected(
    columns: list[Any], creator: CreatorId, filters: Filters, now: datetime, *, with_fans: bool = False
) -> Select[*tuple[Any, ...]]:
    """`columns` of the creator's subscriptions that the filters let through, whatever the page.

    `with_fans` where columns of fans are among them.
    """
    search, by_name = matches(filters.q), filters.sort.key is SortKey.NAME
    of = unindexed if by_name else col
    conditions = [*kind_of(filters, Subscription, of), *in_days(filters, now, Subscription, of)]
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


def kind_of(
    filters: Filters, row: type[Subscription] | type[Counter], of: Callable[[Any], Any] = col
) -> Iterator[ColumnElement[bool]]:
    """What the filters ask of a subscription's kind, or of a counter's; `of` says how columns are named."""
    if filters.status:
        yield of(row.status) == filters.status
    if filters.sheet is Sheet.ACTIVE:
        yield of(row.status) == Status.ACTIVE
        yield of(row.in_list) == true()
    if filters.sheet is Sheet.INACTIVE:
        yield of(row.status).in_(OVER)
    if filters.plan:
        yield of(row.plan_id) == filters.plan
    if filters.method:
        yield of(row.method) == filters.method
    if filters.in_list:
        yield of(row.in_list) == (true() if filters.in_list is InList.IN else false())


def among_kinds(filters: Filters) -> list[ColumnElement[bool]]:
    """The same of a counter, in words that are the same whatever is asked.

    A statement is compiled once for each text, which takes longer than to ask it ten times; filters make a
    hundred texts.
    """
    statuses = {filters.status} if filters.status else set(Status)
    if filters.sheet is not Sheet.ALL:
        statuses &= {Status.ACTIVE} if filters.sheet is Sheet.ACTIVE else set(OVER)
    places = {filters.in_list} if filters.in_list else set(InList)
    if filters.sheet is Sheet.ACTIVE:
        places &= {InList.IN}
    plan = literal(filters.plan, Id())
    return [
        col(Counter.status).in_(sorted(statuses)),
        col(Counter.in_list).in_(sorted(place is InList.IN for place in places)),
        col(Counter.method).in_([filters.method] if filters.method else list(Method)),
        or_(plan.is_(None), col(Counter.plan_id) == plan),
    ]


def within_days(
    filters: Filters, now: datetime, of: Callable[[Any], Any] = col
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What `in_days` asks, in words that are the same whatever is asked."""
    first, last = filters.days(now)
    started_at = of(Subscription.started_at)
    return (
        started_at >= (day_start(first) if first else _EVER),
        started_at < (day_end(last) if last else _NEVER),
    )


def in_days(
    filters: Filters, now: datetime, row: type[Subscription], of: Callable[[Any], Any] = col
) -> Iterator[ColumnElement[bool]]:
    """What the filters ask of the day on which a subscription began."""
    first, last = filters.days(now)
    if first:
        yield of(row.started_at) >= day_start(first)
    if last:
        yield of(row.started_at) < day_end(last)
