"""A creator with 100,000 subscribers: views that last, keys, the file, and a connection that is lost."""

import re
import sqlite3
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.pages.sign_in_page import SignInPage
from tests.e2e.pages.subscribers_page import SubscribersPage
from tests.support.console import Console
from tests.support.processes import eventually
from tests.support.screens import WIDE
from tests.support.server import DEMO_EMAIL, DEMO_PASSWORD, Server

FILE = "/exportar/assinantes.csv"


def session_cookie(server: Server) -> str:
    answer = httpx.post(
        f"{server.origin}/entrar",
        data={"email": DEMO_EMAIL, "senha": DEMO_PASSWORD},
        headers={"origin": server.origin},
    )
    (cookie,) = (
        each.split(";")[0]
        for each in answer.headers.get_list("set-cookie")
        if each.startswith("__Host-lastlink=")
    )
    return cookie


def test_a_download_that_nobody_reads_on_lets_go_of_the_database(big_server: Server) -> None:
    raw = sqlite3.connect(big_server.data_dir / "lastlink.sqlite", timeout=0.1)

    def is_read_from() -> bool:
        """Whether somebody holds on to a state of the database that is not the newest."""
        return raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 1

    cookie = session_cookie(big_server)
    with httpx.stream("GET", big_server.origin + FILE, headers={"cookie": cookie}, timeout=60) as answer:
        assert answer.headers["x-total-rows"] == "100000"
        pieces = answer.iter_raw(4096)
        next(pieces)
        session_cookie(big_server)
        # The control: while it is read, and not read to its end, its state of the database is kept.
        assert is_read_from()
    eventually(lambda: not is_read_from(), what="the end of the download")
    raw.close()


def test_views_keys_and_the_file_of_a_hundred_thousand(
    big_server: Server, new_context: CreateContextCallback, console: Console, tmp_path: Path
) -> None:
    console.provoke("net::ERR_INTERNET_DISCONNECTED")
    page = new_context(viewport=WIDE).new_page()
    page.goto(f"{big_server.origin}/entrar")
    SignInPage(page).sign_in(DEMO_EMAIL, DEMO_PASSWORD)
    subscribers = SubscribersPage(page).expect_open()

    # A sheet, a filter and a page: after a reload and after coming back they are what they were.
    subscribers.open_sheet("Inativos")
    subscribers.choose("Status da conta", "canceled")
    expect(page).to_have_url(re.compile("status=canceled"))
    page.get_by_role("button", name="Próxima").click()
    expect(page).to_have_url(re.compile("after="))
    expect(page.get_by_text(re.compile("^51.100 de"))).to_be_visible()
    first = subscribers.table.get_by_role("rowheader").nth(0)
    name = first.inner_text()

    def expect_the_same() -> None:
        expect(page.get_by_role("tab", name="Inativos")).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("combobox", name="Status da conta")).to_have_value("canceled")
        expect(page.get_by_text(re.compile("^51.100 de"))).to_be_visible()
        expect(first).to_have_text(re.compile(re.escape(name.splitlines()[0])))

    page.reload()
    expect_the_same()
    page.get_by_role("link", name="Planos").click()
    expect(page.get_by_role("heading", name="Planos", exact=True)).to_be_visible()
    page.go_back()
    expect_the_same()

    # Arrows and Enter open the drawer; it keeps the focus, answers for a day gone by, and Esc puts it away.
    first.get_by_role("link").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name="Detalhes da assinatura")
    expect(drawer.get_by_role("heading", name="Histórico")).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "!document.activeElement.closest('main') || !!document.activeElement.closest('dialog')"
        )
    drawer.get_by_label("Tinha acesso em").fill("2020-01-31")
    expect(
        drawer.get_by_text("Em 31/01/2020: não tinha acesso. Nunca tinha entrado na lista.")
    ).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()

    _expect_the_file_to_be_stopped_and_whole(page, subscribers, tmp_path)


def _expect_the_file_to_be_stopped_and_whole(
    page: Page, subscribers: SubscribersPage, tmp_path: Path
) -> None:
    page.get_by_role("button", name="Limpar filtros").click()
    subscribers.open_sheet("Todos")
    expect(page.get_by_text(re.compile(r"^1.50 de 100\.000$"))).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")  # pyright: ignore[reportUnknownMemberType]
    line.send("Network.emulateNetworkConditions", _line(bytes_a_second=300_000))  # pyright: ignore[reportUnknownMemberType]
    page.keyboard.press("e")
    expect(page.get_by_role("progressbar", name="Exportar CSV")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^[\d.]+ de 100\.000$"))).to_be_visible()
    page.get_by_role("button", name="Cancelar", exact=True).click()
    expect(page.get_by_text("Exportação cancelada")).to_have_count(1)
    expect(page.get_by_role("button", name="Exportar CSV")).to_be_enabled()
    line.send("Network.emulateNetworkConditions", _line(bytes_a_second=-1))  # pyright: ignore[reportUnknownMemberType]
    line.detach()

    page.context.set_offline(True)
    expect(page.get_by_text("Sem conexão. Tentando reconectar…")).to_be_visible()
    page.get_by_role("button", name="Exportar CSV").click()
    expect(page.get_by_text("Não foi possível exportar.")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Sem conexão. Tentando reconectar…")).to_have_count(0)

    file = subscribers.export(tmp_path)
    with file.open("rb") as lines:
        assert sum(1 for _ in lines) == 100_001


def _line(*, bytes_a_second: int) -> dict[str, object]:
    """A line of that speed (-1: as fast as it is): on this machine the file would be there at once."""
    return {
        "offline": False,
        "latency": 0,
        "downloadThroughput": bytes_a_second,
        "uploadThroughput": -1,
    }
