"""What a fan reads of plans, prices and a payment's outcome."""

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.billing.checkouts import Confirmation
from lastlink_ui.core.ids import CheckoutId, CreatorId, PlanId
from lastlink_ui.core.period import Period
from lastlink_ui.plans.service import PublicPage, PublicPlan
from lastlink_ui.plans.storefront import Storefront, chosen_beforehand, description_of
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.subscribers.recording import Voucher
from lastlink_ui.web.public.offer import Offer, find_plan
from lastlink_ui.web.thanks.receipt import Receipt, safe_link, stage_of

_NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def _plan(number: int, name: str, amount: int, period: Period, *, saving: int | None = None) -> PublicPlan:
    return PublicPlan(
        id=PlanId(uuid.UUID(int=number)),
        name=name,
        description="",
        amount=amount,
        period=period,
        per_month=round(amount / period.months),
        highlighted=saving == 11,
        saving=saving,
    )


MONTHLY = _plan(1, "Mensal", 2990, Period.MONTHLY)
QUARTERLY = _plan(2, "Trimestral", 7990, Period.QUARTERLY, saving=11)


def _page(*plans: PublicPlan, about: str = "Bastidores.") -> PublicPage:
    return PublicPage(CreatorId(uuid.UUID(int=9)), "Ana Demo", "anademo", about, "#7c3aed", plans)


def test_a_card_says_what_the_plan_comes_to() -> None:
    monthly, quarterly = Storefront.of(_page(MONTHLY, QUARTERLY)).plans
    assert (monthly.lines, monthly.price, monthly.every, monthly.tag) == (
        ["cobrado todo mês"],
        "R$\N{NO-BREAK SPACE}29,90",
        "por mês",
        "",
    )
    assert quarterly.lines == ["R$\N{NO-BREAK SPACE}26,63 por mês, economia de 11%"]
    assert quarterly.tag == "Mais popular"


def test_the_most_popular_plan_is_marked_else_the_first() -> None:
    assert chosen_beforehand(_page(MONTHLY, QUARTERLY)) is QUARTERLY
    assert chosen_beforehand(_page(MONTHLY)) is MONTHLY
    assert chosen_beforehand(_page()) is None


def test_a_preview_begins_with_the_price() -> None:
    assert (
        description_of(_page(QUARTERLY, MONTHLY))
        == "A partir de R$\N{NO-BREAK SPACE}29,90 por mês. Bastidores."
    )


@given(st.text(max_size=600))
def test_a_preview_is_short_and_on_one_line(about: str) -> None:
    description = description_of(_page(MONTHLY, about=about))
    assert len(description) <= 200
    assert "\n" not in description


def test_before_paying_it_says_how_much_and_when_next() -> None:
    assert Offer.of(QUARTERLY, _NOW) == Offer(
        "Assinar por R$\N{NO-BREAK SPACE}79,90",
        "Cobrança de R$\N{NO-BREAK SPACE}79,90 hoje e a cada 3 meses; a próxima em 22/02/2027.",
    )
    assert Offer.of(None, _NOW) == Offer("Assinar", "")


def test_a_plan_is_found_among_those_that_are_sold_only() -> None:
    assert find_plan([MONTHLY], str(MONTHLY.id)) is MONTHLY
    assert find_plan([MONTHLY], str(QUARTERLY.id)) is None
    assert find_plan([MONTHLY], "") is None


def _confirmation(status: Status | None, **fields: object) -> Confirmation:
    values: dict[str, object] = {
        "checkout_id": CheckoutId(uuid.UUID(int=5)),
        "creator_id": CreatorId(uuid.UUID(int=6)),
        "creator_name": "Ana Demo",
        "creator_handle": "anademo",
        "plan_name": "Trimestral",
        "amount": 7990,
        "period": "quarterly",
        "method": Method.CARD,
        "status": status,
        "renews_at": datetime(2027, 2, 22, 15, 0, tzinfo=UTC) if status is Status.ACTIVE else None,
        "access_text": "Peça para seguir @ana.vip",
        "access_link": "https://t.me/ana",
    }
    return Confirmation(**values | fields)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (None, "Aguardando pagamento"),
        (Status.PAYMENT_PENDING, "Aguardando pagamento"),
        (Status.ACTIVE, "Assinatura confirmada"),
        (Status.CANCELED, "Assinatura cancelada"),
        (Status.REFUNDED, "Assinatura cancelada"),
        (Status.CHARGED_BACK, "Assinatura cancelada"),
    ],
)
def test_the_heading_follows_the_status(status: Status | None, heading: str) -> None:
    receipt = Receipt.of(_confirmation(status))
    assert receipt.heading == heading
    assert stage_of(_confirmation(status)) == receipt.stage


def test_a_boleto_that_waits_shows_its_line_and_its_due_date() -> None:
    line = "34191790010104351004791020150008291070026000123"
    waiting = _confirmation(
        Status.PAYMENT_PENDING,
        method=Method.BOLETO,
        voucher=Voucher(line, "https://payments.example/boleto"),
        due_at=datetime(2026, 11, 26, 2, 59, tzinfo=UTC),
    )
    receipt = Receipt.of(waiting)
    assert (receipt.stage, receipt.heading) == ("boleto", "Aguardando pagamento")
    assert receipt.line == "34191.79001 01043.510047 91020.150008 2 91070026000123"
    assert (receipt.line_digits, receipt.voucher) == (line, "https://payments.example/boleto")
    assert "Pague até 25/11/2026" in receipt.sentence
    assert {fact.name: fact.value for fact in receipt.facts}["Vencimento"] == "25/11/2026"


def test_a_boleto_that_nobody_paid_says_so() -> None:
    receipt = Receipt.of(_confirmation(Status.CANCELED, method=Method.BOLETO, has_expired=True))
    assert (receipt.stage, receipt.heading, receipt.line) == ("expired", "Boleto vencido", "")
    assert "Nada foi cobrado" in receipt.sentence


def test_access_is_told_to_those_who_paid_alone() -> None:
    assert Receipt.of(_confirmation(Status.ACTIVE)).access_link == "https://t.me/ana"
    for status in (None, Status.PAYMENT_PENDING, Status.CANCELED, Status.REFUNDED, Status.CHARGED_BACK):
        receipt = Receipt.of(_confirmation(status))
        assert (receipt.access_text, receipt.access_link) == ("", "")


def test_without_instructions_it_says_that_access_is_given_by_hand() -> None:
    receipt = Receipt.of(_confirmation(Status.ACTIVE, access_text="", access_link=""))
    assert "Ana Demo" in receipt.access_text


def test_the_summary_names_plan_price_and_next_charge() -> None:
    facts = {fact.name: fact.value for fact in Receipt.of(_confirmation(Status.ACTIVE)).facts}
    assert facts["Plano"] == "Trimestral"
    assert facts["Valor"] == "R$\N{NO-BREAK SPACE}79,90 a cada 3 meses"
    assert facts["Próxima cobrança"] == "22/02/2027"
    assert "Próxima cobrança" not in {fact.name for fact in Receipt.of(_confirmation(None)).facts}


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "http://t.me/ana", "//t.me", "data:text/html,x", "https://", "t.me", ""]
)
def test_only_a_web_page_over_https_becomes_a_link(link: str) -> None:
    assert safe_link(link) == ""


@given(st.text(max_size=80))
def test_no_text_at_all_becomes_another_kind_of_link(text: str) -> None:
    assert safe_link(text) == "" or text.lower().startswith("https://")
