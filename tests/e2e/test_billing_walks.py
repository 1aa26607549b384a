"""What becomes of subscriptions as the creator sees it: boletos, a renewal that fails, a dispute, a refund.

The program lives in its sandbox's time, so that these walks need a program of their own to move it.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from lastlink_ui.billing.checkouts import Form
from lastlink_ui.core.ids import new_id
from lastlink_ui.settings import Settings
from lastlink_ui.subscribers.fans import Person
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.wiring import build
from tests.e2e.creator import Creator
from tests.e2e.pages.list_page import ListPage
from tests.e2e.pages.subscribers_page import SubscribersPage
from tests.e2e.shop import Shop
from tests.sandbox.provider import PAYER, Provider
from tests.support.server import Server, running_server

HOUR = 1 / 24


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("walks"), demo=False) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Walk:
    """A creator's two open pages, and the sandbox where everybody else acts."""

    shop: Shop
    dashboard: SubscribersPage
    todo: ListPage
    provider: Provider

    def sells(self, name: str, method: Method, *, card: str = "4242424242424242") -> str:
        """A fan fills in the payment page; returns the provider's subscription."""
        url = _checkout(self.shop, name, method)
        by_card = method is Method.CARD
        answer = self.provider.pay(url, card) if by_card else self.provider.pay_by_boleto(url)
        assert answer.status_code == 303, answer.text
        sessions = self.provider.api.checkout.sessions.list({"limit": 1})
        return str(sessions.data[0].subscription)

    def newest(self, kind: str) -> str:
        return self.provider.sandbox.get(f"/v1/{kind}", limit="1")["data"][0]["id"]

    def expect_told(self, name: str, *lines: str) -> None:
        """The drawer's timeline has each of these lines."""
        self.dashboard.action(name, "Mais ações").click()
        self.dashboard.page.get_by_role("menuitem", name="Ver detalhes").click()
        drawer = self.dashboard.page.get_by_role("dialog", name="Detalhes da assinatura")
        for line in lines:
            expect(drawer.get_by_text(line).first).to_be_visible()
        self.dashboard.page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()


@pytest.fixture
def walk(shop: Shop, new_context: CreateContextCallback) -> Walk:
    creator = Creator.signed_in(new_context, shop, "/assinantes")
    todo = creator.page.context.new_page()
    todo.goto(f"{shop.server.origin}/lista")
    return Walk(shop, SubscribersPage(creator.page), ListPage(todo), Provider(shop.server.sandbox))


def _checkout(shop: Shop, name: str, method: Method) -> str:
    """The address of the payment page of somebody who filled in the public form."""
    port = int(shop.server.sandbox.origin.rsplit(":", 1)[1])
    settings = Settings(data_dir=shop.server.data_dir, sandbox_port=port)
    handle = name.split(" ", maxsplit=1)[0].lower()
    person = Person(name, f"{handle}.x", f"{handle}+fill_never@example.com")

    async def start() -> str:
        services = build(settings)
        try:
            form = Form(shop.plans[0], method, person, new_id().hex)
            return await services.billing.start_checkout(shop.creator, form)
        finally:
            await services.database.dispose()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, start()).result()


def test_boletos_are_paid_or_run_out(walk: Walk, page: Page) -> None:
    dashboard, origin = walk.dashboard, walk.shop.server.sandbox.origin
    walk.sells("Clara Boleto", Method.BOLETO)
    dashboard.expect_status("Clara Boleto", "Pagamento Pendente")
    expect(walk.todo.task("Clara Boleto")).to_have_count(0)
    page.goto(f"{origin}/boleto/{walk.newest('payment_intents')}")
    expect(page.get_by_text(PAYER["full_name"])).to_be_visible()
    page.get_by_role("button", name="Simular pagamento").click()
    dashboard.expect_status("Clara Boleto", "Ativo")
    walk.todo.expect_task("Clara Boleto", "Adicionar")
    walk.expect_told("Clara Boleto", "Boleto de R$ 29,90 emitido", "Pagamento de R$ 29,90 confirmado")

    walk.sells("Davi Boleto", Method.BOLETO)
    dashboard.expect_status("Davi Boleto", "Pagamento Pendente")
    page.goto(f"{origin}/boleto/{walk.newest('payment_intents')}")
    page.get_by_role("button", name="Simular vencimento").click()
    dashboard.expect_status("Davi Boleto", "Cancelado")
    dashboard.expect_refused("Davi Boleto", "Reembolsar assinatura", "Nenhum pagamento a reembolsar")
    walk.expect_told("Davi Boleto", "Boleto de R$ 29,90 venceu sem pagamento")
    expect(walk.todo.task("Davi Boleto")).to_have_count(0)


