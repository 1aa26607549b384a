"""A creator's browser: signed in, and able to lie to the server."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, ViewportSize, WebSocketRoute, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.shop import PASSWORD, Shop
from tests.support.screens import WIDE
from tests.support.signed_in import sign_in


@dataclass(frozen=True, slots=True)
class Creator:
    """One browser of the shop's creator, and the page that is open in it."""

    shop: Shop
    page: Page

    @classmethod
    def signed_in(
        cls, new_context: CreateContextCallback, shop: Shop, way: str, screen: ViewportSize = WIDE
    ) -> "Creator":
        """A new browser that is signed in and has `way` open."""
        context = new_context(viewport=screen)
        sign_in(context, shop.server.origin, shop.email, PASSWORD)
        page = context.new_page()
        page.goto(shop.server.origin + way)
        expect(page).to_have_url(shop.server.origin + way)
        return cls(shop, page)

    def goto(self, way: str) -> Page:
        """Open another page of the dashboard."""
        self.page.goto(self.shop.server.origin + way)
        return self.page

    def lie(self, replace: Callable[[str], str]) -> None:
        """Change what the browser sends over its websocket from the next page on, as an attacker would."""

        def between(route: WebSocketRoute) -> None:
            server = route.connect_to_server()

            def pass_on(message: str | bytes) -> None:
                server.send(replace(message) if isinstance(message, str) else message)

            route.on_message(pass_on)

        self.page.route_web_socket("**/_event**", between)
