"""The filtered page of the signed-in creator's subscribers, and how it follows what changes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import reflex as rx

from lastlink_ui.core.ids import CreatorId, SubscriptionId
from lastlink_ui.core.who import Who
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.subscribers.queries import MOST_APPEARED
from lastlink_ui.subscribers.rows import Row, UnderWay
from lastlink_ui.text import plural, t
from lastlink_ui.text.formats import number
from lastlink_ui.web.events import event, itself
from lastlink_ui.web.frame import FrameState
from lastlink_ui.web.subscribers.actions import RowActions
from lastlink_ui.web.subscribers.detail import DetailView
from lastlink_ui.web.subscribers.open_views import Update, open_views
from lastlink_ui.web.subscribers.options import FilterView
from lastlink_ui.web.subscribers.rows import Busy, SubscriberRow
from lastlink_ui.web.subscribers.views import Views
from lastlink_ui.wiring import services


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

    view: str = ""
    """The address of what is shown, whatever drawer is open: rows flash while it stays the same."""

    _selection: str = ""
    """The address of the whole selection whose page was shown last."""
    _counted: str = ""
    """The address of the view whose counts are shown."""
    _brought: str = ""
    """The mark of the look that the page shows as it was found; "" where it shows something else."""
    _newest: SubscriptionId | None = None
    """What had come to be when the page was brought up to date last."""
    _added: frozenset[SubscriptionId] = frozenset()
    _waiting: dict[SubscriptionId, frozenset[UnderWay]] = {}
    """What the rows on screen waited for at the last look."""

    @event(Who.CREATOR, background=True)
    async def show(self) -> None:
        """Show the view of the address and follow it, until the page leads elsewhere.

        A connection that was lost begins here again, with what the page knew then.
        """
        viewer = await self._creator()
        filters = self._filters()
        async with self:
            is_back = self._arrive_at(filters)
        async with open_views().follow(viewer, filters) as updates:
            added = await self._appeared(viewer.creator_id, filters) if is_back else frozenset()
            async for update in updates:
                waited = await self._waited(viewer.creator_id, update)
                if waited or not update.looks_the_same or update.added:
                    async with self:
                        await itself(self)._bring(update, added, waited)  # noqa: SLF001 - the same state
                added = frozenset()
        await self._creator()  # The session is over: this leads to the sign-in page.

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

    def _arrive_at(self, filters: Filters) -> bool:
        """Whether the page comes back to a selection that it was showing, and not to its beginning."""
        self._arrive()
        selection = filters.whole().url
        is_back = selection == self._selection and not filters.is_first_page
        if not is_back:
            self._selection, self._added, self.added = selection, frozenset(), ""
        return is_back

    async def _appeared(self, creator: CreatorId, filters: Filters) -> frozenset[SubscriptionId]:
        return await services().subscribers.appeared_since(creator, filters, self._newest)

    async def _waited(self, creator: CreatorId, update: Update) -> list[Row]:
        """The rows that something was waited for and that changed, as they are now."""
        waited = [each for each in self._waiting if update.missed or each in update.changed]
        if not waited:
            return []
        known = {**update.left, **{row.subscription_id: row for row in update.look.page.rows}}
        # Asked by id: a row whose status changed may have left this view.
        unknown = [each for each in waited if each not in known]
        rows = await services().subscribers.rows(creator, unknown) if unknown else ()
        return [*rows, *(known[each] for each in waited if each in known)]

    async def _bring(self, update: Update, added: frozenset[SubscriptionId], waited: Sequence[Row]) -> None:
        """Bring the page to what was found; what is as it was is not sent again."""
        found = update.look
        is_found = self._counted != found.filters.opening(None).url
        added = self._added | added | update.added
        said = _results(waited, self._waiting)
        if is_found and found.filters.q and found.counts.is_known:
            said = said or plural("subscribers.said.found", found.counts.total)
        if self._brought and self._brought == update.since:
            for name, value in update.differs.items():
                setattr(self, name, value)
        else:
            _set(self, found.shown | found.kept)
        _set(self, {"_added": added, "added": _added_words(len(added)), "said": said or self.said})
        self._brought = found.mark
        self._counted = found.filters.opening(None).url if found.counts.is_known else ""
        frame = await self.get_state(FrameState)
        _set(frame, {"subscribers": found.everybody, "list_tasks": found.tasks})

    async def _show_row(self, creator: CreatorId, subscription: SubscriptionId, busy: Busy) -> None:
        now, filters = services().clock.now(), self._filters()
        for row in await services().subscribers.rows(creator, [subscription]):
            fresh = SubscriberRow.of(row, filters, now, busy=busy)
            self.rows = [fresh if each.id == fresh.id else each for each in self.rows]
            self._brought = ""
            if row.waits_for:
                self._waiting = {**self._waiting, subscription: row.waits_for}


def _set(state: rx.State, values: Mapping[str, Any]) -> None:
    """Set what differs: a var that is set is sent, whether it changed or not."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)


def _added_words(count: int) -> str:
    if count >= MOST_APPEARED:
        return t("subscribers.new_many", count=number(MOST_APPEARED))
    return plural("subscribers.new", count) if count else ""


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
