"""One look at everything that the page shows, for one view of it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId, SubscriptionId, new_id
from lastlink_ui.subscribers.counting import FilterCounts
from lastlink_ui.subscribers.filters import Filters, SortKey
from lastlink_ui.subscribers.normalise import search_term
from lastlink_ui.subscribers.queries import Detail, Subscribers
from lastlink_ui.subscribers.rows import Page
from lastlink_ui.text import t
from lastlink_ui.text.formats import number
from lastlink_ui.web.messages import Shared
from lastlink_ui.web.subscribers.detail import DetailView
from lastlink_ui.web.subscribers.options import FilterView, filter_view
from lastlink_ui.web.subscribers.rows import SubscriberRow
from lastlink_ui.wiring import Services

PATIENCE_SECONDS = 0.03
"""So long a look under a search takes at the most for its counts; else it is shown, and they follow."""


@dataclass(frozen=True)
class Look:
    """What a look found."""

    filters: Filters
    now: datetime
    page: Page
    counts: FilterCounts
    controls: FilterView
    newest: SubscriptionId | None
    """The mark from which later subscriptions are new to whoever sees this."""
    rows: Shared[SubscriberRow]
    """The page in words."""
    tasks: str
    """How much is to be done by hand in the list, "" for nothing."""
    detail: DetailView = field(default_factory=DetailView)
    mark: str = field(default_factory=lambda: str(new_id()))
    """Another one where the page shows something else."""

    @cached_property
    def shown(self) -> dict[str, Any]:
        """What the page shows of it, by the names of the page's vars."""
        page, filters = self.page, self.filters
        direction = "descending" if filters.sort.descending else "ascending"
        return {
            "view": filters.opening(None).url,
            "rows": self.rows,
            "controls": self.controls,
            "counted": self.counted,
            "range": self.range,
            "is_first": not page.previous,
            "is_last": not page.next,
            "sorted": {key.value: direction if key is filters.sort.key else "none" for key in SortKey},
            "has_anybody": self.counts.everybody > 0,
            "is_open": filters.open is not None,
            "detail": self.detail,
            "ready": True,
        }

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What the page keeps of it without showing it, by the names of its vars."""
        return {
            "_next": self.page.next,
            "_previous": self.page.previous,
            "_newest": self.newest,
            "_waiting": {row.subscription_id: row.waits_for for row in self.page.rows if row.waits_for},
        }

    def looks_like(self, other: "Look") -> bool:
        """Whether nobody could tell the two apart."""
        return (self.shown, self.everybody, self.tasks) == (other.shown, other.everybody, other.tasks)

    def differs_from(self, other: "Look") -> dict[str, Any]:
        """What the page has to show and to keep that it did not at the other look."""
        before, now = other.shown | other.kept, self.shown | self.kept
        return {name: value for name, value in now.items() if before[name] != value}

    @cached_property
    def everybody(self) -> str:
        """How many subscribers there are, filters aside."""
        return number(self.counts.everybody)

    @property
    def counted(self) -> str:
        """What stands beside the heading: `1.284`, or `37 de 1.284` while something is left out."""
        if not self.filters.is_filtered or not self.counts.is_known:
            return self.everybody
        return t("subscribers.counted", shown=number(self.counts.total), everybody=self.everybody)

    @property
    def range(self) -> str:
        """Which rows these are: the 51st to the 100th of 1.284."""
        first, last = self.page.position + 1, self.page.position + len(self.page.rows)
        if not self.page.rows:
            return ""
        words = {"first": number(first), "last": number(last)}
        if not self.counts.is_known:
            return t("subscribers.range_unknown", **words)
        # Rows come and go while somebody reads on; a total below the last row would be absurd.
        return t("subscribers.range", total=number(max(self.counts.total, last)), **words)


async def look(
    services: Services,
    creator: CreatorId,
    filters: Filters,
    uncounted: Callable[[Look], None] = lambda _: None,
) -> Look:
    """Everything that the page shows of the creator's subscribers under `filters`.

    `uncounted` is given what a search found where counting it takes longer than that need wait.
    """
    subscribers, now = services.subscribers, services.clock.now()
    patient_until = time.monotonic() + PATIENCE_SECONDS
    # The mark first: what appears during the look is new to it.
    around = await subscribers.around(creator)
    page = await subscribers.page(creator, filters)
    detail = await _detail(subscribers, creator, filters)
    tasks = await services.lists.count(creator)
    rows = Shared(SubscriberRow.of(row, filters, now) for row in page.rows)

    def seen(counts: FilterCounts) -> Look:
        return Look(
            filters,
            now,
            page,
            counts,
            filter_view(filters, counts, around.plans),
            around.newest,
            rows=rows,
            tasks=number(tasks) if tasks else "",
            detail=DetailView.of(detail, now) if detail else DetailView(),
        )

    if not search_term(filters.q):
        return seen(await subscribers.counts(creator, filters))
    counting = asyncio.create_task(subscribers.counts(creator, filters))
    try:
        if not (await asyncio.wait({counting}, timeout=max(0.0, patient_until - time.monotonic())))[0]:
            uncounted(seen(FilterCounts(is_known=False, everybody=around.everybody)))
        return seen(await counting)
    finally:
        counting.cancel()


async def _detail(subscribers: Subscribers, creator: CreatorId, filters: Filters) -> Detail | None:
    if filters.open is None:
        return None
    try:
        return await subscribers.detail(creator, filters.open)
    except NotFound:
        return None
