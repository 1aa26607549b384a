"""What changes elsewhere comes into an open page by itself, and takes nothing from who is at work in it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Protocol

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_playwright.pytest_playwright import CreateContextCallback
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.billing.checkouts import Form
from lastlink_ui.core.clock import SystemClock
from lastlink_ui.db import Database
from lastlink_ui.plans.models import Plan
from lastlink_ui.settings import Settings
from lastlink_ui.subscribers.fans import Person
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.wiring import build
from tests.e2e.pages.sign_in_page import SignInPage
from tests.e2e.pages.subscribers_page import SubscribersPage
from tests.e2e.shop import PASSWORD, Shop
from tests.support.behind import in_database
from tests.support.console import Console
from tests.support.line import Line, running_line
from tests.support.processes import eventually
from tests.support.screens import WIDE
from tests.support.server import DEMO_EMAIL, DEMO_PASSWORD, Server
from tests.support.world import World

LOST = "Sem conexão. Tentando reconectar…"


class OpenDashboard(Protocol):
    """Opens the subscribers page in a browser of its own, over a line that can be cut."""

    def __call__(
        self, server: Server, email: str, password: str, line: Line | None = None
    ) -> SubscribersPage: ...


@pytest.fixture
def line(console: Console) -> Iterator[Line]:
    console.provoke("net::ERR_SOCKS_CONNECTION_FAILED|^WebSocket connection")
    with running_line() as line:
        yield line


@pytest.fixture
def dashboard(new_context: CreateContextCallback) -> OpenDashboard:
    def opened(server: Server, email: str, password: str, line: Line | None = None) -> SubscribersPage:
        size: ViewportSize = WIDE
        page = new_context(viewport=size, proxy=line.proxy if line else None).new_page()
        page.goto(f"{server.origin}/entrar")
        SignInPage(page).sign_in(email, password)
        return SubscribersPage(page).expect_open()

    return opened


def note_flashes(page: Page) -> Callable[[], list[str]]:
    """From now on, which rows flash; by the fan's name."""
    page.evaluate(
        """() => {
            window.flashed = new Set();
            const nameOf = (cell) => cell.closest("tr")?.querySelector("th a")?.textContent;
            const note = ({ target }) => window.flashed.add(nameOf(target));
            document.addEventListener("animationstart", note, true);
        }"""
    )
    return lambda: page.evaluate("[...window.flashed].filter(Boolean)")


def sell(shop: Shop, name: str) -> None:
    """A fan pays by card, and the provider tells the program."""
    server = shop.server
    port = int(server.sandbox.origin.rsplit(":", 1)[1])
    settings = Settings(data_dir=server.data_dir, sandbox_port=port, origin=server.origin)
    handle = re.sub(r"\W+", ".", name.lower())

    async def start(_: Database) -> str:
        services = build(settings)
        person = Person(name, handle, f"{handle}@example.com")
        try:
            return await services.billing.start_checkout(
                shop.creator, Form(shop.plans[0], Method.CARD, person, handle)
            )
        finally:
            await services.database.dispose()

    server.sandbox.pay(in_database(server.database_url, start))


