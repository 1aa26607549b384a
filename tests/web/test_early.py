"""A visitor faster than the page: what was pressed and typed before it came to life is done once it has."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.server import DEMO_EMAIL, DEMO_PASSWORD, Server
from tests.support.signed_in import sign_in


@pytest.fixture
def lifeless(server: Server, page: Page) -> Callable[[str], Callable[[], None]]:
    """Opens a page whose modules do not come until what it returns is called."""
    sign_in(page.context, server.origin, DEMO_EMAIL, DEMO_PASSWORD)

    def open_page(path: str) -> Callable[[], None]:
        held: list[Route] | None = []

        def hold(route: Route) -> None:
            if held is None:
                route.continue_()
            else:
                held.append(route)

        page.route("**/*.js", hold)
        page.goto(server.origin + path, wait_until="commit")

        def come_to_life() -> None:
            nonlocal held
            waiting, held = held or [], None
            for route in waiting:
                route.continue_()

        return come_to_life

    return open_page


def test_a_menu_pressed_too_early_opens(lifeless: Callable[[str], Callable[[], None]], page: Page) -> None:
    come_to_life = lifeless("/lista")
    for _ in range(3):  # whoever sees nothing happen presses again
        page.get_by_role("button", name="Sua conta").click()
    come_to_life()

    expect(page.get_by_role("menuitemradio", name="Escuro")).to_be_visible()


def test_a_search_typed_too_early_is_made(lifeless: Callable[[str], Callable[[], None]], page: Page) -> None:
    come_to_life = lifeless("/assinantes")
    search = page.get_by_role("searchbox")
    search.fill("ninguém se chama assim")
    come_to_life()

    expect(page.get_by_text("Nenhum assinante com esse filtro")).to_be_visible()
    expect(search).to_have_value("ninguém se chama assim")


def test_without_the_recorder_both_are_lost(
    lifeless: Callable[[str], Callable[[], None]], page: Page
) -> None:
    page.add_init_script("Object.defineProperty(window, 'early', { get: () => undefined, set: () => {} })")
    come_to_life = lifeless("/assinantes")
    page.get_by_role("searchbox").fill("ninguém se chama assim")
    page.get_by_role("button", name="Sua conta").click()
    come_to_life()

    expect(page.get_by_role("row").nth(1)).to_be_visible()
    expect(page.get_by_role("menuitemradio", name="Escuro")).to_be_hidden()
