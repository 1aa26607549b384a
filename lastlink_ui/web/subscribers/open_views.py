"""Views that are open somewhere: each is looked at once for all the dashboards that show it."""

import asyncio
import contextvars
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import structlog

from lastlink_ui.accounts.sessions import SignedInCreator
from lastlink_ui.core.ids import CreatorId, SessionId, SubscriptionId
from lastlink_ui.core.owner import see_only
from lastlink_ui.live import Change, creator_channel
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.rows import Row
from lastlink_ui.web.subscribers.looking import Look, look
from lastlink_ui.wiring import Services, services

log = structlog.get_logger()

# Many changes at once are shown together: three times a second is as live as an eye can follow.
_BETWEEN_LOOKS_SECONDS = 0.3
# Whoever comes to a view that is followed already may be shown what the others see.
_FRESH_SECONDS = 1.0
_RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Update:
    """What became of a view, for one dashboard that shows it."""

    look: Look
    changed: frozenset[SubscriptionId] = frozenset()
    """What changed since the update before, in this view or not."""
    added: frozenset[SubscriptionId] = frozenset()
    """What came to be meanwhile and belongs to the view, on whatever page."""
    left: Mapping[SubscriptionId, Row] = field(default_factory=dict[SubscriptionId, Row])
    """Rows that were waited for and have gone from the page."""
    missed: bool = False
    """Whether more may have changed than is named here."""
    since: str | None = None
    """The mark of the look before; None for the first that the dashboard gets."""
    differs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the look shows otherwise than the one before: worked out once for every dashboard."""

    @property
    def looks_the_same(self) -> bool:
        """Whether the page shows what it showed before."""
        return self.since == self.look.mark

    def then(self, later: "Update") -> "Update":
        """Both as one: what a dashboard that was busy gets."""
        return Update(
            later.look,
            self.changed | later.changed,
            self.added | later.added,
            {**self.left, **later.left},
            self.missed or later.missed,
            self.since if later.since == self.look.mark else None,
            {**self.differs, **later.differs},
        )


class _Dashboard:
    """One open page, and the update that it has not taken yet."""

    def __init__(self, session: SessionId) -> None:
        self.session = session
        self._waiting: Update | None = None
        self._is_over = False
        self._trouble: Exception | None = None
        self._arrived = asyncio.Event()

    def put(self, update: Update) -> None:
        self._waiting = self._waiting.then(update) if self._waiting else update
        self._arrived.set()

    def end(self) -> None:
        self._is_over = True
        self._arrived.set()

    def fail(self, trouble: Exception) -> None:
        self._trouble = trouble
        self._arrived.set()

    async def updates(self) -> AsyncIterator[Update]:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            if self._trouble:
                raise self._trouble
            if self._is_over:
                return
            if update := self._waiting:
                self._waiting = None
                yield update


class _View:
    """One view of one creator's subscribers, followed for as long as somebody sees it."""

    def __init__(self, services: Services, creator: CreatorId, filters: Filters) -> None:
        self._services = services
        self.dashboards: set[_Dashboard] = set()
        self._creator = creator
        self._filters = filters
        self._turn = asyncio.Lock()
        self._last: Look | None = None
        self._began = 0.0
        self._listening = asyncio.Event()
        # In a context of its own: it outlives the event of whoever came first.
        self._task = asyncio.create_task(self._follow(), context=contextvars.Context())

    async def join(self, dashboard: _Dashboard) -> None:
        """Let `dashboard` see the view as it is, and whatever changes afterwards."""

        def show(found: Look) -> None:
            dashboard.put(Update(found, missed=True))

        try:
            # Followed first: what changes during the look is shown after it.
            await self._listening.wait()
            show(await self._look(time.monotonic() - _FRESH_SECONDS, uncounted=show))
        except Exception as trouble:  # noqa: BLE001 - it belongs to whoever opened the dashboard
            dashboard.fail(trouble)

    def end(self) -> None:
        """Nobody sees it any more."""
        self._task.cancel()

    async def _follow(self) -> None:
        see_only(self._creator)
        async with self._services.feed.follow(creator_channel(self._creator)) as changes:
            self._listening.set()
            async for change in changes:
                began = time.monotonic()
                await self._show_until_shown(change)
                await asyncio.sleep(max(0.0, _BETWEEN_LOOKS_SECONDS - (time.monotonic() - began)))

    async def _show_until_shown(self, change: Change) -> None:
        while True:
            try:
                await self._show(change)
            except Exception:
                # Whatever ails the database, open pages must not fall silent for good.
                log.exception("change_not_looked_at")  # tried again
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return

    async def _show(self, change: Change) -> None:
        """Bring every dashboard whose session is not over to what is there now."""
        # Asked before each update, for all at once: a revoked session must not go on looking.
        still_open = await self._services.accounts.open_among({each.session for each in self.dashboards})
        for dashboard in self.dashboards:
            if dashboard.session not in still_open:
                dashboard.end()
        before = self._last
        found = await self._look(time.monotonic())
        update = Update(
            found,
            change.subscriptions,
            await self._added(change, before),
            await self._left(change, before, found),
            change.missed,
            before.mark if before else None,
            found.differs_from(before) if before else {},
        )
        for dashboard in self.dashboards:
            dashboard.put(update)

    async def _look(self, since: float, uncounted: Callable[[Look], None] = lambda _: None) -> Look:
        """The view as it was at `since` or later, on the monotonic clock; one look at a time."""
        async with self._turn:
            if self._last is None or self._began < since:
                began = time.monotonic()
                found = await look(self._services, self._creator, self._filters, uncounted)
                if self._last and found.looks_like(self._last):
                    found = replace(found, mark=self._last.mark)
                self._last, self._began = found, began
            return self._last

    async def _added(self, change: Change, before: Look | None) -> frozenset[SubscriptionId]:
        if self._filters.is_first_page:
            return frozenset()
        subscribers = self._services.subscribers
        if change.missed:
            return await subscribers.appeared_since(
                self._creator, self._filters, before.newest if before else None
            )
        if not change.new:
            return frozenset()
        return await subscribers.matching(self._creator, self._filters, change.new)

    async def _left(self, change: Change, before: Look | None, found: Look) -> Mapping[SubscriptionId, Row]:
        waited = {row.subscription_id for row in before.page.rows if row.waits_for} if before else set()
        if not change.missed:
            waited &= change.subscriptions
        gone = waited - {row.subscription_id for row in found.page.rows}
        rows = await self._services.subscribers.rows(self._creator, list(gone)) if gone else ()
        return {row.subscription_id: row for row in rows}


class OpenViews:
    """Every view that some dashboard of this process shows."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._views: dict[tuple[CreatorId, Filters], _View] = {}

    @asynccontextmanager
    async def follow(
        self, viewer: SignedInCreator, filters: Filters
    ) -> AsyncGenerator[AsyncIterator[Update]]:
        """The view as it is, then each change to it; ends when the viewer's session is over."""
        key = (viewer.creator_id, filters)
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = _View(self._services, *key)
        dashboard = _Dashboard(viewer.session_id)
        # At once: whoever leaves meanwhile must not take the view along.
        view.dashboards.add(dashboard)
        joining = asyncio.create_task(view.join(dashboard))
        try:
            yield dashboard.updates()
        finally:
            joining.cancel()
            view.dashboards.discard(dashboard)
            if not view.dashboards:
                del self._views[key]
                view.end()


@cache
def open_views() -> OpenViews:
    """Those of this process."""
    return OpenViews(services())
