import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lastlink_ui.accounts.models import Creator
from lastlink_ui.core.clock import day_start, sao_paulo_day
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import SubscriptionId, new_id
from lastlink_ui.core.period import Period
from lastlink_ui.db import Database
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers import counting, reading, windows
from lastlink_ui.subscribers.counting import pieces
from lastlink_ui.subscribers.cursors import END, Cursor
from lastlink_ui.subscribers.filters import Filters, InList, Sheet, Since, Sort, SortKey
from lastlink_ui.subscribers.lifecycle import (
    DisputeStatus,
    Method,
    PaymentFacts,
    PaymentStatus,
    RefundStatus,
    Status,
)
from lastlink_ui.subscribers.models import Fan, Grain, Wish
from lastlink_ui.subscribers.queries import Subscribers
from lastlink_ui.subscribers.rules import ReaddRefusal, RefundRefusal, RemoveRefusal
from tests.support.clock import NOW, StoppedClock
from tests.support.world import Subscriber, World, paid

NAMES = ["Ana Lima", "Ána Líma", "João 100%", "José_Silva", "Beatriz \\ Cia", "Zuleide", "Édipo", "ana"]
many_examples = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True, slots=True)
class Crowd:
    """A creator with everything that filters tell apart."""

    creator: Creator
    plans: tuple[Plan, ...]
    subscribers: tuple[Subscriber, ...]

    def expected(self, filters: Filters) -> list[SubscriptionId]:
        """What the page should show, by a look at every row."""
        shown = [each for each in self.subscribers if lets_through(filters, each)]
        keys: Mapping[SortKey, Callable[[Subscriber], Any]] = {
            SortKey.STARTED: lambda s: (s.subscription.started_at, s.subscription.id),
            SortKey.NAME: lambda s: (s.fan.sort_name, s.fan.id, s.subscription.id),
            SortKey.AMOUNT: lambda s: (s.subscription.amount, s.subscription.id),
            SortKey.ACCESS: lambda s: (s.subscription.access_until, s.subscription.id),
        }
        dated = [s for s in shown if filters.sort.key is not SortKey.ACCESS or s.subscription.access_until]
        undated = [s for s in shown if s not in dated]
        dated.sort(key=keys[filters.sort.key], reverse=filters.sort.descending)
        undated.sort(key=lambda s: s.subscription.id, reverse=filters.sort.descending)
        return [s.subscription.id for s in dated + undated]


def lets_through(filters: Filters, each: Subscriber) -> bool:
    row, fan = each.subscription, each.fan
    first, last = filters.days(NOW)
    day = sao_paulo_day(row.started_at)
    term = " ".join(filters.q.split()).lstrip("@").lower().replace("á", "a")
    return (
        filters.status in {None, row.status}
        and filters.plan in {None, row.plan_id}
        and filters.method in {None, row.method}
        and filters.in_list in {None, InList.IN if row.in_list else InList.OUT}
        and (filters.sheet is not Sheet.ACTIVE or (row.status is Status.ACTIVE and row.in_list))
        and (filters.sheet is not Sheet.INACTIVE or row.status.is_over)
        and (first is None or day >= first)
        and (last is None or day <= last)
        and (found_in_short(term, fan) if 0 < len(term) < 3 else term in fan.search_text)
    )


def found_in_short(term: str, fan: Fan) -> bool:
    """One or two letters: where the profile, the e-mail or a word of the name begins."""
    return any(word.startswith(term) for word in fan.search_text.replace("\n", " ").split(" "))


