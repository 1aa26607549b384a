"""How a creator comes to be paid: without keys nothing is sold, and each page says so."""

from playwright.sync_api import expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.creator import Creator
from tests.e2e.pages.public_page import PublicPage
from tests.e2e.pages.settings_page import ReceivingCard
from tests.e2e.shop import Shop
from tests.support.sandbox import KEY
from tests.support.screens import PHONE
from tests.support.server import Server
from tests.web.accessibility import violations


def test_a_creator_connects_an_account_and_the_open_page_begins_to_sell(
    new_context: CreateContextCallback, server: Server
) -> None:
    shop = Shop.opened(server, connected=False)
    fan = PublicPage(new_context(viewport=PHONE).new_page())
    fan.page.goto(shop.address)
    expect(fan.page.get_by_text("No momento não é possível assinar aqui.")).to_be_visible()
    expect(fan.plan("Mensal")).to_be_disabled()
    expect(fan.subscribe_button).to_have_count(0)
    assert violations(fan.page) == []

    creator = Creator.signed_in(new_context, shop, "/configuracoes")
    receiving = ReceivingCard(creator.page)
    receiving.expect_said("Nada pode ser vendido ainda")
    expect(receiving.switch("Cartão")).to_be_checked()
    expect(receiving.switch("Boleto")).not_to_be_checked()
    expect(receiving.switch("Pix")).to_be_disabled()
    receiving.expect_said(f"/webhooks/stripe/{shop.creator}")
    assert violations(creator.page) == []

    receiving.save(key="pk_test_1", secret="whsec_a")
    receiving.expect_error("Chave secreta", "Essa é a chave publicável")
    receiving.save(key="sk_test_de_outra_pessoa", secret="whsec_a")
    receiving.expect_error("Chave secreta", "O Stripe não reconhece essa chave")
    expect(receiving.field("Segredo do webhook")).to_have_value("whsec_a")  # what was typed stays
    receiving.save(key=KEY, secret="segredo")
    receiving.expect_error("Segredo do webhook", "começa com whsec_")
    server.sandbox.fail("GET /v1/subscriptions", "status_500")
    receiving.save(key=KEY, secret="whsec_a")
    receiving.expect_said("O Stripe não respondeu")
    receiving.save(key=KEY, secret="whsec_a")
    receiving.expect_said("Tudo certo: a chave funciona")
    receiving.expect_said("Guardada: sk_test_…dbox")
    expect(receiving.field("Chave secreta")).to_have_value("")
    assert KEY not in creator.page.content()
    assert violations(creator.page) == []

    expect(fan.subscribe_button).to_be_visible()  # by itself
    receiving.switch("Boleto").click()
    fan.pay_by("Boleto")
    receiving.switch("Cartão").click()
    expect(fan.page.get_by_role("radio", name="Cartão")).to_have_count(0)
    receiving.switch("Boleto").click()
    receiving.expect_said("Deixe pelo menos uma forma de pagamento ligada")
    expect(receiving.switch("Boleto")).to_be_checked()
