"""What the fault tests share: a sandbox of their own, whose clock they move, and a shop on each database."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lastlink_ui.db import Database
from tests.faults.shop import Shop
from tests.support.proxy import FaultProxy, fault_proxy
from tests.support.sandbox import Sandbox, running_sandbox


@dataclass(frozen=True)
class Provider:
    """The sandbox, and where its clock can be read."""

    sandbox: Sandbox
    clock_file: Path


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    folder = tmp_path_factory.mktemp("provider")
    with running_sandbox(folder) as sandbox:
        yield Provider(sandbox, folder / "sandbox.clock")


@pytest.fixture
async def shop(database: Database, provider: Provider) -> AsyncIterator[Shop]:
    """A creator's shop, at a provider that knows nothing else."""
    provider.sandbox.reset()
    yield await Shop(database, provider.sandbox, provider.clock_file).open()
    provider.sandbox.heal()


@pytest.fixture
def proxy(provider: Provider) -> Iterator[FaultProxy]:
    """A bad line to the provider."""
    with fault_proxy(int(provider.sandbox.origin.rsplit(":", 1)[1])) as between:
        yield between


@pytest.fixture
async def far_shop(database: Database, provider: Provider, proxy: FaultProxy) -> AsyncIterator[Shop]:
    """A shop whose provider is at the other end of that line."""
    provider.sandbox.reset()
    yield await Shop(database, provider.sandbox, provider.clock_file, proxy.origin).open()
    provider.sandbox.heal()