def test_a_renewal_fails_ends_access_with_the_grace_and_is_recovered(walk: Walk) -> None:
    dashboard, name = walk.dashboard, "Elisa Cartao"
    subscription = walk.sells(name, Method.CARD)
    dashboard.expect_status(name, "Ativo")

    # A cancellation that waits for the period's end is taken back.
    dashboard.cancel(name)
    dashboard.expect_status(name, "Cancelado")
    dashboard.undo_cancel(name)
    dashboard.expect_status(name, "Ativo")

    walk.provider.sandbox.use_card(subscription, "pm_card_chargeCustomerFail")
    item = walk.provider.api.subscriptions.retrieve(subscription)["items"].data[0]
    days = (item.current_period_end - item.current_period_start) / 86_400
    walk.provider.sandbox.advance(days + 2 * HOUR)
    dashboard.expect_status(name, "Pagamento Pendente")
    dashboard.expect_allowed(name, "Remover da lista")
    walk.todo.expect_task(name, "Adicionar")

    walk.provider.sandbox.advance(3)
    dashboard.expect_refused(name, "Remover da lista", "Já está fora da lista")
    walk.todo.expect_task(name, "Remover")
    dashboard.expect_status(name, "Pagamento Pendente")

    walk.provider.sandbox.use_card(subscription, "pm_card_visa")
    walk.provider.act("hurry", walk.newest("invoices"))
    dashboard.expect_status(name, "Ativo")
    walk.todo.expect_task(name, "Adicionar")
    walk.expect_told(
        name,
        "Cancelamento desfeito",
        "Cobrança de R$ 29,90 recusada",
        "Saiu da lista: pagamento em atraso",
        "Pagamento em atraso de R$ 29,90 confirmado",
    )


def test_a_dispute_is_lost_and_a_refund_comes_back(walk: Walk, page: Page) -> None:
    dashboard, origin = walk.dashboard, walk.shop.server.sandbox.origin
    walk.sells("Fabio Disputa", Method.CARD)
    dashboard.expect_status("Fabio Disputa", "Ativo")
    page.goto(origin)
    charges = page.get_by_role("region", name="Cobranças")
    charges.get_by_role("row").filter(has_text=walk.newest("charges")).get_by_role(
        "button", name="Abrir contestação"
    ).click()
    dashboard.expect_status("Fabio Disputa", "Chargeback")
    page.get_by_role("region", name="Contestações").get_by_role("button", name="Perder").click()
    expect(page.get_by_role("region", name="Contestações").get_by_role("cell", name="lost")).to_be_visible()
    dashboard.expect_refused("Fabio Disputa", "Remover da lista", "Já está fora da lista")
    walk.todo.expect_task("Fabio Disputa", "Remover")
    walk.expect_told(
        "Fabio Disputa",
        "Pagamento de R$ 29,90 contestado no banco",
        "Contestação de R$ 29,90 perdida: o dinheiro ficou com quem pagou",
    )

    walk.sells("Gisele Reembolso", Method.CARD, card="4000000000005126")
    dashboard.expect_status("Gisele Reembolso", "Ativo")
    dashboard.cancel("Gisele Reembolso")
    dashboard.expect_status("Gisele Reembolso", "Cancelado")
    dashboard.refund("Gisele Reembolso")
    dashboard.expect_status("Gisele Reembolso", "Reembolsado")
    walk.provider.act("hurry", walk.newest("refunds"))
    dashboard.expect_status("Gisele Reembolso", "Cancelado")
    walk.todo.expect_task("Gisele Reembolso", "Remover")
    walk.expect_told(
        "Gisele Reembolso",
        "R$ 29,90 devolvidos",
        "Devolução de R$ 29,90 falhou: o dinheiro voltou para você",
    )
