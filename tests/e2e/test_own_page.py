"""The fan's own page, on a phone and wide: in by a mailed link, all there is to do, and out."""

import json
import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from lastlink_ui.plans.rules import PlanDraft
from tests.e2e.pages.own_page import OwnPage
from tests.e2e.shop import PASSWORD, Shop
from tests.support.screens import PHONE, on_both_screens
from tests.support.server import Server
from tests.support.signed_in import sign_in
from tests.support.stores import kept
from tests.web.accessibility import violations


@pytest.fixture
def dark(new_context: CreateContextCallback, screen: ViewportSize) -> BrowserContext:
    return new_context(viewport=screen, color_scheme="dark")


@on_both_screens
def test_a_card(page: Page, shop: Shop, screen: ViewportSize) -> None:
    email = f"fa.{shop.handle}@example.com"
    shop.sell(email)
    own = OwnPage(page)
    own.ask_for_link(shop.server.origin, email)
    link = shop.sign_in_link(email)
    own.enter(link)
    own.expect_status("Trimestral", "Ativo")
    expect(own.card("Trimestral").get_by_text("Peça para seguir @ana.vip")).to_be_visible()
    assert violations(page) == []

    page.set_viewport_size({"width": 320, "height": 700})
    expect(page.locator("html")).to_have_js_property("scrollWidth", 320)
    page.set_viewport_size(screen)

    # Cancelled in two clicks, undone in one.
    own.press("Trimestral", "Cancelar assinatura")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    own.confirm("Cancelar assinatura")
    own.expect_status("Trimestral", "Cancelado")
    own.press("Trimestral", "Continuar assinando")
    own.expect_status("Trimestral", "Ativo")

    # The provider's page for the card, and back.
    own.change_card("Trimestral", "4000 0007 6000 0002")

    own.card("Trimestral").get_by_text("Pagamentos e comprovantes").click()
    own.card("Trimestral").get_by_role("link", name=re.compile("Comprovante de")).click()
    expect(page.get_by_role("heading", name="Comprovante de pagamento")).to_be_visible()
    expect(page.get_by_text("R$ 79,90")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Voltar a Minha assinatura").click()

    own.press("Trimestral", "Desistir da compra")
    own.confirm("Desistir da compra")
    own.expect_status("Trimestral", "Reembolsado")
    own.expect_told("Trimestral", "foram devolvidos")
    told = own.card("Trimestral").get_by_role("status").inner_text()
    protocol = re.search(r"\d{8}-\w{7}", told)
    assert protocol
    assert protocol.group() in shop.mail(email, "Recebemos sua desistência")["text"]
    assert [refund["amount"] for refund in shop.refunds()] == [7990]
    expect(own.card("Trimestral").get_by_role("button", name="Desistir da compra")).to_have_count(0)
    assert violations(page) == []

    with page.expect_download() as download:
        page.get_by_role("link", name="Baixar meus dados").click()
    (document,) = json.loads(Path(download.value.path()).read_text())["data"]
    assert document["person"]["email"] == email

    _delete_data(own, shop, email)
    page.goto(link)
    expect(page.get_by_role("heading", name="Este link não vale mais")).to_be_visible()
    assert violations(page) == []


def _delete_data(own: OwnPage, shop: Shop, email: str) -> None:
    """Nothing that the program keeps knows the fan afterwards, the queue and the log included."""
    before = kept(shop.server.data_dir)
    assert {name for name, text in before.items() if email in text} == {"lastlink.sqlite"}
    # The refund went through the queue.
    assert "carry_out" in before["queue.sqlite"]
    own.page.get_by_role("button", name="Apagar meus dados de Ana Demo").click()
    own.confirm("Apagar meus dados")
    expect(own.page.get_by_text("Seus dados foram apagados.")).to_be_visible()
    after = kept(shop.server.data_dir)
    assert after.keys() >= before.keys()
    assert {name for name, text in after.items() if email in text} == set()


@on_both_screens
def test_another_plan_from_the_next_charge_on(page: Page, shop: Shop) -> None:
    email = f"troca.{shop.handle}@example.com"
    shop.sell(email)
    own = OwnPage(page)
    own.ask_for_link(shop.server.origin, email)
    own.enter(shop.sign_in_link(email))
    own.expect_status("Trimestral", "Ativo")
    # The creator's other plans are of other periods, which the provider would charge for at once.
    expect(own.card("Trimestral").get_by_role("button", name="Trocar de plano")).to_have_count(0)
    shop.offer(PlanDraft("Trimestral com aulas", "99,90", "quarterly"))
    page.reload()
    own.press("Trimestral", "Trocar de plano")
    assert violations(page) == []
    own.confirm("Trocar de plano")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text("Escolha o novo plano")
    assert violations(page) == []
    page.get_by_role("radio", name="Trimestral com aulas · R$ 99,90 a cada 3 meses").check()
    own.confirm("Trocar de plano")
    own.expect_fact("Trimestral", "Próximo plano", "Trimestral com aulas · R$ 99,90")
    own.expect_fact("Trimestral", "Valor", "R$ 79,90")
    assert violations(page) == []

    # Chosen back, it is no change any more: there is nothing to be told of.
    own.press("Trimestral", "Trocar de plano")
    page.get_by_role("radio", name="Trimestral · R$ 79,90 a cada 3 meses").check()
    own.confirm("Trocar de plano")
    expect(own.card("Trimestral").get_by_text("Próximo plano")).to_have_count(0)


@on_both_screens
def test_what_the_provider_refuses_is_said(page: Page, shop: Shop) -> None:
    """It was ended there, and the news of that is still to come."""
    email = f"recusa.{shop.handle}@example.com"
    shop.sell(email)
    own = OwnPage(page)
    own.ask_for_link(shop.server.origin, email)
    own.enter(shop.sign_in_link(email))
    own.press("Trimestral", "Cancelar assinatura")
    own.confirm("Cancelar assinatura")
    own.expect_status("Trimestral", "Cancelado")
    shop.server.sandbox.webhooks("drop")
    shop.end_at_provider()
    own.press("Trimestral", "Continuar assinando")
    own.expect_told("Trimestral", "não aceitou retomar a assinatura, que continua cancelada")
    own.expect_told("Trimestral", "fale com Ana Demo")
    expect(page.get_by_text("A assinatura volta a se renovar em instantes")).to_have_count(0)
    assert violations(page) == []


@on_both_screens
def test_a_boleto(dark: BrowserContext, new_context: CreateContextCallback, server: Server) -> None:
    shop = Shop.opened(server, boleto=True)
    email = f"fill_never@{shop.handle}.com"
    shop.sell(email, boleto=True)
    page = dark.new_page()
    own = OwnPage(page)
    page.goto(f"{server.origin}/minha-assinatura")
    page.get_by_label("E-mail").fill("fa@banco")
    page.get_by_role("button", name="Receber o link").click()
    expect(page.get_by_text("Escreva um e-mail válido, por exemplo ana@exemplo.com")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value("fa@banco")
    assert violations(page) == []
    own.ask_for_link(server.origin, email)
    assert violations(page) == []
    own.enter(shop.sign_in_link(email))
    own.expect_status("Trimestral", "Pagamento Pendente")
    card = own.card("Trimestral")
    expect(card.get_by_role("button", name="Copiar linha digitável")).to_be_visible()
    assert "".join(filter(str.isdecimal, card.locator("code").inner_text())) == shop.voucher_line()
    expect(card.get_by_role("button", name="Desistir da compra")).to_have_count(0)
    assert violations(page) == []

    shop.act_on_voucher("pay_boleto")
    own.expect_status("Trimestral", "Ativo")  # by itself
    own.press("Trimestral", "Desistir da compra")
    own.confirm("Desistir da compra")
    expect(page.get_by_text("Escreva a sua chave Pix, ou banco, agência e conta")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Sua conta para receber").fill("conta errada")
    own.confirm("Desistir da compra")
    own.expect_status("Trimestral", "Cancelado")
    own.press("Trimestral", "Corrigir conta")
    expect(page.get_by_label("Sua conta para receber")).to_have_value("conta errada")
    page.get_by_label("Sua conta para receber").fill("fa@banco.example")
    own.confirm("Salvar conta")
    own.expect_told("Trimestral", "fa@banco.example")
    assert shop.refunds() == []
    assert violations(page) == []

    # The creator has it among what is to be done by hand, with the account and the deadline.
    desk = new_context(viewport=PHONE)
    sign_in(desk, server.origin, shop.email, PASSWORD)
    creator = desk.new_page()
    creator.goto(f"{server.origin}/lista")
    owed = creator.get_by_role("table", name="Devoluções a transferir")
    expect(owed.get_by_text("fa@banco.example")).to_be_visible()
    expect(owed.get_by_text("R$ 79,90")).to_be_visible()
    assert violations(creator) == []
    owed.get_by_role("button", name="Transferência feita").click()
    creator.get_by_role("dialog").get_by_role("button", name="Transferência feita").click()
    expect(owed).to_have_count(0)
    own.expect_told("Trimestral", "informou que transferiu")  # by itself
    expect(page.get_by_text("fa@banco.example")).to_have_count(0)
    shop.mail(email, "Ana Demo fez a sua transferência")


def test_an_unknown_address_gets_the_same_answer(server: Server) -> None:
    said = {
        httpx.post(
            f"{server.origin}/minha-assinatura", data={"email": email}, headers={"origin": server.origin}
        ).text
        for email in ("nobody.at.all@example.com", "somebody.else@example.com")
    }
    assert len(said) == 1
    page = httpx.get(f"{server.origin}/minha-assinatura")
    assert "Receber o link" in page.text
    assert page.headers["cache-control"] == "no-store"
