"""No filter, order or search makes a database look through a table: read from its own query plans."""

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.accounts.models import Creator
from lastlink_ui.core.clock import day_start, sao_paulo_day
from lastlink_ui.core.ids import PlanId, SubscriptionId, new_id
from lastlink_ui.db import Database
from lastlink_ui.subscribers import paging, windows
from lastlink_ui.subscribers import reading as readings
from lastlink_ui.subscribers.filters import Filters, InList, Sheet, Sort, SortKey
from lastlink_ui.subscribers.kinds import first_rows
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.subscribers.models import Fan
from lastlink_ui.subscribers.orders import stretches
from lastlink_ui.subscribers.queries import Subscribers
from lastlink_ui.subscribers.reading import Reading, Way, choose, is_far
from lastlink_ui.subscribers.search import found
from lastlink_ui.subscribers.selection import Bound, those_of
from lastlink_ui.subscribers.windows import Window
from tests.support.clock import NOW, StoppedClock
from tests.support.plans import plan_of
from tests.support.world import World

TODAY = sao_paulo_day(NOW)
# A walk along an index in the order of the rows is none; the index of searches is "scanned" by its nature.
SCANS = re.compile(r"SCAN (?:subscriptions|fans|first)\b(?! VIRTUAL)|Seq Scan on (?:subscriptions|fans)\b")


def views(plan: PlanId) -> Iterator[Filters]:
    """A few dozen of all combinations, each filter on and off among them."""
    everything = itertools.product(
        (None, Status.CHARGED_BACK),
        Sheet,
        (None, plan),
        (None, Method.PIX),
        (None, *InList),
        (False, True),
        ("", "maria"),
    )
    chance = random.Random(1)  # noqa: S311 - made to repeat
    for status, sheet, of_plan, method, in_list, has_days, q in chance.sample([*everything], 30):
        view = Filters(q=q, status=status, sheet=sheet, plan=of_plan, method=method, in_list=in_list)
        yield view.between(TODAY - timedelta(days=30), TODAY) if has_days else view


def ways(view: Filters, key: SortKey) -> Iterator[Way]:
    """How the view may be read, whatever there is of it."""
    if view.q:
        yield Way.FOUND
    is_plain = not replace(view, q="").is_filtered
    if key is SortKey.NAME:
        yield from (Way.ALONG, Way.GATHERED)
    elif key is SortKey.STARTED and is_plain:
        yield Way.ALONG
    else:
        yield Way.KINDS
        if view.first_day:
            yield Way.GATHERED


@pytest.fixture
async def creator(world: World) -> tuple[Creator, PlanId]:
    creator = await world.creator()
    plan = await world.plan(creator)
    for name in ("Maria Lima", "Ana Sá"):
        await world.subscriber(plan, name)
    return creator, plan.id


async def test_no_view_scans_a_table(database: Database, creator: tuple[Creator, PlanId]) -> None:
    owner, plan = creator
    chance = itertools.cycle((True, False))
    seen: set[str] = set()
    for view, key in itertools.product(views(plan), SortKey):
        descending = next(chance)
        filters = replace(view, sort=Sort(key, descending))
        for way in ways(view, key):
            read = Reading(owner.id, filters, NOW, way, database.is_sqlite)
            window = Window(day_start(TODAY), NOW, 10) if filters.q and key is SortKey.STARTED else None
            asked = read.question(stretches(key)[0], descending=descending, limit=51, window=window)
            if (written := str(asked.statement)) in seen:
                continue
            seen.add(written)
            plan_text = await plan_of(database, asked.statement, asked.values, is_small=True)
            assert not SCANS.search(plan_text), f"{way} {filters.url}\n{plan_text}"
            if way is Way.KINDS and database.is_sqlite:
                by_kind = "(plan_id=? AND status=? AND method=? AND in_list=?"
                index = f"ix_subscriptions_kind_{stretches(key)[0].keys[0].key} {by_kind}"
                assert index in plan_text, plan_text
            elif filters.q and key is SortKey.STARTED and database.is_sqlite:
                # Whom the search does not find, or the filters leave out, is told from the index alone.
                assert "USING COVERING INDEX ix_subscriptions" in plan_text, plan_text
                assert "USING INDEX ix_subscriptions" not in plan_text, plan_text
    assert len(seen) > 80


