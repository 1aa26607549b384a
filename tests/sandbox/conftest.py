"""A sandbox process per test module, and a receiver of webhooks."""

from collections.abc import Iterator

import pytest

from tests.sandbox.provider import Provider
from tests.sandbox.receiver import Receiver, listening
from tests.support.sandbox import running_sandbox


@pytest.fixture(scope="module")
def provider_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield Provider(sandbox)


@pytest.fixture
def provider(provider_process: Provider) -> Provider:
    provider_process.control("reset")
    return provider_process


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver
