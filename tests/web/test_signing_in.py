"""From the first page into the dashboard and out again."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from lastlink_ui.accounts import cookies
from tests.support.console import Console
from tests.support.server import DEMO_EMAIL, DEMO_PASSWORD, Server
from tests.web.accessibility import violations_in_every_look


def sign_in(page: Page, server: Server, *, way: str = "/lista", password: str = DEMO_PASSWORD) -> None:
    page.goto(server.origin + way)
    page.get_by_label("E-mail").fill(DEMO_EMAIL)
    page.get_by_label("Senha").fill(password)
    page.get_by_role("button", name="Entrar").click()


def test_signing_in_leads_back_to_where_one_was_going(server: Server, page: Page) -> None:
    sign_in(page, server, way="/lista")

    expect(page).to_have_url(f"{server.origin}/lista")
    expect(page.get_by_role("navigation", name="Principal")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.cookie") == ""


def test_a_wrong_password_says_so_and_keeps_the_email(server: Server, page: Page) -> None:
    sign_in(page, server, password="nao-e-esta-senha")

    expect(page.get_by_role("alert").filter(has_text="E-mail ou senha não conferem")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value(DEMO_EMAIL)
    assert DEMO_EMAIL not in page.url


def test_the_form_works_before_the_page_has_come_to_life(
    server: Server, page: Page, console: Console
) -> None:
    console.provoke("net::ERR_FAILED")
    page.route("**/*.js", lambda route: route.abort())
    sign_in(page, server, way="/entrar")

    expect(page).to_have_url(f"{server.origin}/assinantes")


def test_a_revoked_session_is_found_out_by_the_page_itself(server: Server, page: Page) -> None:
    sign_in(page, server)
    expect(page).to_have_url(f"{server.origin}/lista")
    (token,) = [kept.get("value") for kept in page.context.cookies() if kept.get("name") == cookies.SESSION]
    elsewhere = {"origin": server.origin, "cookie": f"{cookies.SESSION}={token}"}
    assert httpx.post(f"{server.origin}/sair", headers=elsewhere).status_code == 303

    page.goto(f"{server.origin}/planos")  # the browser still has the cookie, so the shell is served

    expect(page).to_have_url(f"{server.origin}/entrar?volta=%2Fplanos")
    expect(page.get_by_role("button", name="Entrar")).to_be_visible()


def test_signing_out_ends_the_session(server: Server, page: Page) -> None:
    sign_in(page, server)
    page.get_by_role("button", name="Sua conta").click()
    page.get_by_role("menuitem", name="Sair").click()
    expect(page).to_have_url(f"{server.origin}/entrar")

    page.goto(f"{server.origin}/lista")
    expect(page).to_have_url(f"{server.origin}/entrar?volta=%2Flista")


def test_the_theme_is_kept_without_a_flash(server: Server, page: Page, console: Console) -> None:
    console.provoke("net::ERR_FAILED")
    sign_in(page, server)
    page.get_by_role("button", name="Sua conta").click()
    page.get_by_role("menuitemradio", name="Escuro").click()

    page.route("**/*.js", lambda route: route.abort())  # what paints first is the shell alone
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 19, 22)"


def test_escape_closes_a_dialog_and_focus_returns(server: Server, page: Page) -> None:
    sign_in(page, server)
    opener = page.get_by_role("button", name="Adicionar à lista")
    opener.click()
    dialog = page.get_by_role("dialog", name="Adicionar à lista")
    expect(dialog).to_be_visible()

    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/entrar", "/entrar?erro=credenciais", "/ninguem.aqui"])
def test_open_pages_have_no_accessibility_violation(server: Server, page: Page, path: str) -> None:
    page.goto(server.origin + path)
    if "erro" in path:
        expect(page.get_by_role("alert").filter(has_text="não conferem")).to_be_visible()

    assert violations_in_every_look(page) == []
