"""How long people who left are kept: said before it counts, and undone as easily."""

from playwright.sync_api import expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.creator import Creator
from tests.e2e.shop import Shop
from tests.support.server import DEMO_EMAIL, DEMO_PASSWORD, Server
from tests.support.signed_in import sign_in
from tests.web.accessibility import violations_in_every_look


def test_a_creator_chooses_how_long_people_are_kept(new_context: CreateContextCallback, shop: Shop) -> None:
    page = Creator.signed_in(new_context, shop, "/configuracoes").page
    card = page.get_by_role("region", name="Dados de quem saiu")
    months = card.get_by_role("combobox", name="Guardar por")
    expect(months).to_have_value("sempre")
    months.select_option("2 anos")
    card.get_by_role("button", name="Salvar prazo").click()
    expect(card.get_by_text("Prazo salvo. Vale a partir de agora.")).to_be_visible()
    assert violations_in_every_look(page) == []

    page.reload()
    expect(months).to_have_value("24")
    history = page.get_by_role("region", name="Histórico da conta")
    expect(history.get_by_text("Prazo dos dados de quem saiu mudado")).to_be_visible()


def test_what_a_choice_would_forget_today_is_said_before_it_counts(
    new_context: CreateContextCallback, server: Server
) -> None:
    context = new_context()
    sign_in(context, server.origin, DEMO_EMAIL, DEMO_PASSWORD)
    page = context.new_page()
    page.goto(f"{server.origin}/configuracoes")
    card = page.get_by_role("region", name="Dados de quem saiu")
    months = card.get_by_role("combobox", name="Guardar por")
    months.select_option("6 meses")
    effect = card.get_by_text("Com este prazo, os dados de")
    expect(effect).to_contain_text("são apagados hoje. Não há volta.")
    months.select_option("Até alguém pedir para apagar")
    expect(effect).to_have_count(0)
