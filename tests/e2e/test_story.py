"""The whole story: a fan subscribes on a phone, and the creator settles everything about it."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.pages.list_page import ListPage
from tests.e2e.pages.public_page import PaymentPage, PublicPage
from tests.e2e.pages.subscribers_page import SubscribersPage
from tests.e2e.pages.thanks_page import ThanksPage
from tests.e2e.shop import PASSWORD, Shop
from tests.support.screens import PHONE, WIDE
from tests.support.signed_in import sign_in

FAN = "Beatriz Ribeiro"


@pytest.fixture
def new_page(new_context: CreateContextCallback) -> Callable[..., Page]:
    """Opens a page in a browser of its own: another person, or another of the creator's machines."""

    def open_one(size: ViewportSize) -> Page:
        return new_context(viewport=size).new_page()

    return open_one


def _dashboard(page: Page, shop: Shop) -> SubscribersPage:
    sign_in(page.context, shop.server.origin, shop.email, PASSWORD)
    page.goto(f"{shop.server.origin}/assinantes")
    return SubscribersPage(page).expect_open()


def _subscribe(page: Page, shop: Shop) -> None:
    shop_page = PublicPage(page).open(shop.address)
    shop_page.choose("Trimestral")
    shop_page.fill_in(name=FAN, profile="@beatriz.ribeiro", email="beatriz@example.com")
    shop_page.subscribe()
    PaymentPage(page).expect_open().pay()


def test_from_the_first_payment_to_the_refund(  # noqa: PLR0915 - one story, told from beginning to end
    shop: Shop, new_page: Callable[[ViewportSize], Page], tmp_path: Path
) -> None:
    dashboard = _dashboard(new_page(WIDE), shop)
    second = _dashboard(new_page(WIDE), shop)
    todo = ListPage(new_page(WIDE))
    _dashboard(todo.page, shop)
    todo.page.goto(f"{shop.server.origin}/lista")
    expect(todo.page.get_by_role("heading", name="Para fazer na lista")).to_be_visible()

    # A fan subscribes by card on a phone, and sees how to get access.
    fan = new_page(PHONE)
    _subscribe(fan, shop)
    ThanksPage(fan).expect_confirmed()
    ThanksPage(fan).expect_access("Peça para seguir @ana.vip", "https://t.me/exemplo")

    # The open dashboards show it by themselves, and the list whom to add.
    dashboard.expect_status(FAN, "Ativo")
    second.expect_status(FAN, "Ativo")
    todo.expect_task(FAN, "Adicionar")

    # Search and filters find it, and leave it out.
    dashboard.search("@BEATRIZ.ribeiro")
    dashboard.expect_row(FAN)
    dashboard.search("ninguém")
    dashboard.expect_no_row(FAN)
    dashboard.search("")
    dashboard.choose("Status da conta", "active")
    dashboard.expect_row(FAN)
    dashboard.choose("Status da conta", "canceled")
    dashboard.expect_no_row(FAN)
    dashboard.choose("Status da conta", "all")
    dashboard.choose("Data de assinatura", "7d")
    dashboard.expect_row(FAN)
    dashboard.page.goto(f"{shop.server.origin}/assinantes?from=2020-01-01&to=2020-12-31")
    dashboard.expect_open().expect_no_row(FAN)
    dashboard.page.goto(f"{shop.server.origin}/assinantes")
    dashboard.expect_row(FAN)

    # The CSV contains it and opens right.
    exported = dashboard.export(tmp_path).read_bytes()
    assert exported.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in exported
    (line,) = csv.DictReader(io.StringIO(exported.decode("utf-8-sig"), newline=""), delimiter=";")
    assert (line["Nome"], line["Perfil"], line["Valor (R$)"]) == (FAN, "beatriz.ribeiro", "79,90")
    assert line["Status da conta"] == "Ativo"

    # Out of the list, and back.
    dashboard.remove(FAN)
    dashboard.expect_refused(FAN, "Remover da lista", "Já está fora da lista")
    second.expect_refused(FAN, "Remover da lista", "Já está fora da lista")
    todo.expect_task(FAN, "Remover")
    dashboard.readd(FAN)
    dashboard.expect_allowed(FAN, "Remover da lista")
    todo.expect_task(FAN, "Adicionar")

    # No refund while it is active; after cancelling there is one, and only one.
    dashboard.expect_refused(
        FAN, "Reembolsar assinatura", "Apenas assinaturas canceladas podem ser reembolsadas"
    )
    dashboard.cancel(FAN)
    dashboard.expect_status(FAN, "Cancelado")
    second.expect_status(FAN, "Cancelado")
    dashboard.refund(FAN)
    dashboard.expect_status(FAN, "Reembolsado")
    second.expect_status(FAN, "Reembolsado")
    dashboard.expect_refused(FAN, "Reembolsar assinatura", "Já reembolsado")
    todo.expect_task(FAN, "Remover")
    assert [refund["amount"] for refund in shop.refunds()] == [7990]


def test_two_refund_clicks_at_once_make_one_refund(
    shop: Shop, new_page: Callable[[ViewportSize], Page]
) -> None:
    first, second = _dashboard(new_page(WIDE), shop), _dashboard(new_page(WIDE), shop)
    _subscribe(new_page(PHONE), shop)
    first.expect_status(FAN, "Ativo")
    first.cancel(FAN)
    for dashboard in (first, second):
        dashboard.expect_status(FAN, "Cancelado")
        dashboard.ask_refund(FAN)
    # Neither waits for the other: both requests are on their way before either has an answer.
    first.confirm_refund()
    second.confirm_refund()
    for dashboard in (first, second):
        dashboard.expect_status(FAN, "Reembolsado")
    assert len(shop.refunds()) == 1
    assert (
        len(
            {
                r["idempotency_key"]
                for r in shop.server.sandbox.requests("POST /v1/refunds")
                if r["params"]["payment_intent"] == shop.refunds()[0]["payment_intent"]
            }
        )
        == 1
    )


def test_a_refund_waits_while_the_provider_is_down(
    shop: Shop, new_page: Callable[[ViewportSize], Page]
) -> None:
    dashboard = _dashboard(new_page(WIDE), shop)
    _subscribe(new_page(PHONE), shop)
    dashboard.expect_status(FAN, "Ativo")
    dashboard.cancel(FAN)
    dashboard.expect_status(FAN, "Cancelado")
    shop.server.sandbox.fail("POST /v1/refunds", "refuse", times=1000)
    dashboard.refund(FAN)
    dashboard.expect_status(FAN, "Reembolso em andamento")
    dashboard.expect_refused(FAN, "Reembolsar assinatura", "Em andamento")
    assert shop.refunds() == []
    shop.server.sandbox.heal()
    expect(dashboard.row(FAN).get_by_role("cell", name="Reembolsado")).to_be_visible(timeout=90_000)
    assert len(shop.refunds()) == 1
