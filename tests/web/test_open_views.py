"""Dashboards that show the same view are served by one look, and only while their session is open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from lastlink_ui.accounts import sessions
from lastlink_ui.accounts.sessions import SignedInCreator
from lastlink_ui.core.ids import SubscriptionId
from lastlink_ui.live import ANYTHING, Change, creator_channel
from lastlink_ui.plans.models import Plan
from lastlink_ui.settings import Settings
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.web.subscribers import looking
from lastlink_ui.web.subscribers.open_views import OpenViews, Update
from lastlink_ui.wiring import Services, build
from tests.support.world import World

EVERYBODY, CANCELED = Filters(), Filters(status=Status.CANCELED)


@dataclass(frozen=True, slots=True)
class Dashboards:
    """Open dashboards of one creator, each in a browser of its own."""

    services: Services
    world: World
    plan: Plan
    views: OpenViews
    stack: AsyncExitStack

    async def signed_in(self) -> SignedInCreator:
        async with self.services.database.unit_of_work() as uow:
            token, _ = sessions.start(uow, self.plan.creator_id, "a browser", self.services.clock.now())
        viewer = await self.services.accounts.session(token)
        assert viewer
        return viewer

    async def open(self, filters: Filters, viewer: SignedInCreator | None = None) -> AsyncIterator[Update]:
        """A dashboard that shows `filters`, past its first update."""
        viewer = viewer or await self.signed_in()
        updates = await self.stack.enter_async_context(self.views.follow(viewer, filters))
        await anext(updates)
        return updates

    async def tell(self, change: Change) -> None:
        await self.services.feed.publish(creator_channel(self.plan.creator_id), change)

    async def subscribe(self, name: str) -> SubscriptionId:
        """Somebody new, who is told of."""
        subscription = (await self.world.subscriber(self.plan, name)).subscription.id
        await self.tell(Change(frozenset({subscription}), new=frozenset({subscription})))
        return subscription


@pytest.fixture
async def dashboards(database_url: str, tmp_path: Path) -> AsyncIterator[Dashboards]:
    services = build(Settings(data_dir=tmp_path, database_url=database_url))
    world = World(services.database, services.clock)
    plan = await world.plan(await world.creator())
    async with AsyncExitStack() as stack:
        yield Dashboards(services, world, plan, OpenViews(services), stack)
    await services.database.dispose()


async def test_one_look_serves_every_dashboard_of_a_view(dashboards: Dashboards) -> None:
    viewer = await dashboards.signed_in()

    async def queries_with(number: int) -> int:
        asked = 0

        def count(*_: object) -> None:
            nonlocal asked
            asked += 1

        open_ones = [await dashboards.open(EVERYBODY, viewer) for _ in range(number)]
        engine = dashboards.services.database.engine.sync_engine
        subscription = (await dashboards.world.subscriber(dashboards.plan)).subscription.id
        event.listen(engine, "before_cursor_execute", count)
        await dashboards.tell(Change(frozenset({subscription}), new=frozenset({subscription})))
        for updates in open_ones:
            update = await anext(updates)
            assert str(subscription) == update.look.rows[0].id
        event.remove(engine, "before_cursor_execute", count)
        return asked

    assert await queries_with(1) == await queries_with(30)


async def test_a_view_that_a_change_does_not_touch_gets_its_counts(dashboards: Dashboards) -> None:
    canceled = await dashboards.open(CANCELED)
    await dashboards.subscribe("Beatriz Ribeiro")
    update = await anext(canceled)
    assert update.look.rows == []
    assert update.look.everybody == "1"
    assert not update.looks_the_same

    await dashboards.tell(Change(plans=True))
    assert (await anext(canceled)).looks_the_same


async def test_what_a_search_found_need_not_wait_to_be_counted(
    dashboards: Dashboards, monkeypatch: pytest.MonkeyPatch
) -> None:
    beatriz = await dashboards.subscribe("Beatriz Ribeiro")
    viewer = await dashboards.signed_in()

    async def first(query: str) -> tuple[Update, AsyncIterator[Update]]:
        updates = await dashboards.stack.enter_async_context(
            dashboards.views.follow(viewer, Filters(q=query))
        )
        return await anext(updates), updates

    monkeypatch.setattr(looking, "PATIENCE_SECONDS", 60)
    together, _ = await first("beatriz")
    assert (together.look.counts.is_known, together.look.counts.total) == (True, 1)
    monkeypatch.setattr(looking, "PATIENCE_SECONDS", 0)
    for query in ("ribeiro", "rib"):
        found, updates = await first(query)
        assert [row.id for row in found.look.rows] == [str(beatriz)]
        assert (found.look.counts.is_known, found.look.everybody) == (False, "1")
        counted = await anext(updates)
        assert (counted.look.rows, counted.look.counts.total) == (found.look.rows, 1)
    # Whatever is no search comes with its counts.
    updates = await dashboards.stack.enter_async_context(dashboards.views.follow(viewer, CANCELED))
    assert (await anext(updates)).look.counts.is_known


async def test_whoever_leaves_at_once_takes_the_view_from_nobody(dashboards: Dashboards) -> None:
    viewer = await dashboards.signed_in()
    hasty = AsyncExitStack()
    await hasty.enter_async_context(dashboards.views.follow(viewer, EVERYBODY))
    updates = await dashboards.stack.enter_async_context(dashboards.views.follow(viewer, EVERYBODY))
    await hasty.aclose()
    async with asyncio.timeout(10):
        assert (await anext(updates)).look.everybody == "0"
    await dashboards.subscribe("Beatriz Ribeiro")
    async with asyncio.timeout(10):
        assert (await anext(updates)).look.everybody == "1"


async def test_what_differs_is_all_that_a_dashboard_has_to_set(dashboards: Dashboards) -> None:
    everybody, follower = await dashboards.open(EVERYBODY), await dashboards.open(EVERYBODY)
    await dashboards.subscribe("Beatriz Ribeiro")
    look = (await anext(everybody)).look
    shown: dict[str, Any] = {**look.shown, **look.kept}
    for name in ("Émerson Sá", "Cauã Távora"):
        await dashboards.subscribe(name)
        update = await anext(everybody)
        assert update.since == look.mark
        assert {"rows", "counted"} <= set(update.differs) < set(shown)
        look = update.look
        shown.update(update.differs)
        assert shown == {**look.shown, **look.kept}
    assert len(shown["rows"]) == 3
    # One that was busy meanwhile gets all of it as one, since what it showed before.
    at_once = await anext(follower)
    assert at_once.look.mark == look.mark
    assert at_once.differs["rows"] == shown["rows"]
    assert at_once.since not in {look.mark, None}


async def test_nothing_is_built_on_a_look_that_the_dashboard_has_not_shown(dashboards: Dashboards) -> None:
    updates = await dashboards.open(EVERYBODY)
    await dashboards.subscribe("Beatriz Ribeiro")
    update = await anext(updates)
    first = Update(update.look)
    assert first.since is None
    assert first.then(update).since is None
    assert update.then(first).since is None
    assert update.then(Update(update.look, since=update.look.mark)).since == update.since


async def test_many_changes_at_once_are_few_updates(dashboards: Dashboards) -> None:
    updates = await dashboards.open(EVERYBODY)
    told = [await dashboards.subscribe(f"Fã {number}") for number in range(40)]
    update = await anext(updates)
    number, seen = 1, update.changed
    while seen < set(told):
        update = await anext(updates)
        number, seen = number + 1, seen | update.changed
    assert update.look.everybody == "40"
    assert number < 20


async def test_a_revoked_session_hears_nothing_more(dashboards: Dashboards) -> None:
    revoked, kept = await dashboards.signed_in(), await dashboards.signed_in()
    elsewhere, here = await dashboards.open(EVERYBODY, revoked), await dashboards.open(EVERYBODY, kept)
    await dashboards.services.accounts.revoke_session(dashboards.plan.creator_id, revoked.session_id)

    await dashboards.subscribe("Beatriz Ribeiro")

    with pytest.raises(StopAsyncIteration):
        await anext(elsewhere)
    assert (await anext(here)).look.rows[0].name == "Beatriz Ribeiro"


async def test_what_appeared_is_named_where_it_is_not_to_be_seen(dashboards: Dashboards) -> None:
    first = [await dashboards.subscribe(name) for name in ("Beatriz Ribeiro", "Émerson Sá")]
    page = await dashboards.services.subscribers.page(dashboards.plan.creator_id, EVERYBODY, size=1)
    further = await dashboards.open(EVERYBODY.page_after(page.next))
    appeared = await dashboards.subscribe("Cauã Távora")
    assert (await anext(further)).added == {appeared}

    # Cut off from the feed: it says so once it is back, and nothing is missed.
    unheard = (await dashboards.world.subscriber(dashboards.plan, "Daniela Alves")).subscription.id
    await dashboards.tell(ANYTHING)
    update = await anext(further)
    assert update.missed
    assert update.added == {unheard}
    assert update.look.everybody == str(len(first) + 2)


async def test_a_database_that_fails_for_a_moment_is_asked_again(dashboards: Dashboards) -> None:
    updates = await dashboards.open(EVERYBODY)
    failures = 1

    def fail(*_: object) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise ConnectionError("for a moment")

    subscription = (await dashboards.world.subscriber(dashboards.plan)).subscription.id
    event.listen(dashboards.services.database.engine.sync_engine, "before_cursor_execute", fail)
    await dashboards.tell(Change(frozenset({subscription})))
    assert (await asyncio.wait_for(anext(updates), 30)).look.rows[0].id == str(subscription)
