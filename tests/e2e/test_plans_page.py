"""A creator writes plans; what cannot be is said beside the field and nothing typed is lost."""

import re

import httpx
import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.creator import Creator
from tests.e2e.pages.plans_page import PlansPage
from tests.e2e.pages.public_page import PublicPage
from tests.e2e.shop import Shop
from tests.support.screens import PHONE, WIDE, on_both_screens
from tests.web.accessibility import violations_in_every_look

TOO_LOW = "O preço precisa ser maior que R$ 5,00"
UNREADABLE = "Escreva o valor em reais, por exemplo 29,90"


@pytest.fixture
def screen() -> ViewportSize:
    return WIDE


@pytest.fixture
def ana(new_context: CreateContextCallback, shop: Shop, screen: ViewportSize) -> Creator:
    return Creator.signed_in(new_context, shop, "/planos", screen)


@pytest.fixture
def plans(ana: Creator) -> PlansPage:
    return PlansPage(ana.page)


@pytest.mark.parametrize(
    ("price", "sentence"), [("5,00", TOO_LOW), ("0", TOO_LOW), ("vinte", UNREADABLE), ("29.90", UNREADABLE)]
)
def test_a_price_that_cannot_be_is_refused_beside_its_field(
    plans: PlansPage, price: str, sentence: str
) -> None:
    plans.write_new()
    plans.field("Nome").fill("Semestral")
    plans.field("Preço").fill(price)
    plans.expect_error("Preço", sentence)  # as one types

    plans.save_button.click()
    expect(plans.editor).to_be_visible()
    expect(plans.field("Preço")).to_be_focused()
    expect(plans.field("Nome")).to_have_value("Semestral")
    expect(plans.field("Preço")).to_have_value(price)
    plans.page.keyboard.press("Escape")
    plans.expect_order("Mensal", "Trimestral", "Anual")


@on_both_screens
def test_one_centavo_above_the_floor_is_sold_at_once(plans: PlansPage, page: Page, shop: Shop) -> None:
    public = PublicPage(page).open(shop.address)
    plans.write_new()
    plans.field("Nome").fill("Semestral")
    plans.field("Preço").fill("R$ 5,01")
    plans.field("Período").select_option("Semestral")
    plans.save_button.click()
    plans.expect_said("Plano criado")
    plans.expect_order("Mensal", "Trimestral", "Anual", "Semestral")
    expect(public.plan("Semestral")).to_be_visible()


@on_both_screens
def test_a_new_price_is_for_new_subscribers(plans: PlansPage, page: Page, shop: Shop) -> None:
    shop.sell(f"fa.{shop.handle}@example.com")
    public = PublicPage(page).open(shop.address)
    plans.edit("Trimestral")
    plans.field("Preço").fill("99,90")
    expect(plans.editor).to_contain_text("1 assinante continua pagando R$\N{NO-BREAK SPACE}79,90.")
    plans.save_button.click()
    plans.expect_said("Plano salvo")
    public.choose("Trimestral")
    expect(page.get_by_role("button", name="Assinar por R$ 99,90")).to_be_visible()
    assert [row.amount for row in shop.rows()] == [7990]


@on_both_screens
def test_the_most_popular_plan_is_marked(plans: PlansPage, page: Page, shop: Shop) -> None:
    public = PublicPage(page).open(shop.address)
    plans.edit("Anual")
    plans.field("Marcar como mais popular").check()
    plans.save_button.click()
    plans.expect_said("Plano salvo")
    # The card says it aloud, too.
    expect(public.plan("Anual")).to_have_accessible_description(
        re.compile(r"Mais popular R\$.20,75 por mês, economia de 31%")
    )
    expect(page.get_by_text("Mais popular", exact=True)).to_have_count(1)


@on_both_screens
def test_an_archived_plan_leaves_the_public_page_and_comes_back(
    plans: PlansPage, page: Page, shop: Shop
) -> None:
    public = PublicPage(page).open(shop.address)
    plans.archive("Anual")
    plans.expect_order("Mensal", "Trimestral")
    expect(public.plan("Anual")).to_have_count(0)

    plans.page.get_by_role("button", name="Restaurar plano").click()
    plans.page.get_by_role("dialog").get_by_role("button", name="Restaurar plano").click()
    plans.expect_order("Mensal", "Trimestral", "Anual")
    expect(public.plan("Anual")).to_be_visible()


@on_both_screens
def test_what_was_typed_is_there_when_the_editor_opens_again(plans: PlansPage) -> None:
    plans.write_new()
    plans.field("Nome").fill("Semestral")
    plans.field("Instruções de acesso").fill("Peça para seguir.")
    plans.page.keyboard.press("Escape")
    expect(plans.editor).to_be_hidden()
    plans.write_new()
    expect(plans.field("Nome")).to_have_value("Semestral")
    expect(plans.field("Instruções de acesso")).to_have_value("Peça para seguir.")


@on_both_screens
def test_a_draft_outlives_the_browser_until_it_is_published_or_discarded(plans: PlansPage) -> None:
    plans.edit("Mensal")
    plans.field("Nome").fill("Mensal VIP")
    expect(plans.editor.get_by_role("region")).to_contain_text("Mensal VIP")
    plans.page.reload()
    expect(plans.field("Nome")).to_have_value("Mensal VIP")
    plans.page.keyboard.press("Escape")
    expect(plans.row("Mensal")).to_contain_text("Rascunho não publicado")

    plans.row("Mensal").get_by_role("button", name="Editar plano").click()
    expect(plans.field("Nome")).to_have_value("Mensal VIP")
    plans.editor.get_by_role("button", name="Descartar rascunho").click()
    expect(plans.field("Nome")).to_have_value("Mensal")
    plans.field("Nome").fill("Mensal 2")
    plans.save_button.click()
    plans.expect_said("Plano salvo")
    plans.expect_order("Mensal 2", "Trimestral", "Anual")
    expect(plans.row("Mensal 2")).not_to_contain_text("Rascunho")


