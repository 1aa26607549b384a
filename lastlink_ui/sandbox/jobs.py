"""What happens by itself when its time comes: renewals, retries, expiries, late outcomes."""

import contextlib
from collections.abc import Callable

from . import billing, checkout, disputes, purchase, refunds
from .books import ACCOUNT_TIME, Books
from .errors import StripeError
from .types import Obj

Job = Callable[[Books, Obj, int], object]


def _expire_session(books: Books, session: Obj, _now: int) -> None:
    if session["status"] == "open":
        checkout.close(books, session)


_JOBS: dict[str, Job] = {
    "renew": billing.renew,
    "finalize": billing.finalize,
    "retry": billing.retry,
    "expire_session": _expire_session,
    "dispute": disputes.open_dispute,
    "expire_boleto": purchase.boleto_expired,
    "pay_boleto": purchase.boleto_paid,
    "refund_pending": refunds.succeed,
    "refund_fails": refunds.fail,
}


def run_due(books: Books) -> bool:
    """Run one job that is due, by the account's time or by a test clock; return whether there was one."""
    clocks = [ACCOUNT_TIME, *(clock["id"] for clock in books.store.select("test_helpers.test_clock"))]
    return any(run_next(books, clock, _time_on(books, clock), lambda _at: None) for clock in clocks)


def count_due(books: Books) -> int:
    """Return how many jobs the account's time has reached and that have not been run."""
    row = books.store.connection.execute(
        "SELECT count(*) FROM jobs WHERE clock = ? AND at <= ?", (ACCOUNT_TIME, books.now)
    ).fetchone()
    return row[0]


def _time_on(books: Books, clock: str) -> int:
    return books.now if clock == ACCOUNT_TIME else books.time_of({"test_clock": clock})


def run_next(books: Books, clock: str, until: int, arrive: Callable[[int], None]) -> bool:
    """Run the earliest job that is due on a clock; return whether there was one.

    ``arrive`` is told the job's time before it runs.
    """
    row = books.store.connection.execute(
        "SELECT seq, at, kind, object FROM jobs WHERE clock = ? AND at <= ? ORDER BY at, seq LIMIT 1",
        (clock, until),
    ).fetchone()
    if row is None:
        return False
    arrive(row["at"])
    _run(books, row["seq"], row["kind"], row["object"], row["at"])
    return True


def run_for(books: Books, object_id: str) -> None:
    """Run what is planned for an object without waiting for its time."""
    rows = books.store.connection.execute(
        "SELECT seq, kind FROM jobs WHERE object = ? ORDER BY at, seq", (object_id,)
    ).fetchall()
    for row in rows:
        found = books.store.find_any(object_id)
        _run(books, row["seq"], row["kind"], object_id, books.time_of(found))


def _run(books: Books, seq: int, kind: str, object_id: str, at: int) -> None:
    books.store.connection.execute("DELETE FROM jobs WHERE seq = ?", (seq,))
    found = books.store.find_any(object_id)
    if found:
        # What no longer fits by the time it is due does not happen; such a refusal comes before any work.
        with contextlib.suppress(StripeError):
            _JOBS[kind](books, found, at)
