"""A session ends where it should, also on pages that are open."""

from playwright.sync_api import expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.creator import Creator
from tests.e2e.shop import Shop


def test_a_revoked_session_ends_on_the_page_that_is_open(
    new_context: CreateContextCallback, shop: Shop
) -> None:
    elsewhere = Creator.signed_in(new_context, shop, "/planos")
    here = Creator.signed_in(new_context, shop, "/configuracoes")

    here.page.get_by_role("button", name="Encerrar os outros acessos").click()
    expect(here.page.get_by_role("status").filter(has_text="Acesso encerrado")).to_be_visible()

    elsewhere.page.get_by_role("button", name="Novo plano").click()
    expect(elsewhere.page).to_have_url(f"{shop.server.origin}/entrar?volta=%2Fplanos")
    here.page.reload()
    expect(here.page.get_by_role("heading", name="Configurações")).to_be_visible()


def test_an_open_page_of_a_revoked_session_is_told_nothing_more(
    new_context: CreateContextCallback, shop: Shop
) -> None:
    elsewhere = Creator.signed_in(new_context, shop, "/planos")
    here = Creator.signed_in(new_context, shop, "/configuracoes")
    here.page.get_by_role("button", name="Encerrar os outros acessos").click()
    expect(here.page.get_by_role("status").filter(has_text="Acesso encerrado")).to_be_visible()

    here.goto("/planos").get_by_role("row").filter(has_text="Mensal").get_by_role(
        "button", name="Mover para baixo"
    ).click()

    expect(elsewhere.page).to_have_url(f"{shop.server.origin}/entrar?volta=%2Fplanos")


def test_one_browser_can_be_signed_out_from_another(new_context: CreateContextCallback, shop: Shop) -> None:
    Creator.signed_in(new_context, shop, "/planos")
    here = Creator.signed_in(new_context, shop, "/configuracoes")
    sessions = here.page.get_by_role("table", name="Onde sua conta está aberta").get_by_role("rowheader")
    expect(sessions).to_have_count(2)
    here.page.get_by_role("button", name="Encerrar acesso").click()
    expect(sessions).to_have_count(1)


def test_javascript_never_sees_the_session(new_context: CreateContextCallback, shop: Shop) -> None:
    assert Creator.signed_in(new_context, shop, "/planos").page.evaluate("document.cookie") == ""
