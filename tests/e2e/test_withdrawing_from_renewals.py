"""A creator lets fans withdraw from renewals: their open pages say so at once, and the renewal goes back.

Time has to go by for that, and the program lives in its sandbox's time: each walk has a program of its own.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.creator import Creator
from tests.e2e.pages.own_page import OwnPage
from tests.e2e.shop import Shop
from tests.support.processes import eventually
from tests.support.screens import on_both_screens
from tests.support.server import Server, running_server
from tests.web.accessibility import violations, violations_in_every_look

QUARTER_DAYS = 93
LAW = "Você tem sete dias, a contar de hoje, para desistir da compra"
RENEWALS = "O mesmo vale para cada renovação, a contar do pagamento dela."


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("renewals"), demo=False) as running:
        yield running


@on_both_screens
def test_a_renewal_is_withdrawn_from(
    page: Page, new_context: CreateContextCallback, shop: Shop, screen: ViewportSize
) -> None:
    email = f"renova.{shop.handle}@example.com"
    shop.sell(email)
    began = shop.rows()[0].access_until
    shop.server.sandbox.advance(QUARTER_DAYS)
    eventually(lambda: shop.rows()[0].access_until != began, what="the renewal")

    own = OwnPage(page)
    own.ask_for_link(shop.server.origin, email)
    own.enter(shop.sign_in_link(email))
    own.expect_status("Trimestral", "Ativo")
    expect(own.card("Trimestral").get_by_role("button", name="Desistir da compra")).to_have_count(0)
    public = new_context(viewport=screen).new_page()
    public.goto(shop.address)
    public.get_by_text("Termos da assinatura", exact=True).click()
    expect(public.get_by_text(LAW)).to_be_visible()
    expect(public.get_by_text(RENEWALS)).to_have_count(0)

    creator = Creator.signed_in(new_context, shop, "/configuracoes", screen).page
    card = creator.get_by_role("region", name="Desistência da compra")
    switch = card.get_by_role("switch", name="Aceitar também nas renovações")
    expect(switch).not_to_be_checked()
    switch.click()
    said = "Quem desistir a partir de agora recebe de volta também uma renovação."
    expect(card.get_by_text(said)).to_be_visible()
    expect(switch).to_be_checked()
    assert violations_in_every_look(creator) == []
    expect(public.get_by_text(RENEWALS)).to_be_visible()  # by itself
    assert violations(public) == []

    # The page follows by itself, and promises no more than the renewal.
    expect(own.card("Trimestral").get_by_text("Os R$ 79,90 de volta, até")).to_be_visible()
    own.press("Trimestral", "Desistir da compra")
    expect(page.get_by_role("dialog")).to_contain_text("os R$ 79,90 voltam para o seu cartão")
    assert violations(page) == []
    own.confirm("Desistir da compra")
    own.expect_status("Trimestral", "Reembolsado")
    own.expect_told("Trimestral", "foram devolvidos")
    # Of the two payments the renewal went back, and it alone.
    (refund,) = shop.refunds()
    newest = shop.server.sandbox.get("/v1/payment_intents", limit="1")["data"][0]
    assert (refund["amount"], refund["payment_intent"]) == (7990, newest["id"])
    shop.mail(email, "Recebemos sua desistência")

    creator.reload()
    expect(switch).to_be_checked()
    history = creator.get_by_role("region", name="Histórico da conta")
    expect(history.get_by_text("Desistência passou a valer nas renovações")).to_be_visible()
    switch.click()
    expect(switch).not_to_be_checked()
    expect(public.get_by_text(RENEWALS)).to_have_count(0)
