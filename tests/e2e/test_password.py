"""A password that is forgotten, and one that is changed: every other browser is out afterwards."""

import re

from playwright.sync_api import expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.creator import Creator
from tests.e2e.pages.sign_in_page import SignInPage
from tests.e2e.shop import PASSWORD, Shop
from tests.support.screens import PHONE
from tests.web.accessibility import violations_in_every_look

ANOTHER, THIRD = "outra-senha-bem-comprida", "terceira-senha-bem-comprida"


def test_a_forgotten_password_is_set_anew_and_changed_later(
    new_context: CreateContextCallback, shop: Shop
) -> None:
    elsewhere = Creator.signed_in(new_context, shop, "/configuracoes").page
    page = new_context(viewport=PHONE).new_page()
    page.goto(f"{shop.server.origin}/entrar")
    page.get_by_role("link", name="Esqueci minha senha").click()
    expect(page.get_by_role("heading", name="Recuperar acesso")).to_be_visible()
    assert violations_in_every_look(page) == []
    page.get_by_label("E-mail").fill(shop.email)
    page.get_by_role("button", name="Receber o link").click()
    expect(page.get_by_role("heading", name="Confira seu e-mail")).to_be_visible()

    text = shop.mail(shop.email, "Seu link para escolher outra senha")["text"]
    link = re.search(r"http\S+/redefinir-senha/\S+", text)
    assert link
    page.goto(link[0])
    page.get_by_label("Nova senha").fill(ANOTHER)
    page.get_by_role("button", name="Salvar senha").click()
    expect(page).to_have_url(f"{shop.server.origin}/entrar")
    SignInPage(page).sign_in(shop.email, ANOTHER)
    expect(page).to_have_url(f"{shop.server.origin}/assinantes")

    # The old one is out, in the open page of another browser too.
    elsewhere.get_by_role("link", name="Planos").click()
    expect(elsewhere).to_have_url(re.compile("/entrar"))
    SignInPage(elsewhere).sign_in(shop.email, ANOTHER)
    expect(elsewhere).to_have_url(re.compile("/planos"))

    # And changed by hand: not without the present one, and not to a weak one.
    page.goto(f"{shop.server.origin}/configuracoes")
    present, new = page.get_by_label("Senha atual"), page.get_by_label("Nova senha")
    save = page.get_by_role("button", name="Mudar senha")
    present.fill(PASSWORD)
    new.fill(THIRD)
    save.click()
    expect(page.get_by_text("A senha atual não confere")).to_be_visible()
    present.fill(ANOTHER)
    new.fill("12345678")
    save.click()
    expect(page.get_by_text("fácil de adivinhar")).to_be_visible()
    new.fill(THIRD)
    save.click()
    expect(page.get_by_text("Senha mudada.")).to_be_visible()
    expect(new).to_have_value("")
    elsewhere.get_by_role("link", name="Assinantes").click()
    expect(elsewhere).to_have_url(re.compile("/entrar"))
