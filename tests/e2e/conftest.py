"""One running program for the tests of whole journeys, and the browser they look through."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.e2e.shop import Shop
from tests.support.server import Server, running_server

# What keeps Chromium from talking to anybody but us.
_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The program without its demo: each test makes the creators that it needs."""
    with running_server(tmp_path_factory.mktemp("journeys"), demo=False) as running:
        yield running


@pytest.fixture
def shop(server: Server) -> Iterator[Shop]:
    """A new creator with three plans; afterwards nothing goes wrong at the sandbox any more."""
    yield Shop.opened(server)
    server.sandbox.heal()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, where there is one."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium") or shutil.which("chromium-browser"),
        "args": _ARGS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A Brazilian's phone."""
    return {
        **browser_context_args,
        "locale": "pt-BR",
        "timezone_id": "America/Sao_Paulo",
        "viewport": {"width": 390, "height": 844},
    }


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console says of errors, a broken policy included."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
