from collections.abc import Mapping
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.clock import SAO_PAULO
from lastlink_ui.core.ids import PlanId, new_id
from lastlink_ui.subscribers.filters import SEARCH_LIMIT, Filters, InList, Sheet, Since, Sort, SortKey
from lastlink_ui.subscribers.lifecycle import Method, Status

NAMES = [
    "q", "status", "since", "from", "to", "sheet", "plan", "method", "list", "sort", "after", "before",
    "assinatura", "other",
]  # fmt: skip
KNOWN = ["active", "canceled", "7d", "30d", "2026-11-22", "1999-01-01", "inactive", "card", "in", "-name", "0001-01-01", "9999-12-31"]  # fmt: skip  # noqa: E501
values = st.one_of(
    st.text(),
    st.sampled_from(KNOWN),
    st.uuids().map(str),
    st.lists(st.text(), max_size=2),
    st.none(),
    st.integers(),
)
queries = st.dictionaries(st.sampled_from(NAMES), values)


def read(address: str) -> Filters:
    return Filters.from_query(dict(parse_qsl(address.partition("?")[2], keep_blank_values=True)))


@given(queries)
def test_any_query_is_a_view_and_its_address_leads_back_to_it(query: Mapping[str, object]) -> None:
    filters = Filters.from_query(query)
    assert read(filters.url) == filters
    assert len(filters.q) <= SEARCH_LIMIT
    assert "\0" not in filters.q
    assert not (filters.after and filters.before)
    first, last = filters.days(datetime(2026, 11, 22, tzinfo=UTC))
    assert first is None or last is None or first <= last


@given(queries, st.text())
def test_another_selection_begins_on_its_first_page(query: Mapping[str, object], typed: str) -> None:
    filters = Filters.from_query(query)
    today = date(2026, 11, 22)
    for other in (
        filters.searching(typed),
        filters.with_status(Status.CANCELED),
        filters.with_since(Since.WEEK),
        filters.between(today, date(2026, 1, 1)),
        filters.on_sheet(Sheet.ACTIVE),
        filters.with_plan(PlanId(new_id())),
        filters.with_method(Method.BOLETO),
        filters.with_list(InList.OUT),
        filters.sorted_by(SortKey.AMOUNT),
        filters.whole(),
    ):
        assert other.is_first_page
        assert read(other.url) == other


def test_the_plain_page_has_a_plain_address() -> None:
    assert Filters().url == "/assinantes"
    assert Filters.from_query({}) == Filters()


def test_every_filter_is_in_the_address_under_its_documented_name() -> None:
    filters = Filters.from_query(
        {"q": "@ana & cia", "status": "canceled", "since": "30d", "sheet": "inactive"}
    )
    assert filters.url == "/assinantes?q=%40ana+%26+cia&status=canceled&since=30d&sheet=inactive"
    assert filters.is_filtered


@pytest.mark.parametrize(
    ("since", "first"), [(Since.WEEK, date(2026, 11, 16)), (Since.MONTH, date(2026, 10, 24))]
)
def test_the_week_starts_six_days_ago_and_the_month_29_by_the_days_of_sao_paulo(
    since: Since, first: date
) -> None:
    # The last minute of the 22nd in São Paulo is already the 23rd in UTC.
    for now in (
        datetime(2026, 11, 22, 0, 0, tzinfo=SAO_PAULO),
        datetime(2026, 11, 22, 23, 59, tzinfo=SAO_PAULO),
    ):
        assert Filters().with_since(since).days(now.astimezone(UTC)) == (first, None)


def test_reversed_days_are_swapped() -> None:
    filters = Filters.from_query({"from": "2026-11-22", "to": "2026-11-01"})
    assert (filters.first_day, filters.last_day) == (date(2026, 11, 1), date(2026, 11, 22))


def test_a_ready_made_stretch_wins_over_days() -> None:
    filters = Filters.from_query({"since": "7d", "from": "2026-11-22"})
    assert (filters.since, filters.first_day) == (Since.WEEK, None)


def test_sorting_twice_by_one_column_turns_it_round() -> None:
    once = Filters().sorted_by(SortKey.NAME)
    assert once.sort == Sort(SortKey.NAME, descending=False)
    assert once.sorted_by(SortKey.NAME).sort == Sort(SortKey.NAME, descending=True)
    assert once.sorted_by(SortKey.AMOUNT).sort == Sort(SortKey.AMOUNT, descending=True)


def test_opening_a_drawer_keeps_the_page() -> None:
    filters = Filters.from_query({"after": "abc"}).opening(None)
    assert filters.after == "abc"


def test_the_file_has_the_whole_selection() -> None:
    filters = Filters.from_query({"q": "ana", "after": "abc", "assinatura": str(new_id())})
    assert filters.export_url == "/exportar/assinantes.csv?q=ana"
