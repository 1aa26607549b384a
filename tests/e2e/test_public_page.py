"""A fan opens the page, fills in the form and is taken to pay; whatever goes wrong, nothing typed is lost."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from lastlink_ui.core.period import add_months
from lastlink_ui.text.formats import day
from tests.e2e.creator import Creator
from tests.e2e.pages.plans_page import PlansPage
from tests.e2e.pages.public_page import PaymentPage, PublicPage
from tests.e2e.pages.thanks_page import ThanksPage
from tests.e2e.shop import ABOUT, Shop
from tests.support.screens import on_both_screens
from tests.support.server import Server
from tests.web.accessibility import violations_in_every_look

BEATRIZ = {"name": "Beatriz Ribeiro", "profile": "@Beatriz.Ribeiro", "email": "Beatriz@Example.com"}
UNAVAILABLE = (
    "Não conseguimos abrir a página de pagamento. Nada foi cobrado e o que você escreveu continua aqui. "
    "Tente de novo em instantes."
)
NOT_SOLD = "Esse plano saiu de venda agora há pouco. Escolha outro para continuar."
# The target of the project is 190 KB; bytes as they come over the wire, the websocket apart.
MAX_TRANSFERRED = 190_000


@pytest.fixture
def fan(page: Page, shop: Shop) -> PublicPage:
    """A fan who opened the shop's page."""
    return PublicPage(page).open(shop.address)


@on_both_screens
def test_a_fan_subscribes_and_is_told_how_to_get_in(fan: PublicPage, shop: Shop) -> None:
    fan.choose("Trimestral")
    fan.fill_in(**BEATRIZ)
    fan.subscribe()
    PaymentPage(fan.page).expect_open().pay()

    thanks = ThanksPage(fan.page)
    thanks.expect_confirmed()
    thanks.expect_fact("Plano", "Trimestral")
    thanks.expect_fact("Valor", "R$\N{NO-BREAK SPACE}79,90 a cada 3 meses")
    thanks.expect_access("Peça para seguir @ana.vip", "https://t.me/exemplo")
    (checkout,) = shop.checkouts()
    assert checkout["metadata"]["handle"] == "beatriz.ribeiro"


@on_both_screens
def test_the_most_popular_plan_is_chosen_beforehand_and_the_offer_follows_the_choice(fan: PublicPage) -> None:
    expect(fan.plan("Trimestral")).to_be_checked()
    fan.choose("Mensal")
    expect(fan.page.get_by_role("button", name="Assinar por R$ 29,90")).to_be_visible()
    next_charge = day(add_months(datetime.now(UTC), 1))
    fan.expect_offer(f"Cobrança de R$ 29,90 hoje e todo mês; a próxima em {next_charge}.")


@on_both_screens
def test_an_empty_form_says_what_is_missing_and_calls_nobody(fan: PublicPage, shop: Shop) -> None:
    fan.subscribe()
    fan.expect_error("Nome completo", "Escreva seu nome completo")
    fan.expect_error("Perfil", "Escreva seu @perfil, por exemplo @ana.lima")
    fan.expect_error("E-mail", "Escreva seu e-mail, por exemplo ana@gmail.com")
    expect(fan.field("Nome completo")).to_be_focused()
    assert shop.checkouts() == []


@on_both_screens
def test_a_bad_email_is_told_while_typing_and_gone_when_it_is_good(fan: PublicPage) -> None:
    fan.field("E-mail").press_sequentially("beatriz@")
    fan.expect_error("E-mail", "Complete o e-mail, por exemplo beatriz@gmail.com")
    expect(fan.field("E-mail")).to_be_focused()

    fan.field("E-mail").press_sequentially("example.com")
    fan.expect_no_error("E-mail")
    expect(fan.field("E-mail")).to_have_value("beatriz@example.com")


@on_both_screens
def test_what_was_typed_outlives_a_reload(fan: PublicPage) -> None:
    fan.choose("Anual")
    fan.fill_in(**BEATRIZ)
    fan.field("Nome completo").focus()  # leaving a field keeps it
    expect_kept(fan.page, "Beatriz@Example.com")
    fan.page.reload()
    fan.expect_filled_in(**BEATRIZ)
    expect(fan.plan("Anual")).to_be_checked()


