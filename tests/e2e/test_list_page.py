"""A creator works the list by hand: adds somebody, does what is open, takes it back."""

import pytest
from playwright.sync_api import expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.creator import Creator
from tests.e2e.pages.list_page import ListPage
from tests.e2e.shop import Shop
from tests.web.accessibility import violations_in_every_look


@pytest.fixture
def ana(new_context: CreateContextCallback, shop: Shop) -> Creator:
    return Creator.signed_in(new_context, shop, "/lista")


@pytest.fixture
def work(ana: Creator) -> ListPage:
    return ListPage(ana.page)


def test_a_courtesy_is_to_be_added_done_and_taken_back(work: ListPage) -> None:
    work.add("@Maria.Souza", "Maria Souza")
    work.expect_task("Maria Souza", "Adicionar")
    work.expect_count("1")
    link = work.task("Maria Souza").get_by_role("link", name="Abrir perfil de @maria.souza")
    expect(link).to_have_attribute("href", "https://instagram.com/maria.souza")

    work.done("Maria Souza")
    work.expect_no_task("Maria Souza")
    work.expect_count("0")

    work.undo()
    work.expect_task("Maria Souza", "Adicionar")


def test_every_open_page_follows(new_context: CreateContextCallback, shop: Shop, work: ListPage) -> None:
    elsewhere = Creator.signed_in(new_context, shop, "/planos")
    here = ListPage(Creator.signed_in(new_context, shop, "/lista").page)
    work.add("@maria", "Maria Souza")
    here.expect_task("Maria Souza", "Adicionar")
    count = elsewhere.page.get_by_role("navigation", name="Principal").get_by_role(
        "link", name="Para fazer na lista"
    )
    expect(count).to_contain_text("1")
    here.done("Maria Souza")
    work.expect_no_task("Maria Souza")
    expect(count).not_to_contain_text("1")


def test_what_is_missing_is_said_beside_each_field_and_what_was_typed_stays(work: ListPage) -> None:
    work.open_dialog()
    work.fill_in(profile="maria souza", name="Maria", reason="", until="")
    work.save()
    work.expect_error("Perfil", "Escreva o perfil com letras sem acento")
    work.expect_error("Motivo", "Escreva o motivo")
    work.expect_error("Data final", "Escolha até quando vale o acesso")
    expect(work.dialog.get_by_label("Perfil")).to_be_focused()
    work.page.keyboard.press("Escape")
    work.open_dialog()
    expect(work.dialog.get_by_label("Perfil")).to_have_value("maria souza")
    expect(work.dialog.get_by_label("Nome")).to_have_value("Maria")


def test_a_day_that_is_past_is_refused(work: ListPage) -> None:
    work.open_dialog()
    work.fill_in(profile="maria", name="Maria", reason="Sorteio", until="2020-01-01")
    work.save()
    work.expect_error("Data final", "Escolha hoje ou um dia depois de hoje")


def test_the_task_of_somebody_else_is_not_found_and_stays(
    new_context: CreateContextCallback, shop: Shop, work: ListPage
) -> None:
    work.add("@maria", "Maria Souza")
    work.expect_task("Maria Souza", "Adicionar")
    hers = shop.open_task()
    bia = Creator.signed_in(new_context, Shop.opened(shop.server), "/lista")
    ListPage(bia.page).add("@carla", "Carla Lima")
    own = bia.shop.open_task()
    bia.lie(lambda sent: sent.replace(str(own), str(hers)))
    lying = ListPage(bia.goto("/lista"))

    lying.done("Carla Lima")

    expect(lying.page.get_by_role("alert").filter(has_text="Não encontramos")).to_be_visible()
    lying.expect_task("Carla Lima", "Adicionar")
    work.page.reload()
    work.expect_task("Maria Souza", "Adicionar")


def test_axe_finds_nothing_in_any_state(work: ListPage) -> None:
    expect(work.page.get_by_role("heading", name="Nada para fazer")).to_be_visible()
    assert violations_in_every_look(work.page) == []
    work.open_dialog()
    work.save()
    work.expect_error("Motivo", "Escreva o motivo")
    assert violations_in_every_look(work.page) == []
    work.page.keyboard.press("Escape")
    work.add("@maria", "Maria Souza")
    work.expect_task("Maria Souza", "Adicionar")
    assert violations_in_every_look(work.page) == []
    work.done("Maria Souza")
    expect(work.page.get_by_role("button", name="Desfazer")).to_be_visible()
    assert violations_in_every_look(work.page) == []


@pytest.mark.parametrize("path", ["/pagina", "/configuracoes"])
def test_axe_finds_nothing_on_the_other_pages(ana: Creator, path: str) -> None:
    ana.goto(path)
    expect(ana.page.get_by_text(ana.shop.handle).first).to_be_attached()
    assert violations_in_every_look(ana.page) == []
