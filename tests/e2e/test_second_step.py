"""The second step in a browser: turned on, asked for, recovered from and turned off, without any script."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect
from pyotp.totp import TOTP
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.creator import Creator
from tests.e2e.pages.sign_in_page import SignInPage
from tests.e2e.shop import PASSWORD, Shop
from tests.support.screens import PHONE
from tests.web.accessibility import violations, violations_in_every_look


def _press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def _begin(page: Page) -> Locator:
    """The card in the settings; its page asks for the password first."""
    card = page.get_by_role("region", name="Verificação em duas etapas")
    expect(card.get_by_text("Desativada: a senha basta para entrar.")).to_be_visible()
    card.get_by_role("link", name="Ativar").click()
    page.get_by_label("Sua senha").fill(PASSWORD)
    return card


def _scan(page: Page) -> TOTP:
    """What the app knows once it has read the picture, or the key beneath it was typed."""
    expect(page.get_by_role("img", name="Código QR para o aplicativo autenticador")).to_be_visible()
    return TOTP(page.locator("code").inner_text().replace(" ", ""))


def _type(page: Page, code: str, button: str) -> None:
    page.get_by_label("Código", exact=True).fill(code)
    _press(page, button)


def _codes(page: Page) -> list[str]:
    expect(page.get_by_role("heading", name="Seus códigos de recuperação")).to_be_visible()
    return page.get_by_role("listitem").all_inner_texts()


def _at_the_code(page: Page, shop: Shop, way: str = "") -> Page:
    """At the sign-in, with the right password."""
    page.goto(f"{shop.server.origin}/entrar{way}")
    SignInPage(page).sign_in(shop.email, PASSWORD)
    expect(page.get_by_role("heading", name="Código de verificação")).to_be_visible()
    return page


def test_it_is_turned_on_and_off_with_the_password(new_context: CreateContextCallback, shop: Shop) -> None:
    page = Creator.signed_in(new_context, shop, "/configuracoes").page
    card = _begin(page)
    page.get_by_label("Sua senha").fill("um palpite qualquer")
    _press(page, "Continuar")
    expect(page.get_by_text("A senha atual não confere")).to_be_visible()
    assert violations_in_every_look(page) == []
    page.get_by_label("Sua senha").fill(PASSWORD)
    _press(page, "Continuar")
    app = _scan(page)
    _type(page, "12345", "Ativar")
    expect(page.get_by_text("O código não confere")).to_be_visible()
    assert violations_in_every_look(page) == []
    _type(page, app.now(), "Ativar")
    assert len(_codes(page)) == 10
    assert violations_in_every_look(page) == []
    page.get_by_role("link", name="Guardei os códigos").click()
    expect(card.get_by_text("Ativa: a entrada pede a senha")).to_be_visible()

    card.get_by_role("link", name="Gerenciar").click()
    expect(page.get_by_text("Ativa. Restam 10 códigos de recuperação.")).to_be_visible()
    assert violations_in_every_look(page) == []
    page.get_by_label("Sua senha").fill(PASSWORD)
    _press(page, "Desativar")
    expect(page.get_by_text("Além da senha, a entrada passa a pedir")).to_be_visible()
    page.get_by_role("link", name="Voltar a Configurações").click()
    expect(card.get_by_text("Desativada: a senha basta para entrar.")).to_be_visible()


def test_nobody_comes_in_without_it(new_context: CreateContextCallback, shop: Shop) -> None:
    desk = Creator.signed_in(new_context, shop, "/configuracoes").page
    _begin(desk)
    _press(desk, "Continuar")
    app = _scan(desk)
    _type(desk, app.now(), "Ativar")
    first, second, *_ = _codes(desk)

    stranger = new_context(viewport=PHONE).new_page()
    stranger.goto(f"{shop.server.origin}/entrar/codigo")
    expect(stranger).to_have_url(f"{shop.server.origin}/entrar")

    phone = _at_the_code(new_context(viewport=PHONE).new_page(), shop, "?volta=/planos")
    assert violations(phone) == []
    # The password alone opens nothing.
    beside = phone.context.new_page()
    beside.goto(f"{shop.server.origin}/assinantes")
    expect(beside.get_by_role("button", name="Entrar")).to_be_visible()
    _type(phone, "000000", "Entrar")
    expect(phone.get_by_text("O código não confere")).to_be_visible()
    assert violations(phone) == []
    # The code that turned it on was used: the app's next one counts.
    _type(phone, app.at(datetime.now(UTC) + timedelta(seconds=30)), "Entrar")
    expect(phone).to_have_url(f"{shop.server.origin}/planos")

    # A lost app: each of the kept codes serves once.
    for code, comes_in in ((first, True), (first, False), (second, True)):
        lost = _at_the_code(new_context(viewport=PHONE).new_page(), shop)
        _type(lost, code.upper(), "Entrar")
        if comes_in:
            expect(lost).to_have_url(f"{shop.server.origin}/assinantes")
        else:
            expect(lost.get_by_text("O código não confere")).to_be_visible()
