"""Which tests run in which process: those that share a server, in one."""

from typing_extensions import override
from xdist.scheduler import LoadScopeScheduling  # pyright: ignore[reportMissingTypeStubs]

_AMONG_MANY = ("tests/e2e/test_large_", "tests/e2e/test_live.py")


def is_among_many(nodeid: str) -> bool:
    """Whether a test looks at the program with a hundred thousand subscribers."""
    return nodeid.startswith(_AMONG_MANY)


class ByFile(LoadScopeScheduling):
    """A file's tests go to one process, those of it that need a browser to one as well.

    Those among a hundred thousand are together, whatever their file: one program serves them. (xdist's own
    groups are names put into ids, which pytest computes by itself since 9.2.)
    """

    @override
    def _split_scope(self, nodeid: str) -> str:
        if is_among_many(nodeid):
            return "many"
        part = "browser" if "[chromium" in nodeid else "rest"
        return f"{nodeid.partition('::')[0]}:{part}"
