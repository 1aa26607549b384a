"""The filters of the subscribers page as a query over one creator's subscriptions."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy import func as sql
from sqlalchemy.sql.expression import ColumnElement
from sqlmodel import col

from lastlink_ui.core.clock import day_end, day_start
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.subscribers.filters import Filters, InList, Sheet, SortKey
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.subscribers.models import Fan, Subscription
from lastlink_ui.subscribers.search import matches

OVER = tuple(status for status in Status if status.is_over)


def owned(column: Any, creator: CreatorId) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped column
    """That a row, found by something better, is the creator's.

    Wrapped, so that no index is used for it: without statistics a planner takes "the creator's" for few
    rows and walks all of them, where the ids that are asked for lead straight there.
    """
    return sql.coalesce(column, column) == creator


def selected(
    columns: list[Any], creator: CreatorId, filters: Filters, now: datetime, *, with_fans: bool = False
) -> Select[*tuple[Any, ...]]:
    """`columns` of the creator's subscriptions that the filters let through, whatever the page.

    `with_fans` where columns of fans are among them.
    """
    conditions = [*_chosen(filters), *_in_days(filters, now)]
    query: Select[*tuple[Any, ...]] = select(*columns).select_from(Subscription)
    search, by_name = matches(filters.q), filters.sort.key is SortKey.NAME
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


def _chosen(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.status:
        yield col(Subscription.status) == filters.status
    if filters.sheet is Sheet.ACTIVE:
        yield col(Subscription.status) == Status.ACTIVE
        yield col(Subscription.in_list).is_(True)
    if filters.sheet is Sheet.INACTIVE:
        yield col(Subscription.status).in_(OVER)
    if filters.plan:
        yield col(Subscription.plan_id) == filters.plan
    if filters.method:
        yield col(Subscription.method) == filters.method
    if filters.in_list:
        yield col(Subscription.in_list).is_(filters.in_list is InList.IN)


def _in_days(filters: Filters, now: datetime) -> Iterator[ColumnElement[bool]]:
    first, last = filters.days(now)
    if first:
        yield col(Subscription.started_at) >= day_start(first)
    if last:
        yield col(Subscription.started_at) < day_end(last)