def test_a_page_at_work_is_brought_up_to_date(
    big_server: Server, dashboard: OpenDashboard, line: Line
) -> None:
    here = dashboard(big_server, DEMO_EMAIL, DEMO_PASSWORD, line)
    page, there = here.page, dashboard(big_server, DEMO_EMAIL, DEMO_PASSWORD)
    for each in (here, there):
        each.open_sheet("Ativos")
        # The tab is there before its rows are.
        expect(each.table.get_by_role("cell", name="Ativo", exact=True)).to_have_count(50)
    headers = here.table.get_by_role("rowheader")
    expect(headers).to_have_count(50)
    # Among so many a name may be several people's; a handle is one person's.
    names, handles = zip(*(headers.nth(n).inner_text().split("\n")[-2:] for n in (20, 22, 24)), strict=True)
    chosen, kept, unheard = handles
    there.expect_row(chosen)

    # A text is selected and the page scrolled, while somebody leaves the sheet that both show.
    here.row(kept).scroll_into_view_if_needed()
    here.row(kept).get_by_role("link", name=names[1]).evaluate(
        "link => getSelection().selectAllChildren(link)"
    )
    at_work = """() => [scrollY, document.querySelector("main").scrollTop, String(getSelection())]"""
    before = page.evaluate(at_work)
    assert before[2] == names[1]
    assert max(before[:2]) > 0
    flashed = note_flashes(page)
    there.remove(chosen)
    here.expect_no_row(chosen)
    assert page.evaluate(at_work) == before

    # A dialog is open and a box in it ticked. The line is cut: the page says so.
    here.action(kept, "Remover da lista").click()
    dialog = page.get_by_role("dialog", name="Remover da lista")
    dialog.get_by_role("checkbox").check()
    expect(dialog).to_contain_text(names[1])
    page.evaluate("window.stayed = true")
    line.cut()
    expect(page.get_by_text(LOST)).to_be_visible()
    there.remove(unheard)
    there.expect_no_row(unheard)
    assert here.row(unheard).count() == 1

    # What happened meanwhile is there afterwards, without a reload, and the dialog is as it was.
    line.mend()
    here.expect_no_row(unheard)
    expect(page.get_by_text(LOST)).to_have_count(0)
    expect(dialog).to_contain_text(names[1])
    expect(dialog.get_by_role("checkbox")).to_be_checked()
    assert page.evaluate("window.stayed")
    page.keyboard.press("Escape")

    # And it is as live as before; back in the sheet, the two flash as what is new in it.
    there.open_sheet("Todos")
    for handle in (chosen, unheard):
        there.search(handle)
        there.readd(handle)
        here.expect_row(handle)
    # A flash begins a frame after its row is there.
    eventually(lambda: {names[0], names[2]} <= set(flashed()))


@pytest.fixture
def many(shop: Shop) -> Shop:
    """A shop with more subscribers than one page shows."""

    async def make(database: Database) -> None:
        clock = SystemClock()
        async with database.reading() as session:
            plan = (await session.scalars(select(Plan).where(col(Plan.id) == shop.plans[0]))).one()
        for number in range(55):
            await World(database, clock).subscriber(
                plan, f"Fã {number:02}", started_at=clock.now() - timedelta(days=3, minutes=number)
            )

    in_database(shop.server.database_url, make)
    return shop


def test_new_ones_wait_further_down_and_come_in_on_the_first_page(
    many: Shop, dashboard: OpenDashboard, line: Line
) -> None:
    first = dashboard(many.server, many.email, PASSWORD)
    further = dashboard(many.server, many.email, PASSWORD, line)
    page = further.page
    further.expect_row("Fã 00")
    page.get_by_role("button", name="Próxima").click()
    further.expect_row("Fã 54")
    flashed = note_flashes(first.page)

    sell(many, "Beatriz Ribeiro")

    first.expect_row("Beatriz Ribeiro")
    expect(first.table.get_by_role("rowheader").nth(0)).to_contain_text("Beatriz Ribeiro")
    assert flashed() == ["Beatriz Ribeiro"]
    expect(page.get_by_role("button", name="1 novo", exact=True)).to_be_visible()
    further.expect_row("Fã 54")

    # Cut off while another one comes in and a row of the page changes.
    line.cut()
    expect(page.get_by_text(LOST)).to_be_visible()
    sell(many, "Cauã Távora")
    first.expect_row("Cauã Távora")
    first.search("Fã 54")
    first.remove("Fã 54")
    expect(first.row("Fã 54")).to_contain_text("a remover")
    flashed = note_flashes(page)
    line.mend()
    expect(further.row("Fã 54")).to_contain_text("a remover")
    assert flashed() == ["Fã 54"]
    pill = page.get_by_role("button", name="2 novos", exact=True)
    expect(pill).to_be_visible()

    pill.click()
    expect(further.table.get_by_role("rowheader").nth(0)).to_contain_text("Cauã Távora")
    expect(pill).to_have_count(0)
