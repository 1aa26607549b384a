"""The controls that lead to another view: each handler only works out its address."""

from urllib.parse import parse_qsl, urlsplit

import reflex as rx
from reflex_base.event import EventSpec

from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.ids import PlanId, parse_id
from lastlink_ui.core.who import Who
from lastlink_ui.subscribers.cursors import END, START
from lastlink_ui.subscribers.filters import Filters, InList, Sheet, Since, SortKey
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.subscribers.options import CUSTOM
from lastlink_ui.web.typed import day_of, text_of
from lastlink_ui.wiring import services


class Views(SignedIn, rx.State, mixin=True):
    """Search, filters, order and pages. The address is the view; nothing of it is kept twice."""

    shows_more_filters: bool = False

    _next: str = ""
    """The cursor to the next page."""
    _previous: str = ""
    _on_the_way: list[str] = []
    """Addresses from the one shown to the last one asked for, while the browser is still going there."""

    @event(Who.CREATOR, supersedes=True)
    async def search(self, text: str) -> EventSpec:
        """Another text in the search box."""
        await self._creator()
        return self._lead_to(self._wanted().searching(text_of(text)))

    @event(Who.CREATOR)
    async def choose_status(self, value: str) -> EventSpec:
        """One account status, or all."""
        await self._creator()
        status = next((each for each in Status if each.value == value), None)
        return self._lead_to(self._wanted().with_status(status))

    @event(Who.CREATOR)
    async def choose_since(self, value: str) -> EventSpec:
        """A stretch of days; "custom" begins with the last 30 days, to be moved from there."""
        await self._creator()
        filters = self._wanted()
        if value == CUSTOM:
            now = services().clock.now()
            first, _ = filters.with_since(filters.since or Since.MONTH).days(now)
            return self._lead_to(filters.between(first, sao_paulo_day(now)))
        since = next((each for each in Since if each.value == value), None)
        return self._lead_to(filters.with_since(since))

    @event(Who.CREATOR)
    async def choose_first_day(self, value: str) -> EventSpec | None:
        """The first day, of a stretch of one's own."""
        await self._creator()
        filters, day = self._wanted(), day_of(value)
        return self._lead_to(filters.between(day, filters.last_day)) if day or not value else None

    @event(Who.CREATOR)
    async def choose_last_day(self, value: str) -> EventSpec | None:
        """The last day, of a stretch of one's own."""
        await self._creator()
        filters, day = self._wanted(), day_of(value)
        return self._lead_to(filters.between(filters.first_day, day)) if day or not value else None

    @event(Who.CREATOR)
    async def choose_sheet(self, value: str) -> EventSpec:
        """Another tab."""
        await self._creator()
        sheet = next((each for each in Sheet if each.value == value), Sheet.ALL)
        return self._lead_to(self._wanted().on_sheet(sheet))

    @event(Who.CREATOR)
    async def choose_plan(self, value: str) -> EventSpec:
        """One plan, or all."""
        await self._creator()
        plan = parse_id(text_of(value))
        return self._lead_to(self._wanted().with_plan(PlanId(plan) if plan else None))

    @event(Who.CREATOR)
    async def choose_method(self, value: str) -> EventSpec:
        """One way to pay, or all."""
        await self._creator()
        method = next((each for each in Method if each.value == value), None)
        return self._lead_to(self._wanted().with_method(method))

    @event(Who.CREATOR)
    async def choose_list(self, value: str) -> EventSpec:
        """In the list, out of it, or both."""
        await self._creator()
        in_list = next((each for each in InList if each.value == value), None)
        return self._lead_to(self._wanted().with_list(in_list))

    @event(Who.CREATOR)
    async def sort_by(self, value: str) -> EventSpec:
        """Another order, or the same the other way round."""
        await self._creator()
        key = next((each for each in SortKey if each.value == value), SortKey.STARTED)
        return self._lead_to(self._wanted().sorted_by(key))

    @event(Who.CREATOR)
    async def clear_filters(self) -> EventSpec:
        """Everybody again."""
        await self._creator()
        self.shows_more_filters = False
        return self._lead_to(self._wanted().without_filters())

    @event(Who.CREATOR)
    async def show_more_filters(self) -> None:
        """Offer plan, method and list too."""
        await self._creator()
        self.shows_more_filters = True

    @event(Who.CREATOR)
    async def next_page(self) -> EventSpec | None:
        """The rows behind these."""
        await self._creator()
        cursor = self._next
        return self._lead_to(self._wanted().page_after(cursor)) if cursor else None

    @event(Who.CREATOR)
    async def previous_page(self) -> EventSpec | None:
        """The rows in front of these."""
        await self._creator()
        cursor, filters = self._previous, self._wanted()
        if not cursor:
            return None
        before = filters.on_first_page() if cursor == START else filters.page_before(cursor)
        return self._lead_to(before)

    @event(Who.CREATOR)
    async def first_page(self) -> EventSpec:
        """Where the new ones are."""
        await self._creator()
        return self._lead_to(self._wanted().on_first_page())

    @event(Who.CREATOR)
    async def last_page(self) -> EventSpec:
        """The other end."""
        await self._creator()
        return self._lead_to(self._wanted().page_before(END))

    @event(Who.CREATOR)
    async def close_detail(self) -> EventSpec | None:
        """Put the drawer away."""
        await self._creator()
        filters = self._wanted()
        return self._lead_to(filters.opening(None)) if filters.open else None

    def _wanted(self) -> Filters:
        """The view to change: the one last asked for, also where the browser has not got there yet.

        Somebody who clears the search and picks a status at once means both.
        """
        shown = self._filters()
        if shown.url not in self._on_the_way:
            return shown
        return Filters.from_query(dict(parse_qsl(urlsplit(self._on_the_way[-1]).query)))

    def _lead_to(self, filters: Filters) -> EventSpec:
        shown = self._filters().url
        way = self._on_the_way if shown in self._on_the_way else [shown]
        self._on_the_way = [*way, filters.url]
        return rx.redirect(filters.url, replace=True)

    def _arrive(self) -> None:
        """The page shows the view of its address now: what lies before it on the way is behind us."""
        shown = self._filters().url
        ahead = self._on_the_way[self._on_the_way.index(shown) :] if shown in self._on_the_way[1:-1] else []
        self._on_the_way = ahead

    def _filters(self) -> Filters:
        """The view that the address names; bounded, and never trusted for whose it is."""
        return Filters.from_query(self.router.url.query_parameters)