@on_both_screens
def test_a_declined_card_can_be_tried_again_and_going_back_keeps_the_form(
    fan: PublicPage, shop: Shop
) -> None:
    fan.fill_in(**BEATRIZ)
    fan.subscribe()
    payment = PaymentPage(fan.page).expect_open()
    payment.pay("4000 0000 0000 0002")
    expect(fan.page.get_by_role("button", name="Pagar")).to_be_visible()
    assert len(shop.checkouts()) == 1

    fan.open(shop.address)
    fan.expect_filled_in(**BEATRIZ)


@on_both_screens
def test_two_presses_make_one_checkout(fan: PublicPage, shop: Shop) -> None:
    fan.fill_in(**BEATRIZ)
    fan.subscribe_button.dblclick()
    PaymentPage(fan.page).expect_open()
    assert len(shop.checkouts()) == 1


def test_a_provider_that_fails_keeps_the_form_and_a_second_try_works(fan: PublicPage, shop: Shop) -> None:
    shop.server.sandbox.fail("POST /v1/checkout/sessions", "status_500", times=20)
    fan.fill_in(**BEATRIZ)
    fan.subscribe()
    fan.expect_trouble(UNAVAILABLE)
    fan.expect_filled_in(**BEATRIZ)

    shop.server.sandbox.heal()
    fan.subscribe()
    PaymentPage(fan.page).expect_open()
    assert len(shop.checkouts()) == 1


@on_both_screens
def test_a_plan_archived_meanwhile_is_not_sold_and_leaves_the_page(fan: PublicPage, shop: Shop) -> None:
    fan.choose("Trimestral")
    fan.fill_in(**BEATRIZ)
    shop.archive_unheard(shop.plans[1])
    fan.subscribe()

    fan.expect_trouble(NOT_SOLD)
    expect(fan.plans).to_have_count(2)
    expect(
        fan.page.get_by_text("O plano que você tinha escolhido saiu de venda. Escolha outro.")
    ).to_be_visible()
    expect(fan.page.get_by_role("radio", checked=True)).to_have_count(1)  # the method; no plan
    fan.expect_filled_in(**BEATRIZ)
    assert shop.checkouts() == []

    fan.choose("Mensal")
    fan.subscribe()
    PaymentPage(fan.page).expect_open()


def test_plans_that_the_creator_archives_leave_the_open_page_and_the_choice_stays_where_it_was(
    fan: PublicPage, shop: Shop, new_context: CreateContextCallback
) -> None:
    plans = PlansPage(Creator.signed_in(new_context, shop, "/planos").page)
    fan.choose("Anual")
    plans.archive("Mensal")
    expect(fan.plans).to_have_count(2)
    expect(fan.plan("Anual")).to_be_checked()

    plans.archive("Anual")
    expect(fan.plans).to_have_count(1)
    expect(fan.plan("Trimestral")).not_to_be_checked()
    expect(
        fan.page.get_by_text("O plano que você tinha escolhido saiu de venda. Escolha outro.")
    ).to_be_visible()


@on_both_screens
def test_who_subscribes_already_learns_nothing_on_the_screen(
    fan: PublicPage, shop: Shop, new_context: CreateContextCallback
) -> None:
    fan.fill_in(**BEATRIZ)
    fan.subscribe()
    PaymentPage(fan.page).expect_open().pay()
    ThanksPage(fan.page).expect_confirmed()

    again = PublicPage(new_context().new_page()).open(shop.address)
    again.fill_in(**BEATRIZ)
    again.subscribe()
    expect(
        again.page.get_by_role("status").filter(has_text="Enviamos um link para o seu e-mail")
    ).to_be_visible()
    assert len(shop.checkouts()) == 1


def test_markup_is_text_wherever_it_was_typed(page: Page, server: Server) -> None:
    markup = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>'
    shop = Shop.opened(server, name=markup[:34], about=markup)
    fan = PublicPage(page).open(shop.address)
    expect(page.get_by_text(markup, exact=True)).to_be_visible()

    fan.fill_in(name=markup, profile=markup, email=f"{markup}@example.com")
    fan.subscribe()
    fan.expect_error("E-mail", "Escreva um e-mail válido, por exemplo ana@exemplo.com")
    fan.expect_filled_in(name=markup, profile=markup, email=f"{markup}@example.com")
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("width", [320, 390])
def test_no_phone_scrolls_sideways(fan: PublicPage, width: int) -> None:
    fan.page.set_viewport_size({"width": width, "height": 700})
    fan.subscribe()
    fan.expect_error("Nome completo", "Escreva seu nome completo")
    assert fan.page.evaluate("document.documentElement.scrollWidth") == width


