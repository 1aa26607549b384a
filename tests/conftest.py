"""What every test may ask for: a migrated database of each kind, a clock that stands, a world to build in."""

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import settings
from playwright.sync_api import BrowserContext, Playwright, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from lastlink_ui.db import Database, migrate
from tests.support.browser import ARGUMENTS, ChromiumMissing, chromium
from tests.support.clock import StoppedClock
from tests.support.console import Console
from tests.support.plain_http import read_no_certificates
from tests.support.postgres import Postgres, PostgresMissing, running_postgres
from tests.support.processes import free_port
from tests.support.scheduling import ByFile, is_among_many
from tests.support.screens import WIDE
from tests.support.seeded import seeded_once
from tests.support.server import Server, running_server
from tests.support.world import World

read_no_certificates()
# How long an example takes says how busy the machine is.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")
# Generous, for small machines under load: an expectation that holds returns at once anyway.
expect.set_options(timeout=20_000)

_HERE = Path(__file__).parent
_WITHOUT_POSTGRES = os.environ.get("LASTLINK_TESTS_WITHOUT_POSTGRES") == "1"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A throwaway PostgreSQL server."""
    try:
        with running_postgres() as server:
            yield server
    except PostgresMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite"
    migrate.upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
def new_database_url(
    request: pytest.FixtureRequest, database_kind: str, tmp_path: Path
) -> Iterator[Callable[[], str]]:
    """Makes the URL of a new, migrated, empty database each time it is called."""
    if database_kind == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        lent: list[str] = []

        def lend() -> str:
            lent.append(server.new_database())
            return lent[-1]

        yield lend
        for url in lent:
            server.give_back(url)
        return
    template: Path = request.getfixturevalue("sqlite_template")

    def copy() -> str:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite"
        return f"sqlite+aiosqlite:///{shutil.copy(template, path)}"

    yield copy


@pytest.fixture(params=["sqlite"] if _WITHOUT_POSTGRES else ["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each database that the program runs on."""
    return request.param


@pytest.fixture
def database_url(new_database_url: Callable[[], str]) -> str:
    """A migrated, empty database, by its URL."""
    return new_database_url()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database."""
    database = Database(database_url)
    yield database
    await database.dispose()


@pytest.fixture
def clock() -> StoppedClock:
    """A clock that stands at noon of 22 November 2026 in São Paulo."""
    return StoppedClock()


@pytest.fixture
def world(database: Database, clock: StoppedClock) -> World:
    """Makes creators, plans, fans and subscriptions in `database`."""
    return World(database, clock)


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: half of most tests is waiting for another process."""
    return (os.cpu_count() or 1) + 1


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/faults --long`: try much more, for hours rather than minutes."""
    parser.addoption("--long", action="store_true", help="let the state machine of tests/faults run for long")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Browser tests come last: Playwright's own event loop would be in the way of every other one.

    Of those, what takes longest comes first, so that nobody waits for it at the end.
    """
    yield
    # After everybody else: fixtures that a session has once per parameter are moved to the front.
    items.sort(key=_lateness)


def _lateness(item: pytest.Item) -> tuple[bool, bool, bool]:
    many, browser = is_among_many(item.nodeid), _needs_browser(item)
    return many or browser, not many, browser


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:  # noqa: ANN401 - xdist has no types
    """A file's tests stay in one process, with the servers that they share."""
    return ByFile(config, log)


def _needs_browser(item: pytest.Item) -> bool:
    return "playwright" in getattr(item, "fixturenames", ())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything needed is there, a skipped test is a failure: it proved nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("LASTLINK_TESTS_SKIP_NOTHING") == "1" and reporter and reporter.stats.get("skipped"):
        reporter.write_line("skipped tests count as failures here", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The whole program with its demo creator, shared by the tests that leave it as they found it."""
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def big_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The whole program with a demo creator of 100,000 subscribers, shared by tests that only look.

    The sandbox knows the first 500 of them.
    """
    own, sandbox_port = tmp_path_factory.getbasetemp(), free_port()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = shutil.copytree(seeded_once(shared, 100_000, sandbox_port), own / "big")
    with running_server(folder, sandbox_port=sandbox_port) as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    """Whatever Chromium this machine has."""
    try:
        found = chromium(playwright)
    except ChromiumMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    own = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **own, "args": list(ARGUMENTS)}


@pytest.fixture
def console() -> Iterator[Console]:
    """Hears every browser of the test; what nobody provoked fails it."""
    console = Console()
    yield console
    assert console.complaints == []


@pytest.fixture
def new_context(new_context: CreateContextCallback, console: Console) -> CreateContextCallback:
    """A browser of its own, which `console` listens to; `page` and `context` are made by it too."""

    def open_one(**options: Any) -> BrowserContext:  # noqa: ANN401 - Playwright's own
        context = new_context(**options)
        console.listen(context)
        return context

    return cast("CreateContextCallback", open_one)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A browser in Brazil, on a wide screen."""
    return {
        **browser_context_args,
        "locale": "pt-BR",
        "timezone_id": "America/Sao_Paulo",
        "viewport": WIDE,
    }
