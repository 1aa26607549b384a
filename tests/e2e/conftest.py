"""The shops that journeys are made in, and the browser they look through."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ViewportSize
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.shop import Shop
from tests.support.screens import PHONE
from tests.support.server import Server


@pytest.fixture
def shop(server: Server) -> Iterator[Shop]:
    """A new creator with three plans; afterwards nothing goes wrong at the sandbox any more."""
    yield Shop.opened(server)
    server.sandbox.heal()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A browser of no particular size: `new_context(viewport=…)` says which."""
    return {name: value for name, value in browser_context_args.items() if name != "viewport"}


@pytest.fixture
def screen() -> ViewportSize:
    """A phone, unless the test says on which screens it is run."""
    return PHONE


@pytest.fixture
def context(new_context: CreateContextCallback, screen: ViewportSize) -> BrowserContext:
    """Where `page` is opened."""
    return new_context(viewport=screen)