def unbound(*, descending: bool) -> Bound:
    """What would be said of a place if it bound neither end of the days."""
    del descending
    return Bound.NONE


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("sort", [Sort(), Sort(descending=False)], ids=str)
async def test_a_page_further_on_is_begun_where_it_begins(
    database: Database, creator: tuple[Creator, PlanId], sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, _ = creator
    (stretch,), descending = stretches(SortKey.STARTED), sort.descending
    in_days = Filters(sort=sort).between(TODAY - timedelta(days=30), TODAY)

    async def plan(way: Way) -> str:
        read = Reading(owner.id, in_days, NOW, way, is_sqlite=True)
        asked = read.question(stretch, descending=descending, limit=51, beside=(NOW, owner.id))
        return await plan_of(database, asked.statement, asked.values)

    begins = "(started_at,id)<(?,?)" if descending else "(started_at,id)>(?,?)"
    for way in (Way.ALONG, Way.KINDS):
        assert begins in await plan(way)
    # Else it would be begun at the end of the days, and what lies before it walked through.
    monkeypatch.setattr(Bound, "behind", unbound)
    first_rows.cache_clear()
    for way in (Way.ALONG, Way.KINDS):
        assert begins not in await plan(way)
    first_rows.cache_clear()


@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_those_that_changed_are_looked_up(database: Database, creator: tuple[Creator, PlanId]) -> None:
    owner, plan = creator
    ids = [SubscriptionId(new_id()) for _ in range(25)]
    for view in views(plan):
        query = those_of(ids, owner.id, view, NOW)
        assert "sqlite_autoindex_subscriptions_1 (id=?)" in await plan_of(database, query), view.url


async def test_a_scan_would_be_seen(database: Database, creator: tuple[Creator, PlanId]) -> None:
    owner, _ = creator
    walked = select(col(Fan.id)).where(col(Fan.name).like("%maria%"))
    assert SCANS.search(await plan_of(database, walked, is_small=True))
    looked_up = found(owner.id, "maria", 10, is_sqlite=database.is_sqlite)
    index = "fans_search" if database.is_sqlite else "ix_fans_search_text"
    assert index in await plan_of(database, looked_up, is_small=True)


async def test_what_is_few_is_gathered_and_what_is_many_is_walked(
    database: Database, creator: tuple[Creator, PlanId], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, _ = creator
    by_amount = Filters(sort=Sort(SortKey.AMOUNT)).between(TODAY - timedelta(days=30), TODAY)
    by_name = Filters(status=Status.ACTIVE, sort=Sort(SortKey.NAME))

    async def way(filters: Filters) -> Way:
        async with database.looking() as connection:
            return (await choose(connection, owner.id, filters, NOW, 50)).way

    maria = Filters(q="maria", sort=Sort(SortKey.NAME))
    assert [await way(view) for view in (Filters(), maria, by_amount, by_name)] == [
        Way.ALONG,
        Way.FOUND,
        Way.GATHERED,
        Way.GATHERED,
    ]
    subscribers = Subscribers(database, StoppedClock())
    both = (by_amount, Filters(q="ma"))
    expected = [await subscribers.page(owner.id, view) for view in both]
    monkeypatch.setattr(readings, "MOST_GATHERED", 0)
    monkeypatch.setattr(readings, "MOST_FOUND", 0)
    assert [await way(view) for view in (maria, by_amount)] == [Way.ALONG, Way.KINDS]
    assert [await subscribers.page(owner.id, view) for view in both] == expected


@pytest.mark.parametrize(("names", "ways"), [(["Maria"] * 5, []), (["Ana"] * 5, [Way.FOUND])])
async def test_a_search_is_looked_through_while_it_finds_enough_and_looked_up_else(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch, names: list[str], ways: list[Way]
) -> None:
    """A few marias among many old ones; newer than they are only the `names`."""
    creator = await world.creator()
    plan = await world.plan(creator)
    crowd = [(name, 5 - number) for number, name in enumerate(names)]
    crowd += [("Ana" if number % 6 else "Maria", 100 + number) for number in range(24)]
    for name, days in crowd:
        await world.subscriber(plan, f"{name} {days}", started_at=NOW - timedelta(days=days))
    monkeypatch.setattr(windows, "FIRST_ROWS", 5)
    asked: list[Way | None] = []
    as_it_is = paging.looking_up

    async def noted(connection: AsyncConnection, reading: Reading, size: int) -> Reading | None:
        found = await as_it_is(connection, reading, size)
        asked.append(found.way if found else None)
        return found

    monkeypatch.setattr(paging, "looking_up", noted)
    page = await Subscribers(database, StoppedClock()).page(creator.id, Filters(q="maria"), 8)
    expected = sorted(days for name, days in crowd if name == "Maria")[:8]
    assert [row.name for row in page.rows] == [f"Maria {days}" for days in expected]
    assert asked == ways


@pytest.mark.parametrize(
    ("filters", "found", "looked_through", "everybody", "far"),
    [
        (Filters(), 0, 1_000, 1_000_000, True),
        (Filters(), 20, 1_000, 1_000_000, False),  # twenty thousand are not sooner looked up
        (Filters(), 6, 1_000, 1_000_000, False),
        (Filters(), 6, 1_000, 100_000, True),  # six hundred are
        (Filters(), 30, 15_000, 1_000_000, True),  # the first of them misled
        (Filters(status=Status.ACTIVE), 9, 1_000, 1_000_000, False),
        (Filters(status=Status.ACTIVE), 6, 1_000, 1_000_000, True),  # rows of a filtered view lie apart
    ],
)
def test_how_far_a_page_is_told_by_what_was_found(
    filters: Filters,
    found: int,
    looked_through: int,
    everybody: int,
    far: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert is_far(filters, 51 - found, found, looked_through, everybody) is far
