"""Test clocks: a time of their own for some customers, moved forward by request."""

from . import jobs
from .books import Books
from .clock import DAY
from .errors import InvalidParameter
from .ids import new_id
from .params import ListParams, Params
from .shapes import shaped
from .types import Obj

DELETED_AFTER = 30 * DAY
_FURTHEST = 2 * 366 * DAY  # in one step; the provider's own bound is two billing periods


class ClockCreate(Params):
    """POST /v1/test_helpers/test_clocks."""

    frozen_time: int
    name: str | None = None


class ClockAdvance(Params):
    """POST /v1/test_helpers/test_clocks/{test_clock}/advance."""

    frozen_time: int


class ClockList(ListParams):
    """GET /v1/test_helpers/test_clocks."""


def create(books: Books, params: ClockCreate) -> Obj:
    """Create a clock that stands at ``frozen_time``."""
    clock = shaped(
        "test_helpers.test_clock",
        id=new_id("clock"),
        created=books.now,
        deletes_after=books.now + DELETED_AFTER,
        frozen_time=params.frozen_time,
        name=params.name,
        status_details={},
    )
    return books.add(clock, "test_helpers.test_clock.created")


def advance(books: Books, params: ClockAdvance, clock_id: str) -> Obj:
    """Move a clock forward; all that becomes due happens in order, before the answer.

    The provider works in the background and answers ``advancing``; here the answer is ``ready`` at once.
    Raises: InvalidParameter for a time that is past or too far.
    """
    clock = books.get("test_helpers.test_clock", clock_id)
    if not clock["frozen_time"] < params.frozen_time <= clock["frozen_time"] + _FURTHEST:
        raise InvalidParameter(
            "The test clock can only be advanced to a later time, by at most two years at once.",
            param="frozen_time",
        )
    details = {"advancing": {"target_frozen_time": params.frozen_time}}
    books.change(clock, status="advancing", status_details=details)
    books.emit("test_helpers.test_clock.advancing", clock)

    def arrive(at: int) -> None:
        books.change(clock, frozen_time=max(at, clock["frozen_time"]))

    while jobs.run_next(books, clock_id, params.frozen_time, arrive):
        pass
    books.change(clock, frozen_time=params.frozen_time, status="ready", status_details={})
    books.emit("test_helpers.test_clock.ready", clock)
    return clock


def delete(books: Books, _params: Params, clock_id: str) -> Obj:
    """Delete a clock; its customers stay, without a time of their own or anything due."""
    clock = books.get("test_helpers.test_clock", clock_id)
    for kind in ("customer", "subscription"):
        for obj in books.store.select_by(kind, test_clock=clock_id):
            books.change(obj, test_clock=None)
    books.store.connection.execute("DELETE FROM jobs WHERE clock = ?", (clock_id,))
    books.store.remove(clock_id)
    books.emit("test_helpers.test_clock.deleted", clock)
    return {"id": clock_id, "object": "test_helpers.test_clock", "deleted": True}
