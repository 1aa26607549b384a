"""A fan has the plan of the last charge that was paid, and the one that was chosen from the next one on."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.ids import PlanId, new_id
from lastlink_ui.core.period import Period
from lastlink_ui.subscribers.history import Happening
from lastlink_ui.subscribers.terms import Price, Terms, moments_of_terms, terms_after

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
PLANS = [PlanId(new_id()) for _ in range(3)]
prices = st.builds(Price, st.sampled_from(PLANS), st.sampled_from([2990, 4990]), st.just(Period.MONTHLY))
terms = st.builds(Terms, prices, st.none() | prices)
BASIC, EXTRA = Price(PLANS[0], 2990, Period.MONTHLY), Price(PLANS[1], 4990, Period.MONTHLY)


def _told(before: Terms, after: Terms) -> list[Happening]:
    return [moment.what for moment in moments_of_terms(before, after, NOW)]


def test_a_choice_waits_for_its_charge() -> None:
    before = Terms(BASIC)
    chosen = terms_after(before, BASIC, EXTRA)
    assert chosen == Terms(BASIC, EXTRA)
    assert terms_after(chosen, BASIC, EXTRA) == chosen
    changed = terms_after(chosen, EXTRA, EXTRA)
    assert changed == Terms(EXTRA)
    assert _told(before, chosen) == [Happening.PLAN_CHOSEN]
    assert _told(chosen, changed) == [Happening.PLAN_CHANGED]
    assert _told(chosen, terms_after(chosen, BASIC, BASIC)) == [Happening.PLAN_KEPT]


def test_todays_price_of_the_same_plan_counts_once_it_is_paid() -> None:
    dearer = Price(BASIC.plan_id, 3990, Period.MONTHLY)
    waits = terms_after(Terms(BASIC), BASIC, dearer)
    assert waits == Terms(BASIC, dearer)
    assert terms_after(waits, dearer, dearer) == Terms(dearer)


def test_what_another_charge_of_the_same_plan_came_to_changes_nothing() -> None:
    reduced = Price(BASIC.plan_id, 1000, Period.MONTHLY)
    assert terms_after(Terms(BASIC), reduced, BASIC) == Terms(BASIC)


def test_products_that_are_no_plans_of_ours_change_nothing() -> None:
    assert terms_after(Terms(BASIC), None, None) == Terms(BASIC)
    assert terms_after(Terms(BASIC), None, BASIC) == Terms(BASIC)


@given(terms, st.none() | prices, st.none() | prices)
def test_the_same_look_twice_says_nothing_new(
    known: Terms, charged: Price | None, coming: Price | None
) -> None:
    once = terms_after(known, charged, coming)
    assert terms_after(once, charged, coming) == once
    assert _told(once, once) == []
    assert once.next != once.paid
    if charged:
        assert once.paid.plan_id == charged.plan_id


@given(terms, prices, prices)
def test_nobody_has_what_was_only_chosen(known: Terms, charged: Price, coming: Price) -> None:
    assert terms_after(known, charged, coming).paid.plan_id == charged.plan_id
