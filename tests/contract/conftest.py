"""What the contract tests ask for."""

from collections.abc import Iterator

import pytest

from tests.contract import spec
from tests.sandbox.provider import Provider
from tests.support.sandbox import running_sandbox


@pytest.fixture(scope="module", autouse=True)
def _described() -> None:
    if not spec.available():
        pytest.skip(spec.MISSING)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with running_sandbox(tmp_path_factory.mktemp("contract")) as sandbox:
        yield Provider(sandbox)
