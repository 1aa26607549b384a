"""What the dashboard reads of a creator's subscribers: pages, counts and details."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId, PlanId, SubscriptionId
from lastlink_ui.db import Database
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.counting import EVERYBODY, FilterCounts, count, count_selected
from lastlink_ui.subscribers.cursors import END, START, Cursor
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.lifecycle import PaymentFacts
from lastlink_ui.subscribers.loading import load_rows, load_with_payments
from lastlink_ui.subscribers.models import Subscription
from lastlink_ui.subscribers.paging import Slice, walk
from lastlink_ui.subscribers.past import DayInList, changes_of, on_day
from lastlink_ui.subscribers.rows import Page, Row
from lastlink_ui.subscribers.selection import CREATOR, owned, those_of
from lastlink_ui.subscribers.timeline import Entry, timeline

PAGE_SIZE = 50
MOST_APPEARED = 1_000
_NOTHING = Page((), 0, "", "")

# Asked at each look, and written once: to build a statement takes longer than to ask it.
_AROUND = select(
    select(col(Subscription.id)).order_by(col(Subscription.id).desc()).limit(1).scalar_subquery(),
    EVERYBODY.scalar_subquery(),
)
_PLANS = (
    select(col(Plan.id), col(Plan.name))
    .where(col(Plan.creator_id) == CREATOR)
    .order_by(col(Plan.archived_at).is_not(None), col(Plan.position), col(Plan.id))
)


@dataclass(frozen=True, slots=True)
class Around:
    """What belongs to every page."""

    newest: SubscriptionId | None
    """A mark for `appeared_since`: the last subscription that came to be, anybody's."""
    everybody: int
    """How many subscriptions the creator has."""
    plans: Sequence[tuple[PlanId, str]]
    """As `plan_names` has them."""


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything about one subscription."""

    row: Row
    payments: tuple[PaymentFacts, ...]
    """The newest period first."""
    timeline: tuple[Entry, ...]
    """The newest first."""


class Subscribers:
    """Reads one creator's subscribers. Every query is limited to that creator."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def page(self, creator: CreatorId, filters: Filters, size: int = PAGE_SIZE) -> Page:
        """The page of up to `size` rows that the filters and their cursor name.

        A cursor that leads nowhere, or that was made for another order, gives the first page.
        """
        async with self._database.looking() as connection:
            read = _Reading(connection, creator, filters, self._clock.now(), size)
            after = Cursor.parse(filters.after, filters.sort)
            before = Cursor.parse(filters.before, filters.sort)
            page = None
            if before or filters.before == END:
                page = await read.backwards(before)
            elif after:
                page = await read.onwards(after) or await read.backwards(None)
            return page or await read.onwards(None) or _NOTHING

    async def row(self, creator: CreatorId, subscription: SubscriptionId) -> Row:
        """One row.

        Raises: NotFound.
        """
        for row in await self.rows(creator, [subscription]):
            return row
        raise NotFound

    async def rows(self, creator: CreatorId, subscriptions: Sequence[SubscriptionId]) -> tuple[Row, ...]:
        """The creator's rows among `subscriptions`, in that order."""
        async with self._database.looking() as connection:
            return await load_rows(connection, creator, subscriptions)

    async def counts(self, creator: CreatorId, filters: Filters) -> FilterCounts:
        """How many subscriptions each filter option shows, with the other filters applied."""
        async with self._database.looking() as connection:
            return await count(connection, creator, filters, self._clock.now())

    async def total(self, creator: CreatorId, filters: Filters) -> int:
        """How many subscriptions the filters let through, however long that takes to count."""
        async with self._database.looking() as connection:
            return await count_selected(connection, creator, filters, self._clock.now())

    async def matching(
        self, creator: CreatorId, filters: Filters, subscriptions: Collection[SubscriptionId]
    ) -> frozenset[SubscriptionId]:
        """Those of the creator's `subscriptions` that the filters let through, on whatever page."""
        query = those_of(subscriptions, creator, filters, self._clock.now())
        async with self._database.looking() as connection:
            return frozenset(await connection.scalars(query))

    async def around(self, creator: CreatorId) -> Around:
        """What belongs to every page of the creator's, whatever is on it."""
        async with self._database.looking() as connection:
            newest, everybody = (await connection.execute(_AROUND, {"creator": creator})).one()
            plans = await connection.execute(_PLANS, {"creator": creator})
            mark = cast("SubscriptionId | None", newest)
            return Around(mark, int(everybody or 0), [(plan, name) for plan, name in plans])

    async def appeared_since(
        self, creator: CreatorId, filters: Filters, mark: SubscriptionId | None
    ) -> frozenset[SubscriptionId]:
        """Which subscriptions of the view came to be after `mark`, on whatever page; the first thousand."""
        async with self._database.looking() as connection:
            query = select(col(Subscription.id)).where(owned(col(Subscription.creator_id), creator))
            if mark is not None:
                query = query.where(col(Subscription.id) > mark)
            found = await connection.scalars(query.order_by(col(Subscription.id)).limit(MOST_APPEARED))
            appeared = frozenset(found)
        return await self.matching(creator, filters, appeared) if appeared else appeared

    async def plan_names(self, creator: CreatorId) -> Sequence[tuple[PlanId, str]]:
        """The creator's plans in their order, archived ones last: what the plan filter offers."""
        async with self._database.looking() as connection:
            found = await connection.execute(_PLANS, {"creator": creator})
            return [(plan, name) for plan, name in found]

    async def detail(self, creator: CreatorId, subscription: SubscriptionId) -> Detail:
        """Data, payments and timeline of one subscription.

        Raises: NotFound.
        """
        async with self._database.looking() as connection:
            row, payments = await load_with_payments(connection, creator, subscription)
            return Detail(row, payments, await timeline(connection, creator, row, payments))

    async def on_day(self, creator: CreatorId, subscription: SubscriptionId, day: date) -> DayInList:
        """Whether the subscription's fan was in the list on `day`, a day in São Paulo, and why.

        Raises: NotFound.
        """
        async with self._database.looking() as connection:
            fan = await connection.scalar(
                select(col(Subscription.fan_id)).where(
                    owned(col(Subscription.creator_id), creator), col(Subscription.id) == subscription
                )
            )
            if fan is None:
                raise NotFound
            return on_day(await changes_of(connection, creator, fan), day)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One look at the table, to the pages around a place."""

    connection: AsyncConnection
    creator: CreatorId
    filters: Filters
    now: datetime
    size: int

    async def onwards(self, after: Cursor | None) -> Page | None:
        """The page behind `after`, or the first; None when there is nothing."""
        found = await self._walk(after, backwards=False)
        start = after.position if after else 0
        return await self._page(found, start, back=after is not None, on=found.has_more)

    async def backwards(self, before: Cursor | None) -> Page | None:
        """The page in front of `before`, or the last; None when that is the first, which must be full."""
        found = await self._walk(before, backwards=True)
        if not found.has_more:
            return None
        end = before.position if before else await self.total()
        start = max(end - len(found.ids), 0)
        return await self._page(found, start, back=True, on=before is not None)

    async def _walk(self, beside: Cursor | None, *, backwards: bool) -> Slice:
        return await walk(
            self.connection,
            self.creator,
            self.filters,
            self.now,
            beside=beside,
            backwards=backwards,
            size=self.size,
        )

    async def total(self) -> int:
        """How many rows there are on all pages."""
        return await count_selected(self.connection, self.creator, self.filters, self.now)

    async def _page(self, found: Slice, start: int, *, back: bool, on: bool) -> Page | None:
        if not found.ids:
            return None
        first = Cursor(self.filters.sort, found.values[0], start)
        last = Cursor(self.filters.sort, found.values[-1], start + len(found.ids))
        rows = await load_rows(self.connection, self.creator, found.ids)
        # The first page by its own name: there, and only there, new rows come in at the top.
        before = START if start <= self.size else str(first)
        return Page(rows, start, previous=before if back else "", next=str(last) if on else "")
