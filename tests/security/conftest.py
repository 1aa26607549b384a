"""A running program whose guards can be switched off one by one, and two creators in it."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.security import unguarded
from tests.security.tenants import Tenant
from tests.support.server import Server, running_server

GuardsOff = Callable[..., AbstractContextManager[None]]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The program with every guard on, until `guards_off` says otherwise."""
    folder = tmp_path_factory.mktemp("security")
    env = {unguarded.FILE: str(folder / "guards_off")}
    program = (str(Path(unguarded.__file__)),)
    with running_server(folder, demo=False, env=env, program=program) as running:
        yield running


@pytest.fixture(scope="session")
def guards_off(server: Server) -> GuardsOff:
    """`with guards_off("names", "rate"):` the program does without these guards."""
    file = server.data_dir / "guards_off"

    @contextmanager
    def off(*guards: str) -> Generator[None]:
        file.write_text(" ".join(guards))
        try:
            yield
        finally:
            file.unlink()

    return off


@pytest.fixture(scope="session")
def victim(server: Server) -> Tenant:
    """A creator with subscribers whose names, addresses and ids nobody else may see or use."""
    return Tenant.opened(server, "vitima")


@pytest.fixture(scope="session")
def attacker(server: Server) -> Tenant:
    """Another creator of the same installation."""
    return Tenant.opened(server, "intrusa")
