"""The history of the account: what was done stands there, filtered, and in a file."""

from pathlib import Path

from playwright.sync_api import expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.creator import Creator
from tests.e2e.shop import Shop
from tests.web.accessibility import violations_in_every_look


def test_what_was_done_is_read_filtered_and_taken_away(
    new_context: CreateContextCallback, shop: Shop
) -> None:
    page = Creator.signed_in(new_context, shop, "/configuracoes").page
    history = page.get_by_role("region", name="Histórico da conta")
    lines = history.get_by_role("table", name="Histórico da conta").get_by_role("row")
    expect(lines.filter(has_text="Entrada na conta")).to_contain_text("Você")
    created = lines.filter(has_text="Plano criado")
    expect(created).to_have_count(3)
    expect(created.filter(has_text="Trimestral")).to_contain_text("Automático")
    assert violations_in_every_look(page) == []

    history.get_by_role("combobox", name="Assunto").select_option("Acesso à conta")
    expect(created).to_have_count(0)
    expect(lines.filter(has_text="Entrada na conta")).to_have_count(1)
    with page.expect_download() as download:
        history.get_by_role("link", name="Exportar CSV").click()
    assert download.value.suggested_filename.startswith(f"historico-{shop.handle}-")
    head, *rows = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert head == "Quando;O quê;Sobre;Por quem"
    assert [row.split(";")[1:] for row in rows] == [
        ["Entrada na conta", "", "Você"],
        ["Conta criada", "", "Automático"],
    ]
    expect(history.get_by_role("combobox", name="Assunto")).to_have_value("access")  # it stays chosen
    history.get_by_label("Até").fill("2020-01-31")
    expect(history.get_by_text("Nada foi feito nestes dias com estes filtros.")).to_be_visible()
    assert violations_in_every_look(page) == []