async def crowd(world: World, size: int = 40, seed: int = 1) -> Crowd:
    chance = random.Random(seed)  # noqa: S311 - a reproducible crowd
    creator = await world.creator()
    plans = (
        await world.plan(creator),
        await world.plan(creator, "Anual", amount=24900, period=Period.ANNUAL),
    )
    subscribers: list[Subscriber] = []
    for number in range(size):
        plan, method = chance.choice(plans), chance.choice([Method.CARD, Method.BOLETO])
        began = NOW - timedelta(hours=chance.choice([0, 14, 15, 16, 24 * 6 + 14, 24 * 6 + 16, 24 * 40, 9000]))
        payments = [paid(plan, began, method=method)]
        fate = chance.randrange(6)
        if fate == 0:
            payments = [replace(payments[0], status=PaymentStatus.PENDING, paid_at=None)]
        if fate == 1:
            payments = [replace(payments[0], dispute=DisputeStatus.OPEN, disputed_at=NOW)]
        if fate == 2:
            returned = {"refund": RefundStatus.SUCCEEDED, "refunded_amount": plan.amount, "refunded_at": NOW}
            payments = [replace(payments[0], **returned)]
        subscribers.append(
            await world.subscriber(
                plan,
                chance.choice(NAMES),
                handle=f"perfil.{number}_{chance.choice('abc')}",
                email=f"{chance.choice('abc')}{number}@example.com",
                method=method,
                started_at=began,
                payments=payments,
                cancel_at_period_end=fate in {2, 3},
                in_list=chance.choice([None, None, False]),
            )
        )
    return Crowd(creator, plans, tuple(subscribers))


views = st.builds(
    Filters,
    q=st.sampled_from(
        [
            "",
            "",
            "",
            "ana",
            "@perfil",
            "ÁNA l",
            "100%",
            "e_s",
            "\\",
            "a1",
            "b",
            "an",
            "c \\",
            "example",
            "nobody",
        ]
    ),
    status=st.sampled_from([None, None, *Status]),
    sheet=st.sampled_from(Sheet),
    method=st.sampled_from([None, Method.CARD, Method.BOLETO, Method.PIX]),
    in_list=st.sampled_from([None, *InList]),
    sort=st.builds(Sort, st.sampled_from(SortKey), st.booleans()),
)
days = st.one_of(
    st.none(),
    st.sampled_from(Since),
    st.tuples(
        st.none() | st.dates(date(2025, 10, 1), date(2026, 12, 31)),
        st.none() | st.dates(date(2025, 10, 1), date(2026, 12, 31)),
    ),
)


def with_days(filters: Filters, chosen: Since | tuple[date | None, date | None] | None) -> Filters:
    return filters.between(*chosen) if isinstance(chosen, tuple) else filters.with_since(chosen)


@pytest.fixture
async def people(world: World) -> Crowd:
    await crowd(world, 10, seed=2)
    return await crowd(world)


@pytest.fixture
def subscribers(database: Database, clock: StoppedClock) -> Subscribers:
    return Subscribers(database, clock)


@many_examples
@given(views, days, st.booleans(), st.integers(1, 9))
async def test_pages_and_counts_agree_with_a_look_at_every_row(
    people: Crowd,
    subscribers: Subscribers,
    filters: Filters,
    chosen: Since | tuple[date | None, date | None] | None,
    one_plan: bool,  # noqa: FBT001 - drawn by Hypothesis
    size: int,
) -> None:
    filters = with_days(filters, chosen).with_plan(people.plans[0].id if one_plan else None)
    expected = people.expected(filters)
    creator = people.creator.id

    seen: list[SubscriptionId] = []
    here: Filters | None = filters
    while here is not None:
        page = await subscribers.page(creator, here, size)
        assert page.position == len(seen)
        assert bool(page.previous) == bool(seen)
        seen += [row.subscription_id for row in page.rows]
        here = filters.page_after(page.next) if page.next else None
    assert seen == expected

    back: list[SubscriptionId] = []
    here = filters.page_before(END)
    while here is not None:
        page = await subscribers.page(creator, here, size)
        ids = [row.subscription_id for row in page.rows]
        back = ids[: len(expected) - len(back)] + back
        here = filters.page_before(page.previous) if page.previous else None
    assert back[-len(expected) :] == expected

    counts = await subscribers.counts(creator, filters)

    def number(other: Filters) -> int:
        return len(people.expected(other))

    assert counts.total == number(filters)
    assert counts.everybody == len(people.subscribers)
    assert counts.statuses == {each: number(filters.with_status(each)) for each in Status}
    assert counts.any_status == number(filters.with_status(None))
    assert counts.since == {each: number(filters.with_since(each)) for each in Since}
    assert counts.any_day == number(filters.with_since(None))
    assert counts.sheets == {each: number(filters.on_sheet(each)) for each in Sheet}
    assert counts.methods == {each: number(filters.with_method(each)) for each in Method}
    assert counts.in_list == {each: number(filters.with_list(each)) for each in InList}
    for plan in people.plans:
        assert counts.plans.get(plan.id, 0) == number(filters.with_plan(plan.id))