def test_a_press_counts_though_the_button_moves_under_it(page: Page, shop: Shop) -> None:
    fan = PublicPage(page).open(shop.address)
    shop.server.sandbox.fail("POST /v1/checkout/sessions", "status_500", times=20)
    fan.subscribe()
    fan.expect_error("E-mail", "Escreva seu e-mail, por exemplo ana@gmail.com")
    fan.fill_in(**BEATRIZ | {"email": "beatriz"})
    fan.expect_no_error("Nome completo")
    fan.expect_no_error("Perfil")
    fan.subscribe_button.hover()
    # Right before the press: what is typed is looked at half a second later, and must not move it away.
    fan.field("E-mail").fill(BEATRIZ["email"])
    page.mouse.down()
    # The field that is left is found right, and its sentence gives up its place.
    fan.expect_no_error("E-mail")
    page.mouse.up()
    fan.expect_trouble(UNAVAILABLE)


def test_axe_finds_nothing_in_any_state(page: Page, shop: Shop) -> None:
    fan = PublicPage(page).open(shop.address)
    assert violations_in_every_look(page) == []

    fan.subscribe()
    fan.expect_error("Perfil", "Escreva seu @perfil, por exemplo @ana.lima")
    page.get_by_text("Termos da assinatura", exact=True).click()
    assert violations_in_every_look(page) == []

    shop.server.sandbox.fail("POST /v1/checkout/sessions", "status_500", times=20)
    fan.fill_in(**BEATRIZ)
    fan.subscribe()
    fan.expect_trouble(UNAVAILABLE)
    assert violations_in_every_look(page) == []


@on_both_screens
def test_the_served_block_and_the_live_page_look_alike(
    page: Page, new_context: CreateContextCallback, shop: Shop, screen: ViewportSize
) -> None:
    still = new_context(java_script_enabled=False, viewport=screen).new_page()
    still.goto(shop.address)
    expect(still.get_by_text(ABOUT)).to_be_visible()
    PublicPage(page).open(shop.address)
    for text in ("Ana Demo", f"@{shop.handle}", ABOUT, "Escolha seu plano", "Mensal", "Mais popular"):
        served = still.get_by_text(text, exact=True).bounding_box()
        assert served == page.get_by_text(text, exact=True).bounding_box(), text


@on_both_screens
def test_nothing_moves_and_the_title_stays(page: Page, shop: Shop) -> None:
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(e => moved += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    PublicPage(page).open(shop.address)
    assert page.evaluate("window.moved") < 0.02
    expect(page).to_have_title(f"Ana Demo (@{shop.handle})")


def test_the_page_is_light(page: Page, shop: Shop) -> None:
    transferred: list[float] = []

    def count(event: dict[str, Any]) -> None:
        transferred.append(event["encodedDataLength"])

    network = page.context.new_cdp_session(page)
    network.send("Network.enable")  # pyright: ignore[reportUnknownMemberType]
    network.on("Network.loadingFinished", count)
    PublicPage(page).open(shop.address)
    assert 0 < sum(transferred) <= MAX_TRANSFERRED


def test_an_unknown_handle_is_our_own_404(page: Page, server: Server) -> None:
    answer = page.goto(f"{server.origin}/ninguem.aqui")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="Não há nada neste endereço")).to_be_visible()


def test_a_crawler_reads_everything_without_script(shop: Shop) -> None:
    answer = httpx.get(shop.address)
    assert answer.status_code == 200
    for expected in ("<h1>Ana Demo</h1>", ABOUT, "Trimestral", "R$\N{NO-BREAK SPACE}79,90", "a cada 3 meses"):
        assert expected in answer.text
    assert f'<meta property="og:url" content="{shop.address}"/>' in answer.text


def test_a_page_that_did_not_change_is_not_sent_again(shop: Shop, new_context: CreateContextCallback) -> None:
    seen = httpx.get(shop.address).headers["etag"]
    same = httpx.get(shop.address, headers={"if-none-match": seen})
    assert (same.status_code, same.content) == (304, b"")
    plans = PlansPage(Creator.signed_in(new_context, shop, "/planos").page)
    plans.archive("Anual")
    plans.expect_order("Mensal", "Trimestral")
    changed = httpx.get(shop.address, headers={"if-none-match": seen})
    assert changed.status_code == 200
    assert changed.headers["etag"] != seen
    assert "Anual" not in changed.text


def expect_kept(page: Page, text: str) -> None:
    """The browser holds `text` of the form."""
    page.wait_for_function("text => (sessionStorage.getItem('lastlink-form') ?? '').includes(text)", arg=text)
