import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_playwright.pytest_playwright import CreateContextCallback
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.core.clock import SystemClock
from lastlink_ui.db import Database
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.lifecycle import Method, PaymentFacts, PaymentStatus
from tests.e2e.pages.subscribers_page import SubscribersPage
from tests.e2e.shop import PASSWORD, Shop
from tests.support.behind import in_database
from tests.support.screens import PHONE, WIDE
from tests.support.signed_in import sign_in
from tests.support.world import World
from tests.web.accessibility import violations

BOLETO = "Assinaturas via boleto não podem ser reembolsadas"
PEOPLE = ("Beatriz Ribeiro", "Cauã Távora", "Daniela Alves", "Émerson Sá")


@pytest.fixture
def people(shop: Shop) -> Shop:
    """A shop with an active, a cancelled, a boleto and a pending subscriber."""

    async def make(database: Database) -> None:
        clock = SystemClock()
        world, now = World(database, clock), clock.now()
        async with database.reading() as session:
            plan = (
                await session.execute(
                    select(col(Plan.id), col(Plan.creator_id), col(Plan.amount), col(Plan.period)).where(
                        col(Plan.id) == shop.plans[0]
                    )
                )
            ).one()
        monthly = Plan(
            id=plan[0], creator_id=plan[1], amount=plan[2], period=plan[3], name="Mensal", created_at=now
        )
        await world.subscriber(monthly, PEOPLE[0], handle=f"bia.{shop.handle}")
        await world.subscriber(
            monthly, PEOPLE[1], started_at=now - timedelta(days=10), cancel_at_period_end=True
        )
        await world.subscriber(monthly, PEOPLE[2], method=Method.BOLETO, cancel_at_period_end=True)
        waiting = PaymentFacts(
            amount=monthly.amount,
            method=Method.BOLETO,
            status=PaymentStatus.PENDING,
            period_start=now,
            period_end=now + timedelta(days=30),
            due_at=now + timedelta(days=3),
        )
        await world.subscriber(monthly, PEOPLE[3], method=Method.BOLETO, payments=[waiting])

    in_database(shop.server.database_url, make)
    return shop


def open_page(page: Page, shop: Shop) -> SubscribersPage:
    sign_in(page.context, shop.server.origin, shop.email, PASSWORD)
    page.goto(f"{shop.server.origin}/assinantes")
    subscribers = SubscribersPage(page).expect_open()
    subscribers.expect_row(PEOPLE[0])
    return subscribers


@pytest.fixture
def subscribers(page: Page, people: Shop) -> SubscribersPage:
    page.set_viewport_size(WIDE)
    return open_page(page, people)


def expect_only(subscribers: SubscribersPage, names: Sequence[str]) -> None:
    for name in PEOPLE:
        if name in names:
            subscribers.expect_row(name)
        else:
            subscribers.expect_no_row(name)


def test_the_address_is_the_view(subscribers: SubscribersPage) -> None:
    subscribers.search("CAUA")
    expect_only(subscribers, [PEOPLE[1]])
    expect(subscribers.page).to_have_url(re.compile("q=CAUA"))

    subscribers.page.reload()

    expect_only(subscribers, [PEOPLE[1]])
    expect(subscribers.page.get_by_role("searchbox")).to_have_value("CAUA")
    subscribers.page.get_by_role("button", name="Limpar filtros").click()
    expect_only(subscribers, PEOPLE)


def test_filters_combine_and_say_how_many_each_option_shows(subscribers: SubscribersPage) -> None:
    subscribers.choose("Status da conta", "canceled")
    expect_only(subscribers, PEOPLE[1:3])
    subscribers.choose("Data de assinatura", "7d")
    expect_only(subscribers, PEOPLE[2:3])
    status = subscribers.page.get_by_role("combobox", name="Status da conta")
    expect(status.get_by_role("option", name="Cancelado")).to_have_text("Cancelado (1)")
    expect(status.get_by_role("option", name="Todos")).to_have_text("Todos (3)")
    subscribers.choose("Status da conta", "refunded")
    expect(subscribers.page.get_by_role("heading", name="Nenhum assinante com esse filtro")).to_be_visible()


def test_a_search_is_text_and_nothing_else(subscribers: SubscribersPage, people: Shop) -> None:
    nobody = subscribers.page.get_by_role("heading", name="Nenhum assinante com esse filtro")
    for typed in ("%_'\"*", "a" * 10_000):
        subscribers.page.goto(f"{people.server.origin}/assinantes?{urlencode({'q': typed})}")
        expect(nobody).to_be_visible()
        expect(subscribers.page.get_by_role("alert").filter(has_text="Algo deu errado")).to_have_count(0)


def test_sheets_part_who_has_the_content_from_who_left(subscribers: SubscribersPage) -> None:
    subscribers.open_sheet("Ativos")
    expect_only(subscribers, PEOPLE[:1])
    subscribers.open_sheet("Inativos")
    expect_only(subscribers, PEOPLE[1:3])