async def test_a_search_that_finds_many_shows_the_same_as_one_that_finds_few(
    people: Crowd, subscribers: Subscribers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_FOUND", 0)
    monkeypatch.setattr(windows, "FIRST_ROWS", 2)
    for sort, q, view in itertools.product(
        (Sort(), Sort(SortKey.STARTED, descending=False), Sort(SortKey.ACCESS), Sort(SortKey.NAME)),
        ("ana", "a", "example"),
        (
            Filters(),
            Filters(method=Method.CARD),
            Filters(sheet=Sheet.INACTIVE),
            Filters(in_list=InList.OUT, since=Since.MONTH),
            Filters().between(date(2025, 10, 1), date(2026, 11, 21)),
        ),
    ):
        filters = replace(view, q=q, sort=sort)
        expected = people.expected(filters)
        seen: list[SubscriptionId] = []
        here: Filters | None = filters
        while here is not None:
            page = await subscribers.page(people.creator.id, here, 7)
            seen += [row.subscription_id for row in page.rows]
            here = filters.page_after(page.next) if page.next else None
        assert seen == expected
        if len(expected) > 7:
            last = await subscribers.page(people.creator.id, filters.page_before(END), 7)
            assert [row.subscription_id for row in last.rows] == expected[-7:]


async def test_a_search_is_counted_up_to_a_number_of_matches_and_no_further(
    people: Crowd, subscribers: Subscribers, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = Filters(q="ana", sheet=Sheet.INACTIVE)
    expected = len(people.expected(view))
    fans = {row.fan_id for row in (await subscribers.page(people.creator.id, Filters(q="ana"), 1000)).rows}
    monkeypatch.setattr(counting, "COUNTED_MATCHES", len(fans))
    counts = await subscribers.counts(people.creator.id, view)
    assert (counts.is_known, counts.total) == (True, expected)
    monkeypatch.setattr(counting, "COUNTED_MATCHES", len(fans) - 1)
    counts = await subscribers.counts(people.creator.id, view)
    assert (counts.is_known, counts.everybody) == (False, len(people.subscribers))
    # However long that takes, where a page is counted from its end.
    assert await subscribers.total(people.creator.id, view) == expected
    nobody = await subscribers.counts(people.creator.id, view.searching("nobody"))
    assert (nobody.is_known, nobody.total) == (True, 0)


instants = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.lists(st.integers(0, 20_000), max_size=30), instants, instants, instants, st.booleans())
def test_stretches_of_time_cover_each_instant_once_and_in_order(
    numbers: list[int],
    begin: datetime,
    end: datetime,
    now: datetime,
    newest_first: bool,  # noqa: FBT001 - drawn by Hypothesis
) -> None:
    starts = [day_start(date(2024 + n // 12, n % 12 + 1, 1)) for n in range(len(numbers) + 1)]
    months = [
        windows.Window(*month, number)
        for month, number in zip(itertools.pairwise(starts), numbers, strict=True)
    ]
    ordered = months[::-1] if newest_first else months
    found = list(windows.cut(ordered, begin, end, now, newest_first=newest_first))
    assert found == sorted(found, reverse=newest_first)
    assert all(window.begin < window.end for window in found)
    in_time = sorted(found)
    assert all(one.end == other.begin for one, other in itertools.pairwise(in_time))
    first, last = max(begin, starts[0]), min(end, starts[-1])
    assert (in_time[0].begin, in_time[-1].end) == (first, last) if first < last else not found


@given(days)
def test_whole_months_and_odd_days_cover_each_day_once(
    chosen: Since | tuple[date | None, date | None] | None,
) -> None:
    stretch = with_days(Filters(), chosen).days(NOW)
    first, last = stretch
    for number in range(800):
        day = date(2025, 1, 1) + timedelta(days=number)
        covered = 0
        for grain, begin, end in pieces(stretch):
            unit = day.replace(day=1) if grain is Grain.MONTH else day
            covered += (begin is None or unit >= begin) and (end is None or unit <= end)
        assert covered == ((first is None or day >= first) and (last is None or day <= last))


async def test_a_cursor_of_another_order_or_a_made_up_one_gives_the_first_page(
    people: Crowd, subscribers: Subscribers
) -> None:
    first = await subscribers.page(people.creator.id, Filters(), 5)
    for made_up in ("x", "bnVsbA", "W10", "", "é", first.next + "x"):
        assert await subscribers.page(people.creator.id, Filters().page_after(made_up), 5) == first
    by_amount = Filters().sorted_by(SortKey.AMOUNT)
    expected = await subscribers.page(people.creator.id, by_amount, 5)
    assert await subscribers.page(people.creator.id, by_amount.page_after(first.next), 5) == expected


@given(st.text() | st.binary().map(lambda raw: raw.hex()), st.builds(Sort, st.sampled_from(SortKey)))
def test_any_text_is_a_cursor_or_is_not(written: str, sort: Sort) -> None:
    assert Cursor.parse(written, sort) is None


async def test_rows_that_went_leave_the_last_page(
    people: Crowd, subscribers: Subscribers, clock: StoppedClock
) -> None:
    page = await subscribers.page(people.creator.id, Filters(), 39)
    behind = await subscribers.page(people.creator.id, Filters().page_after(page.next), 39)
    assert len(behind.rows) == 1
    # Nothing is older than the oldest row.
    oldest = await subscribers.page(people.creator.id, Filters().page_before(END), 39)
    beyond = Cursor(Sort(), (oldest.rows[-1].started_at, oldest.rows[-1].subscription_id), 40)
    assert await subscribers.page(people.creator.id, Filters().page_after(str(beyond)), 39) == oldest
    assert clock.now() == NOW


async def test_another_creators_rows_are_never_there(
    world: World, people: Crowd, subscribers: Subscribers
) -> None:
    stranger = await world.creator()
    theirs = [each.subscription.id for each in people.subscribers]

    assert (await subscribers.page(stranger.id, Filters())).rows == ()
    assert (await subscribers.page(stranger.id, Filters(q="ana"))).rows == ()
    assert await subscribers.rows(stranger.id, theirs) == ()
    assert (await subscribers.counts(stranger.id, Filters())).everybody == 0
    assert (await subscribers.counts(stranger.id, Filters(q="ana"))).total == 0
    for read in (subscribers.row, subscribers.detail):
        with pytest.raises(NotFound):
            await read(stranger.id, theirs[0])
    # The control: the same look-ups find everything for their owner.
    assert len(await subscribers.rows(people.creator.id, theirs)) == len(theirs)
    assert (await subscribers.row(people.creator.id, theirs[0])).subscription_id == theirs[0]
    with pytest.raises(NotFound):
        await subscribers.row(people.creator.id, SubscriptionId(new_id()))


async def test_a_row_has_what_the_screen_shows(world: World, subscribers: Subscribers) -> None:
    creator = await world.creator()
    plan = await world.plan(creator)
    began = NOW - timedelta(days=40)
    payments = [
        paid(plan, began),
        PaymentFacts(
            plan.amount,
            Method.CARD,
            PaymentStatus.FAILED,
            period_start=NOW - timedelta(days=10),
            period_end=NOW + timedelta(days=20),
        ),
    ]
    made = await world.subscriber(plan, "Ana Lima", handle="ana", payments=payments, wish=Wish.REMOVE)

    row = await subscribers.row(creator.id, made.subscription.id)

    assert (row.name, row.handle, row.plan_name) == ("Ana Lima", "ana", "Mensal")
    assert row.status is Status.PAYMENT_PENDING
    assert row.payment == payments[1]
    assert row.last_paid == payments[0]
    assert row.wish is Wish.REMOVE
    actions = row.actions(NOW)
    assert actions.remove is RemoveRefusal.NOT_IN_LIST
    assert actions.readd is ReaddRefusal.PAYMENT_PENDING
    assert actions.refund is RefundRefusal.NOT_CANCELED
    assert actions.cancel is None


async def test_a_detail_tells_what_happened_newest_first(world: World, subscribers: Subscribers) -> None:
    creator = await world.creator()
    made = await world.subscriber(await world.plan(creator), cancel_at_period_end=True)

    detail = await subscribers.detail(creator.id, made.subscription.id)

    assert detail.timeline[0].what.value == "canceled"
    assert {entry.what.value for entry in detail.timeline} == {
        "canceled",
        "paid",
        "subscribed",
        "entered_list",
    }
    assert len(detail.payments) == 1
