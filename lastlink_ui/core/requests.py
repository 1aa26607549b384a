"""Which request is being worked on: its id stands in the ledger, the audit log and every line of the log."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from lastlink_ui.core.ids import new_id

_current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The id of the request that this task works on; "" where nobody asked for anything."""
    return _current.get()


def begin_request() -> str:
    """A new id, for all that this task does from here on."""
    given = str(new_id())
    _current.set(given)
    return given


@contextmanager
def resuming(request: str) -> Generator[None]:
    """Work for a request of before, which is known by its id, as long as the block runs."""
    token = _current.set(request)
    try:
        yield
    finally:
        _current.reset(token)