def test_buttons_say_why_they_cannot_be_used(subscribers: SubscribersPage) -> None:
    refund, readd, remove = "Reembolsar assinatura", "Readicionar à lista", "Remover da lista"
    subscribers.expect_refused(PEOPLE[0], refund, "Apenas assinaturas canceladas podem ser reembolsadas")
    subscribers.expect_allowed(PEOPLE[1], refund)
    subscribers.expect_refused(PEOPLE[2], refund, BOLETO)
    subscribers.expect_refused(PEOPLE[3], readd, "Pagamento pendente")
    subscribers.expect_refused(PEOPLE[3], remove, "Já está fora da lista")


def test_a_removal_is_asked_about_and_then_shown_everywhere(
    subscribers: SubscribersPage, people: Shop, new_context: CreateContextCallback
) -> None:
    context = new_context(viewport=WIDE)
    elsewhere = open_page(context.new_page(), people)
    elsewhere.search("bia")
    expect_only(elsewhere, PEOPLE[:1])

    subscribers.action(PEOPLE[0], "Remover da lista").click()
    dialog = subscribers.page.get_by_role("dialog", name="Remover da lista")
    for stated in (PEOPLE[0], "Mensal", "29,90", "a cobrança continua", "Cancelar também a assinatura"):
        expect(dialog).to_contain_text(stated)
    dialog.get_by_role("button", name="Remover").click()

    for page in (subscribers, elsewhere):
        expect(page.row(PEOPLE[0])).to_contain_text("a remover")
        page.expect_refused(PEOPLE[0], "Remover da lista", "Já está fora da lista")
    # The other window kept its search.
    expect_only(elsewhere, PEOPLE[:1])
    expect(elsewhere.page.get_by_role("searchbox")).to_be_focused()

    subscribers.readd(PEOPLE[0])
    expect(elsewhere.row(PEOPLE[0])).to_contain_text("a adicionar")
    context.close()


def test_dismissing_a_dialog_does_nothing(subscribers: SubscribersPage) -> None:
    subscribers.action(PEOPLE[0], "Remover da lista").click()
    expect(subscribers.page.get_by_role("dialog")).to_be_visible()
    subscribers.page.keyboard.press("Escape")
    expect(subscribers.page.get_by_role("dialog")).to_be_hidden()
    subscribers.expect_allowed(PEOPLE[0], "Remover da lista")


def test_the_drawer_is_in_the_address(subscribers: SubscribersPage) -> None:
    subscribers.page.get_by_role("link", name=PEOPLE[1]).click()
    drawer = subscribers.page.get_by_role("dialog", name="Detalhes da assinatura")
    expect(drawer).to_contain_text("Cancelamento pedido")
    address = subscribers.page.url
    assert "assinatura=" in address
    subscribers.page.keyboard.press("Escape")
    expect(subscribers.page).not_to_have_url(address)

    subscribers.page.goto(address)

    expect(drawer).to_contain_text(PEOPLE[1])


def test_nobody_opens_another_creators_subscriber(
    subscribers: SubscribersPage, people: Shop, new_context: CreateContextCallback
) -> None:
    subscribers.page.get_by_role("link", name=PEOPLE[1]).click()
    expect(subscribers.page.get_by_role("dialog")).to_contain_text(PEOPLE[1])
    address = subscribers.page.url
    other = Shop.opened(people.server)
    context = new_context()
    page = context.new_page()
    sign_in(context, other.server.origin, other.email, PASSWORD)
    page.goto(f"{other.server.origin}/assinantes")
    expect(page.get_by_role("heading", name="Ninguém assinou ainda")).to_be_visible()

    page.goto(address)

    expect(page.get_by_role("dialog")).to_contain_text("Não encontramos esta assinatura")
    expect(page.get_by_text(PEOPLE[1])).to_have_count(0)
    context.close()


def test_the_keyboard_reaches_everything(subscribers: SubscribersPage) -> None:
    page = subscribers.page
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("link", name=PEOPLE[3]).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name=PEOPLE[2])).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Atalhos do teclado")).to_be_visible()
    page.keyboard.press("Escape")
    with page.expect_download():
        page.keyboard.press("e")


def test_the_file_has_what_the_view_has(subscribers: SubscribersPage, tmp_path: Path, people: Shop) -> None:
    subscribers.choose("Status da conta", "canceled")
    expect_only(subscribers, PEOPLE[1:3])

    file = subscribers.export(tmp_path)

    assert file.name.startswith(f"assinantes-{people.handle}-")
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == [PEOPLE[2], PEOPLE[1]]


def test_the_file_is_for_the_signed_in_creator_alone(people: Shop) -> None:
    address = f"{people.server.origin}/exportar/assinantes.csv"
    answer = httpx.get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/entrar")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    people: Shop, new_context: CreateContextCallback, size: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    # Axe is a script of nobody's: the policy would keep it out.
    page = new_context(
        viewport=size, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    ).new_page()
    subscribers = open_page(page, people)
    assert violations(page) == []

    subscribers.action(PEOPLE[0], "Remover da lista").click()
    expect(page.get_by_role("dialog")).to_contain_text(PEOPLE[0])
    assert violations(page) == []

    page.keyboard.press("Escape")
    page.get_by_role("link", name=PEOPLE[1]).click()
    expect(page.get_by_role("dialog")).to_contain_text("Histórico")
    assert violations(page) == []