@on_both_screens
def test_benefits_are_listed_on_the_page(plans: PlansPage, page: Page, shop: Shop) -> None:
    public = PublicPage(page).open(shop.address)
    assert "Lives" not in httpx.get(shop.address).text
    plans.edit("Mensal")
    plans.field("Benefícios").fill("\n".join(f"Vantagem {n}" for n in range(9)))
    plans.expect_error("Benefícios", "Use até 8 benefícios, um por linha")
    plans.field("Benefícios").fill("Stories todo dia\n\n  Lives <b>toda</b> semana ")
    expect(plans.editor.get_by_role("region")).to_contain_text("Lives <b>toda</b> semana")
    plans.save_button.click()
    plans.expect_said("Plano salvo")
    for benefit in ("Stories todo dia", "Lives <b>toda</b> semana"):
        expect(public.page.get_by_text(benefit, exact=True)).to_be_visible()
    # What is served is kept in memory, and yet as it is now.
    assert "Lives &lt;b&gt;toda&lt;/b&gt; semana" in httpx.get(shop.address).text


def test_the_preview_is_as_on_a_phone_or_wide(plans: PlansPage) -> None:
    plans.edit("Mensal")
    preview = plans.editor.get_by_role("region", name="Como fica na sua página")
    expect(preview.get_by_role("radio", name="Celular")).to_be_checked()
    narrow = preview.evaluate("element => element.clientWidth")
    preview.get_by_text("Computador").click()
    assert preview.evaluate("element => element.clientWidth") > 1.5 * narrow


@on_both_screens
def test_the_preview_follows_what_is_typed(plans: PlansPage) -> None:
    plans.edit("Mensal")
    plans.field("Preço").fill("39,90")
    preview = plans.editor.get_by_role("region", name="Como fica na sua página")
    expect(preview).to_contain_text("R$\N{NO-BREAK SPACE}39,90")
    expect(preview).to_contain_text("economia de 33%")  # 79,90 against 3 por 39,90


@on_both_screens
def test_the_order_is_kept(plans: PlansPage) -> None:
    plans.row("Anual").get_by_role("button", name="Mover para cima").click()
    plans.expect_order("Mensal", "Anual", "Trimestral")
    plans.page.reload()
    plans.expect_order("Mensal", "Anual", "Trimestral")


@on_both_screens
def test_a_plan_is_dragged_to_its_place(plans: PlansPage) -> None:
    plans.expect_order("Mensal", "Trimestral", "Anual")
    plans.drag("Mensal", below="Anual")
    plans.expect_said("Ordem salva: agora é o 3º de 3.")
    plans.expect_order("Trimestral", "Anual", "Mensal")
    plans.drag("Mensal", below="Mensal")  # let go where it was: nothing happens
    plans.drag("Anual", above="Trimestral")
    plans.expect_order("Anual", "Trimestral", "Mensal")
    plans.page.reload()
    plans.expect_order("Anual", "Trimestral", "Mensal")


@pytest.mark.parametrize("action", ["archive", "edit"])
def test_the_plan_of_somebody_else_is_not_found_and_stays(
    new_context: CreateContextCallback, plans: PlansPage, shop: Shop, action: str
) -> None:
    other = Shop.opened(shop.server)
    bia = Creator.signed_in(new_context, other, "/pagina")
    bia.lie(lambda sent: sent.replace(str(other.plans[2]), str(shop.plans[2])))
    lying = PlansPage(bia.goto("/planos"))

    button = {"archive": "Arquivar plano", "edit": "Editar plano"}[action]
    lying.row("Anual").get_by_role("button", name=button).click()

    expect(lying.page.get_by_role("alert").filter(has_text="Não encontramos")).to_be_visible()
    expect(lying.page.get_by_role("dialog")).to_be_hidden()
    plans.page.reload()
    plans.expect_order("Mensal", "Trimestral", "Anual")


def test_the_same_lie_about_an_own_plan_works(new_context: CreateContextCallback, shop: Shop) -> None:
    """The control of the test above: what is forged there does arrive."""
    ana = Creator.signed_in(new_context, shop, "/pagina")
    ana.lie(lambda sent: sent.replace(str(shop.plans[2]), str(shop.plans[0])))
    lying = PlansPage(ana.goto("/planos"))
    lying.row("Anual").get_by_role("button", name="Arquivar plano").click()
    expect(lying.page.get_by_role("dialog", name="Arquivar Mensal?")).to_be_visible()


@pytest.mark.parametrize("way", ["/planos", "/pagina"])
def test_no_phone_scrolls_sideways(ana: Creator, way: str) -> None:
    page = ana.goto(way)
    page.set_viewport_size(PHONE)
    expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_axe_finds_nothing_in_any_state(plans: PlansPage) -> None:
    plans.expect_order("Mensal", "Trimestral", "Anual")
    assert violations_in_every_look(plans.page) == []
    plans.write_new()
    plans.field("Preço").fill("5,00")
    plans.save_button.click()
    plans.expect_error("Preço", TOO_LOW)
    assert violations_in_every_look(plans.page) == []
    plans.page.keyboard.press("Escape")
    plans.archive("Anual")
    expect(plans.page.get_by_role("table", name="Arquivados")).to_be_visible()
    assert violations_in_every_look(plans.page) == []
