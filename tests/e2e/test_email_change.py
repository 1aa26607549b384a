"""The e-mail of an account is proved, and another one taken, from the settings to the next sign-in."""

import re

from playwright.sync_api import expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.creator import Creator
from tests.e2e.pages.sign_in_page import SignInPage
from tests.e2e.shop import PASSWORD, Shop
from tests.support.screens import PHONE
from tests.support.server import Server
from tests.web.accessibility import violations, violations_in_every_look


def test_a_creator_takes_another_e_mail(new_context: CreateContextCallback, shop: Shop) -> None:
    new = f"nova.{shop.email}"
    page = Creator.signed_in(new_context, shop, "/configuracoes").page
    typed, password = page.get_by_label("Novo e-mail"), page.get_by_label("Sua senha, para trocar o e-mail")
    save = page.get_by_role("button", name="Trocar e-mail")
    typed.fill(new)
    password.fill("um palpite qualquer")
    save.click()
    expect(page.get_by_text("A senha atual não confere")).to_be_visible()
    expect(typed).to_have_value(new)
    assert violations_in_every_look(page) == []
    password.fill(PASSWORD)
    save.click()
    expect(page.get_by_text("Confira a caixa do novo e-mail")).to_be_visible()
    expect(password).to_have_value("")

    shop.mail(shop.email, "Pediram para trocar o e-mail da sua conta")
    link = re.search(r"http\S+/confirmar-email/\w+", shop.mail(new, "Confirme o novo e-mail")["text"])
    assert link
    phone = new_context(viewport=PHONE).new_page()
    phone.goto(link[0])
    expect(phone.get_by_text(f"Com isso, o e-mail da sua conta passa a ser {new}.")).to_be_visible()
    assert violations(phone) == []
    phone.get_by_role("button", name="Confirmar").click()
    expect(phone.get_by_role("heading", name="E-mail confirmado")).to_be_visible()
    assert violations(phone) == []
    phone.goto(link[0])
    expect(phone.get_by_role("heading", name="Este link não vale mais")).to_be_visible()
    phone.goto(f"{shop.server.origin}/entrar")
    SignInPage(phone).sign_in(new, PASSWORD)
    expect(phone).to_have_url(f"{shop.server.origin}/assinantes")


def test_a_new_account_is_asked_to_prove_its_e_mail(
    new_context: CreateContextCallback, server: Server
) -> None:
    shop = Shop.opened(server, proved=False)
    page = Creator.signed_in(new_context, shop, "/planos").page
    asked = page.get_by_role("status").filter(has_text=f"o link que enviamos para {shop.email}")
    expect(asked).to_be_visible()
    assert violations_in_every_look(page) == []
    asked.get_by_role("button", name="Enviar de novo").click()
    expect(page.get_by_text(f"Confira a caixa de {shop.email}: o link chega em instantes")).to_be_visible()
    link = re.search(r"http\S+/confirmar-email/\w+", shop.mail(shop.email, "Confirme o e-mail")["text"])
    assert link
    page.goto(link[0])
    expect(page.get_by_text(f"Confirme que {shop.email} é o e-mail da sua conta.")).to_be_visible()
    page.get_by_role("button", name="Confirmar").click()
    page.get_by_role("link", name="Ir para Configurações").click()
    expect(page.get_by_role("heading", name="Configurações", exact=True)).to_be_visible()
    expect(page.get_by_text("o link que enviamos")).to_have_count(0)
    expect(page.get_by_text("E-mail da conta confirmado")).to_be_visible()
