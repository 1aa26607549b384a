"""The preview is the page that saving the draft would give."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.ids import CreatorId, PlanId, new_id
from lastlink_ui.core.period import Period
from lastlink_ui.plans.preview import with_draft
from lastlink_ui.plans.rules import PlanDraft
from lastlink_ui.plans.service import PublicPage, PublicPlan

MONTHLY = PublicPlan(
    PlanId(new_id()), "Mensal", "", 2990, Period.MONTHLY, 2990, highlighted=True, saving=None
)
ANNUAL = PublicPlan(PlanId(new_id()), "Anual", "", 24900, Period.ANNUAL, 2075, highlighted=False, saving=31)
PAGE = PublicPage(CreatorId(new_id()), "Ana", "ana", "", "#7c3aed", (MONTHLY, ANNUAL))


def test_a_new_plan_comes_after_the_others_with_its_saving() -> None:
    page = with_draft(PAGE, PlanDraft("Trimestral", "79,90", "quarterly"), None)
    assert [plan.name for plan in page.plans] == ["Mensal", "Anual", "Trimestral"]
    assert (page.plans[2].saving, page.plans[2].per_month) == (11, 2663)


def test_a_changed_price_changes_the_savings_of_the_others() -> None:
    page = with_draft(PAGE, PlanDraft("Mensal", "49,90", "monthly", highlighted=True), MONTHLY.id)
    assert [(plan.amount, plan.saving) for plan in page.plans] == [(4990, None), (24900, 58)]


def test_only_the_draft_is_the_most_popular_when_it_says_so() -> None:
    page = with_draft(PAGE, PlanDraft("Anual", "249", "annual", highlighted=True), ANNUAL.id)
    assert [plan.highlighted for plan in page.plans] == [False, True]


def test_what_cannot_be_read_yet_shows_what_was() -> None:
    page = with_draft(PAGE, PlanDraft("", "5,00", "", highlighted=True), MONTHLY.id)
    assert page == PAGE
    assert with_draft(PAGE, PlanDraft("Novo", ""), None) == PAGE


@given(
    name=st.text(max_size=80), price=st.text(max_size=12), period=st.text(max_size=10), description=st.text()
)
def test_no_draft_is_ever_an_exception(name: str, price: str, period: str, description: str) -> None:
    draft = PlanDraft(name, price, period, description)
    for plan_id in (None, MONTHLY.id):
        assert len(with_draft(PAGE, draft, plan_id).plans) in {2, 3}
        assert with_draft(replace(PAGE, plans=()), draft, plan_id).handle == "ana"
