"""Prices, links and savings, by example and by property."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.period import Period
from lastlink_ui.plans import rules
from lastlink_ui.plans.rules import InvalidPlan, PlanDraft
from lastlink_ui.text import t
from lastlink_ui.text.formats import money

GOOD = PlanDraft(name="Mensal", price="29,90", period="monthly")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("5,00", "plan.price_too_low"),
        ("5", "plan.price_too_low"),
        ("0", "plan.price_too_low"),
        ("5,01", None),
        ("R$ 5,01", None),
        ("1.234,56", None),
        ("49.999,99", None),
        ("50.000,00", "plan.price_too_high"),
        ("999999999", "plan.price_too_high"),
        ("", "plan.price_missing"),
        ("   ", "plan.price_missing"),
        ("vinte", "money.unreadable"),
        ("29,9O", "money.unreadable"),
        ("29.90", "money.unreadable"),
        ("-10", "money.unreadable"),
        ("1e3", "money.unreadable"),
        ("\N{ARABIC-INDIC DIGIT FIVE}\N{ARABIC-INDIC DIGIT ZERO}", "money.unreadable"),
        ("5,001", "money.unreadable"),
    ],
)
def test_prices(typed: str, problem: str | None) -> None:
    assert rules.price_problem(typed) == problem


@given(st.integers(min_value=0, max_value=9_999_999))
def test_the_price_rule_is_a_strict_bound_however_it_is_written(centavos: int) -> None:
    for typed in (money(centavos), money(centavos).removeprefix("R$\N{NO-BREAK SPACE}").replace(".", "")):
        allowed = rules.price_problem(typed) is None
        assert allowed == (500 < centavos <= 4_999_999)


@given(st.text(max_size=40))
def test_no_price_is_ever_an_exception(typed: str) -> None:
    rules.price_problem(typed)


@pytest.mark.parametrize("link", ["", "https://t.me/+abc", "http://exemplo.com.br/a?b=c", "  https://a.co  "])
def test_links_taken(link: str) -> None:
    assert rules.link_problem(link) is None


@pytest.mark.parametrize(
    "link",
    [
        "t.me/abc",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "https://",
        "https:///x",
        "https://instagram.com@malicioso.example",
        "https://a b.com",
        "https://a.com\\@b.com",
        "https://[::1",
        "https://a.com:x/",
        "https://a.com/\n",
        "ftp://a.com",
    ],
)
def test_links_refused(link: str) -> None:
    problem = rules.link_problem(link)
    assert problem == "plan.link_unreadable" or link != link.strip()


@given(st.text(max_size=80) | st.from_regex(r"https?://[ -~]{0,40}", fullmatch=True))
def test_a_taken_link_is_a_web_address(link: str) -> None:
    if link.strip() and rules.link_problem(link) is None:
        assert link.strip().lower().startswith(("http://", "https://"))


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(InvalidPlan) as refused:
        rules.read(PlanDraft(name=" ", price="5,00", period="weekly", access_link="x"))
    assert refused.value.errors == {
        "name": "plan.name_missing",
        "price": "plan.price_too_low",
        "period": "plan.period_missing",
        "access_link": "plan.link_unreadable",
    }
    assert all(t(key) for key in refused.value.errors.values())


@pytest.mark.parametrize(("name", "fits"), [("a", True), ("a" * 60, True), ("a" * 61, False), ("\0", False)])
def test_names(name: str, fits: bool) -> None:  # noqa: FBT001 - a table's column
    assert ("name" not in rules.problems(PlanDraft(name=name, price="29,90"))) == fits


@given(
    name=st.text(max_size=80),
    description=st.text(max_size=220),
    access_text=st.text(max_size=1100),
    price=st.sampled_from(["29,90", "R$ 1.000"]),
    period=st.sampled_from(Period),
)
def test_what_is_read_fits_the_table_and_reads_the_same_again(
    name: str, description: str, access_text: str, price: str, period: Period
) -> None:
    draft = PlanDraft(name, price, period, description, access_text)
    try:
        terms = rules.read(draft)
    except InvalidPlan:
        return
    assert 0 < len(terms.name) <= 60
    assert len(terms.description) <= 200
    assert len(terms.access_text) <= 1000
    assert "\0" not in terms.name + terms.description + terms.access_text
    (terms.name + terms.description + terms.access_text).encode()
    again = PlanDraft(terms.name, price, period, terms.description, terms.access_text)
    assert rules.read(again) == terms


def test_savings_as_the_page_shows_them() -> None:
    assert rules.saving(7990, Period.QUARTERLY, 2990) == 11
    assert rules.saving(24900, Period.ANNUAL, 2990) == 31
    assert rules.per_month(7990, Period.QUARTERLY) == 2663
    assert rules.per_month(24900, Period.ANNUAL) == 2075


def test_no_saving_without_a_monthly_plan_or_when_it_costs_more() -> None:
    assert rules.saving(7990, Period.QUARTERLY, None) is None
    assert rules.saving(2990, Period.MONTHLY, 2990) is None
    assert rules.saving(9000, Period.QUARTERLY, 2990) is None


@given(
    amount=st.integers(min_value=501, max_value=4_999_999),
    monthly=st.integers(min_value=501, max_value=4_999_999),
    period=st.sampled_from(Period),
)
def test_a_saving_is_within_half_a_percent_of_the_truth(amount: int, monthly: int, period: Period) -> None:
    percent = rules.saving(amount, period, monthly)
    if percent is None:
        return
    assert 1 <= percent <= 100
    full = monthly * period.months
    assert abs(percent - 100 * (full - amount) / full) <= 0.5 + 1e-9


@given(amount=st.integers(min_value=501, max_value=4_999_999), period=st.sampled_from(Period))
def test_a_month_s_price_is_within_half_a_centavo(amount: int, period: Period) -> None:
    assert abs(rules.per_month(amount, period) * period.months - amount) * 2 <= period.months


@given(st.text(max_size=900))
def test_benefits_are_lines_that_say_something_and_read_back_as_they_are(typed: str) -> None:
    benefits = rules.benefits_of(typed)
    assert all(benefit == benefit.strip() != "" for benefit in benefits)
    assert rules.benefits_of("\n".join(benefits)) == benefits
    fits = len(benefits) <= rules.BENEFITS_MOST and all(len(each) <= rules.BENEFIT_MAX for each in benefits)
    assert ("benefits" in rules.problems(replace(GOOD, benefits=typed))) == (not fits)
