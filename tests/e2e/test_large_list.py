"""The subscribers page over 100,000 rows: filters, orders, pages and searches, in the address and exact."""

# ruff: noqa: RUF001 - ranges are written with a dash on screen

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from lastlink_ui.core.clock import SystemClock
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database
from lastlink_ui.subscribers.filters import Filters, InList, Sheet
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.subscribers.queries import Subscribers
from lastlink_ui.text.formats import number
from tests.e2e.pages.sign_in_page import SignInPage
from tests.e2e.pages.subscribers_page import SubscribersPage
from tests.support.behind import in_database
from tests.support.screens import WIDE
from tests.support.seeded import demo_creator
from tests.support.server import DEMO_EMAIL, DEMO_PASSWORD, Server


@pytest.fixture
def crowd(big_server: Server, new_context: CreateContextCallback) -> SubscribersPage:
    page = new_context(viewport=WIDE).new_page()
    page.goto(f"{big_server.origin}/assinantes")
    SignInPage(page).sign_in(DEMO_EMAIL, DEMO_PASSWORD)
    expect(page).to_have_url(f"{big_server.origin}/assinantes")
    # What is typed before the page listens goes nowhere.
    expect(page.get_by_text("1–50 de 100.000")).to_be_visible()
    return SubscribersPage(page)


@pytest.fixture
def total(big_server: Server) -> Callable[[Filters], str]:
    """How many rows a view has, by a look at every row of the table, as the page writes it."""

    def counted(filters: Filters) -> str:
        async def work(database: Database) -> int:
            creator: CreatorId = await demo_creator(database)
            subscribers, found, view = Subscribers(database, SystemClock()), 0, filters
            while True:
                page = await subscribers.page(creator, view, 5_000)
                found += len(page.rows)
                if not page.next:
                    return found
                view = view.page_after(page.next)

        return number(in_database(big_server.database_url, work))

    return counted


def expect_total(page: Page, total: str) -> None:
    expect(page.get_by_text(re.compile(rf"de {re.escape(total)}$")).first).to_be_visible()


def test_filters_combine_in_the_address_with_exact_counts(
    crowd: SubscribersPage, total: Callable[[Filters], str]
) -> None:
    page = crowd.page
    crowd.choose("Status da conta", "canceled")
    expect(page).to_have_url(re.compile(r"\?status=canceled$"))
    page.get_by_role("button", name="Filtro", exact=True).click()
    crowd.choose("Forma de pagamento", "boleto")
    crowd.choose("Lista", "out")
    expect(page).to_have_url(re.compile(r"\?status=canceled&method=boleto&list=out$"))
    shown = Filters(status=Status.CANCELED, method=Method.BOLETO, in_list=InList.OUT)
    expect_total(page, exact := total(shown))
    page.reload()
    expect_total(page, exact)

    # Nobody is like that: said at once, with a way out.
    crowd.choose("Lista", "in")
    crowd.open_sheet("Inativos")
    expect(page).to_have_url(re.compile("sheet=inactive"))
    expect_total(page, total(replace(shown, in_list=InList.IN, sheet=Sheet.INACTIVE)))


def test_orders_and_pages_lead_both_ways(crowd: SubscribersPage) -> None:
    page = crowd.page
    names = crowd.table.get_by_role("rowheader")

    def shown() -> list[str]:
        expect(names.first).to_be_visible()
        return names.all_inner_texts()

    page.get_by_role("button", name=re.compile("^Assinante")).click()
    expect(page).to_have_url(re.compile(r"sort=name$"))
    # The address is there before the rows are; a reload shows the order that it asks for.
    page.reload()
    by_name = page.get_by_role("columnheader", name="Assinante")
    expect(by_name).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_text("1–50 de 100.000")).to_be_visible()
    first = shown()
    page.get_by_role("button", name="Próxima").click()
    expect(page.get_by_text("51–100 de 100.000")).to_be_visible()
    assert not {*first} & {*shown()}
    page.get_by_role("button", name="Anterior").click()
    expect(page.get_by_text("1–50 de 100.000")).to_be_visible()
    expect(names).to_have_text(first, use_inner_text=True)
    page.get_by_role("button", name="Última", exact=True).click()
    expect(page.get_by_text("99.951–100.000 de 100.000")).to_be_visible()
    page.get_by_role("button", name="Anterior").click()
    expect(page.get_by_text("99.901–99.950 de 100.000")).to_be_visible()
    page.get_by_role("button", name="Primeira", exact=True).click()
    expect(page.get_by_text("1–50 de 100.000")).to_be_visible()
    expect(names).to_have_text(first, use_inner_text=True)


def test_searches_find_by_parts_and_by_first_letters(crowd: SubscribersPage) -> None:
    page = crowd.page
    crowd.search("JOAO silva")
    expect(page).to_have_url(re.compile("q=JOAO"))
    expect(crowd.table.get_by_role("rowheader", name=re.compile("João.*Silva")).first).to_be_visible()
    crowd.search("xa")
    expect(
        crowd.table.get_by_role("rowheader", name=re.compile(r"\bXa", re.IGNORECASE)).first
    ).to_be_visible()
    crowd.search("x")
    expect(page).to_have_url(re.compile(r"q=x$"))
    expect(crowd.table.get_by_role("rowheader").first).to_be_visible()
    crowd.search("ninguém se chama assim")
    expect(page.get_by_text("Nenhum assinante com esse filtro")).to_be_visible()


def test_nonsense_in_the_address_is_the_nearest_view(crowd: SubscribersPage) -> None:
    page = crowd.page
    wrong = (
        "q=%00%20&status=nope&since=9y&from=9999-99-99&to=0000-01-01&sheet=x&plan=0&method=gold&list=maybe"
        "&sort=--x&after=AAAA&before=BBBB&assinatura=1"
    )
    page.goto(f"{page.url}?{wrong}")
    expect(page.get_by_text("1–50 de 100.000")).to_be_visible()
    page.goto(
        f"{page.url.split('?')[0]}?plan=018befb6-b738-7000-8409-f134c386bbc4&from=2026-11-20&to=2020-01-01"
    )
    expect(page.get_by_text("Nenhum assinante com esse filtro")).to_be_visible()


def test_an_action_on_a_subscriber_whom_the_provider_does_not_know_says_so(crowd: SubscribersPage) -> None:
    page = crowd.page
    page.goto(f"{page.url}?status=active&method=card")
    first = crowd.table.get_by_role("row").nth(1)
    first.get_by_role("button", name="Mais ações").click()
    page.get_by_role("menuitem", name="Cancelar assinatura").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancelar assinatura").click()
    expect(page.get_by_text("O provedor recusou o cancelamento")).to_be_attached()
