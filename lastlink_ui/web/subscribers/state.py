"""The filtered page of the signed-in creator's subscribers, and how it follows what changes."""

import asyncio
import time
from collections.abc import Iterable, Mapping

import reflex as rx

from lastlink_ui.core.ids import CreatorId, SubscriptionId
from lastlink_ui.core.who import Who
from lastlink_ui.live import Change, creator_channel
from lastlink_ui.subscribers.filters import Filters, SortKey
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.subscribers.rows import Row, UnderWay
from lastlink_ui.text import plural, t
from lastlink_ui.text.formats import number
from lastlink_ui.web.events import event
from lastlink_ui.web.frame import FrameState
from lastlink_ui.web.subscribers.actions import RowActions
from lastlink_ui.web.subscribers.detail import DetailView
from lastlink_ui.web.subscribers.looking import Look, look
from lastlink_ui.web.subscribers.options import FilterView
from lastlink_ui.web.subscribers.rows import Busy, SubscriberRow
from lastlink_ui.web.subscribers.views import Views
from lastlink_ui.wiring import services

# Many changes at once are shown together: four times a second is as live as an eye can follow.
_BETWEEN_LOOKS_SECONDS = 0.25


class SubscribersState(Views, RowActions, rx.State):
    """What the page shows: the view that the address names, as it is at this moment."""

    ready: bool = False
    rows: list[SubscriberRow] = []
    controls: FilterView = FilterView()
    counted: str = ""
    range: str = ""
    is_first: bool = True
    is_last: bool = True
    sorted: dict[str, str] = {}
    """For each sortable column "ascending", "descending" or "none"."""
    has_anybody: bool = True
    added: str = ""
    """How many came in meanwhile that stand on the first page, which is not the one shown."""
    is_open: bool = False
    detail: DetailView = DetailView()
    is_helping: bool = False

    _added: int = 0
    _waiting: dict[SubscriptionId, frozenset[UnderWay]] = {}
    """What the rows on screen waited for at the last look."""

    @event(Who.CREATOR, background=True)
    async def show(self) -> None:
        """Show the view of the address and follow it, until the page leads elsewhere."""
        creator = (await self._creator()).creator_id
        filters = self._filters()
        async with self:
            self._arrive()
        async with services().feed.follow(creator_channel(creator)) as changes:
            # Followed first: what changes during the look is shown after it.
            first = await look(creator, filters)
            async with self:
                self._added, self.added = 0, ""
                self._put(first, frozenset())
                self.said = plural("subscribers.said.found", first.counts.total) if filters.q else self.said
                await self._count(first)
            async for change in changes:
                began = time.monotonic()
                # Asked each time: a revoked session must not go on looking.
                creator = (await self._creator()).creator_id
                await self._follow(creator, filters, change)
                await asyncio.sleep(max(0.0, _BETWEEN_LOOKS_SECONDS - (time.monotonic() - began)))

    @event(Who.CREATOR)
    async def help(self) -> None:
        """Show the keys."""
        await self._creator()
        self.is_helping = True

    @event(Who.CREATOR)
    async def end_help(self) -> None:
        """Put the keys away."""
        await self._creator()
        self.is_helping = False

    async def _follow(self, creator: CreatorId, filters: Filters, change: Change) -> None:
        """Show what a change did to this view."""
        waiting = dict(self._waiting)
        found = await look(creator, filters)
        # Asked by id: a row whose status changed may have left this view.
        waited = await services().subscribers.rows(creator, list(waiting)) if waiting else ()
        added = 0
        if change.new and not filters.is_first_page:
            added = len(await services().subscribers.matching(creator, filters, change.new))
        async with self:
            self._added += added
            self.added = plural("subscribers.new", self._added) if self._added else ""
            self.said = _results(waited, waiting) or self.said
            self._put(found, change.subscriptions)
            await self._count(found)

    def _put(self, found: Look, changed: frozenset[SubscriptionId]) -> None:
        """Bring the page to what was found; what is as it was is not sent again."""
        page, filters = found.page, found.filters
        rows = [
            SubscriberRow.of(row, filters, found.now, changed=row.subscription_id in changed)
            for row in page.rows
        ]
        direction = "descending" if filters.sort.descending else "ascending"
        shown = {
            "rows": rows,
            "controls": found.controls,
            "counted": found.counted,
            "range": found.range,
            "is_first": not page.previous,
            "is_last": not page.next,
            "sorted": {key.value: direction if key is filters.sort.key else "none" for key in SortKey},
            "has_anybody": found.counts.everybody > 0,
            "is_open": filters.open is not None,
            "detail": found.detail,
            "ready": True,
        }
        for name, value in shown.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
        self._next, self._previous = page.next, page.previous
        self._waiting = {row.subscription_id: row.waits_for for row in page.rows if row.waits_for}

    async def _show_row(self, creator: CreatorId, subscription: SubscriptionId, busy: Busy) -> None:
        now, filters = services().clock.now(), self._filters()
        for row in await services().subscribers.rows(creator, [subscription]):
            fresh = SubscriberRow.of(row, filters, now, busy=busy)
            self.rows = [fresh if each.id == fresh.id else each for each in self.rows]
            if row.waits_for:
                self._waiting = {**self._waiting, subscription: row.waits_for}

    async def _count(self, found: Look) -> None:
        frame = await self.get_state(FrameState)
        if frame.subscribers != found.everybody:
            frame.subscribers = found.everybody
        tasks = await services().lists.count((await self._creator()).creator_id)
        if frame.list_tasks != (count := number(tasks) if tasks else ""):
            frame.list_tasks = count


def _results(rows: Iterable[Row], waiting: Mapping[SubscriptionId, frozenset[UnderWay]]) -> str:
    """What to say of requests that have come to their end since the last look."""
    for row in rows:
        for kind in waiting.get(row.subscription_id, frozenset()) - row.waits_for:
            return t(f"subscribers.said.{_result(row, kind)}", name=row.name)
    return ""


def _result(row: Row, kind: UnderWay) -> str:
    """How a request that waits no longer ended, by what the row has become."""
    if kind is UnderWay.REFUND:
        return "refunded" if row.status is Status.REFUNDED else "refund_refused"
    if kind is UnderWay.UNDO_CANCEL:
        return "undo_refused" if row.status.is_over else "undone"
    return "canceled" if row.status.is_over else "cancel_refused"
