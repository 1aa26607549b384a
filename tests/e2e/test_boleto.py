"""A boleto on a phone: from the form to the voucher, back by the cookie, paid or run out."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.public_page import PublicPage
from tests.e2e.pages.thanks_page import ThanksPage
from tests.e2e.shop import Shop
from tests.support.screens import on_both_screens
from tests.support.server import Server
from tests.web.accessibility import violations


@pytest.fixture
def shop(server: Server) -> Shop:
    return Shop.opened(server, boleto=True)


def _issue(page: Page, shop: Shop) -> PublicPage:
    """Fill in the form, first wrongly, and come to the provider's voucher."""
    fan = PublicPage(page).open(shop.address)
    fan.fill_in(profile=f"@fa.{shop.handle}", email=f"fill_never@{shop.handle}.com")
    fan.expect_no_boleto_fields()
    fan.pay_by("Boleto")
    assert violations(page) == []

    fan.fill_in_payer(tax_id="529.982.247-24", postal_code="0131")
    fan.subscribe()
    fan.expect_error(
        "CPF ou CNPJ", "Confira o número: um CPF tem 11 números e um CNPJ tem 14 letras e números"
    )
    fan.expect_error("CEP", "Escreva o CEP com 8 números, por exemplo 01310-100")
    fan.expect_no_error("Rua")
    expect(fan.field("CPF ou CNPJ")).to_be_focused()
    assert violations(page) == []
    assert shop.checkouts() == []

    fan.field("CPF ou CNPJ").fill("12.abc.345/01de-35")
    fan.field("CEP").fill("01310-100")
    fan.expect_no_error("CPF ou CNPJ")
    fan.expect_no_error("CEP")
    page.reload()  # what was typed is kept
    expect(fan.field("CPF ou CNPJ")).to_have_value("12.abc.345/01de-35")
    expect(fan.field("Estado")).to_have_value("SP")
    fan.subscribe()

    # The provider has all of it already: nothing is asked again.
    expect(page.get_by_label("CPF ou CNPJ")).to_have_value("12ABC34501DE35")
    expect(page.get_by_label("Cidade")).to_have_value("São Paulo")
    assert shop.rows() == []  # the row comes with the voucher, not with the form
    page.get_by_role("button", name="Pagar").click()
    expect(page.get_by_role("button", name="Simular pagamento")).to_be_visible()
    return fan


@on_both_screens
def test_a_boleto_is_issued_and_paid(page: Page, shop: Shop) -> None:
    fan, voucher = _issue(page, shop), page.url
    shop.expect_row("payment_pending")
    fan.open(shop.address)
    page.get_by_role("link", name="Ver o boleto").click()
    thanks = ThanksPage(page)
    thanks.expect_waiting()
    line = shop.voucher_line()
    expect(page.get_by_role("button", name="Copiar linha digitável")).to_be_visible()
    assert "".join(filter(str.isdecimal, page.locator("code").inner_text())) == line
    expect(page.get_by_role("link", name="Ver o boleto")).to_have_attribute("href", voucher)
    thanks.expect_no_access()
    assert violations(page) == []

    mail = shop.mail(f"fill_never@{shop.handle}.com", "Seu boleto")
    assert line in mail["text"]
    assert page.url in mail["text"]

    shop.act_on_voucher("pay_boleto")
    thanks.expect_confirmed()  # by itself
    assert violations(page) == []
    shop.expect_row("active")
    assert page.url in shop.mail(f"fill_never@{shop.handle}.com", "Sua assinatura")["text"]
    page.goto(f"{shop.server.origin}/obrigado")  # the cookie still leads there
    thanks.expect_confirmed()


@on_both_screens
def test_a_boleto_runs_out(page: Page, shop: Shop) -> None:
    _issue(page, shop)
    page.goto(f"{shop.server.origin}/obrigado")
    ThanksPage(page).expect_waiting()
    shop.act_on_voucher("expire_boleto")
    expect(page.get_by_role("heading", name="Boleto vencido")).to_be_visible()
    expect(page.get_by_role("button", name="Copiar linha digitável")).to_have_count(0)
    shop.expect_row("canceled")
