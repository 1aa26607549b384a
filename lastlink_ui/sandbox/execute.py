"""Carries one API request out inside one transaction: idempotency, work, answer, log entry."""

import json
from dataclasses import dataclass, field

from . import routes
from .books import Books
from .clock import DAY, Clock
from .errors import IdempotencyMismatch, ServerFault, StripeError
from .events import Cause
from .expand import expanded
from .params import read
from .store import Store
from .types import Obj

_ANSWERS_KEPT_FOR = DAY
_LOGGED = 5_000


@dataclass(slots=True)
class Call:
    """One request as it came in."""

    method: str
    path: str
    params: Obj
    request_id: str
    key: str | None
    received: float
    fault: str | None = None
    sent: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as it goes out."""

    status: int
    body: str
    request_id: str
    replayed: bool = False


def carry_out(store: Store, call: Call, clock: Clock, origin: str) -> Reply:
    """Answer a call; a key that was used before gets the answer it got then."""
    books = Books(store, clock, origin, Cause(call.request_id, call.key))
    reply = _remembered(books, call) or _work(books, call)
    log(store, call, reply.status, clock())
    return reply


def log(store: Store, call: Call, status: int | None, answered: float) -> None:
    """Note what came in and what was answered; ``None`` is a connection cut before any answer."""
    entry: Obj = {
        "id": call.request_id,
        "method": call.method,
        "path": call.path,
        "params": dict(call.sent),
        "idempotency_key": call.key,
        "status": status,
        "fault": call.fault,
        "received": call.received,
        "answered": answered,
    }
    cursor = store.connection.execute(
        "INSERT INTO requests (received, entry) VALUES (?, ?)", (call.received, json.dumps(entry))
    )
    store.connection.execute("DELETE FROM requests WHERE seq <= ?", ((cursor.lastrowid or 0) - _LOGGED,))


def error_reply(refusal: StripeError, call: Call) -> Reply:
    """Return a refusal as an answer."""
    return Reply(refusal.status, json.dumps(refusal.body()), call.request_id)


def _remembered(books: Books, call: Call) -> Reply | None:
    """Return the stored answer of the call's key, or a refusal when the parameters differ."""
    if not call.key:
        return None
    books.store.connection.execute("DELETE FROM answers WHERE created < ?", (books.now - _ANSWERS_KEPT_FOR,))
    row = books.store.connection.execute("SELECT * FROM answers WHERE key = ?", (call.key,)).fetchone()
    if row is None:
        return None
    if row["request"] != _fingerprint(call):
        mismatch = IdempotencyMismatch(
            "Keys for idempotent requests can only be used with the same parameters they were first used"
            f" with. Try using a key other than '{call.key}' if you meant to execute a different request."
        )
        return error_reply(mismatch, call)
    return Reply(row["status"], row["body"], row["request_id"], replayed=True)


def _work(books: Books, call: Call) -> Reply:
    """Do the work once; a refusal undoes it unless the refusal is itself what happened."""
    connection = books.store.connection
    saved = True
    connection.execute("SAVEPOINT work")
    try:
        reply = Reply(200, json.dumps(_answer(books, call)), call.request_id)
    except StripeError as refusal:
        saved = refusal.saved
        if not refusal.keep_work:
            connection.execute("ROLLBACK TO work")
        reply = error_reply(refusal, call)
    connection.execute("RELEASE work")
    if call.key and saved:
        connection.execute(
            "INSERT INTO answers (key, request, status, body, request_id, created) VALUES (?, ?, ?, ?, ?, ?)",
            (call.key, _fingerprint(call), reply.status, reply.body, call.request_id, books.now),
        )
    return reply


def _answer(books: Books, call: Call) -> Obj:
    route, ids = routes.find(call.method, call.path)
    params = read(route.params, call.params)
    if call.fault == "status_500":
        raise ServerFault("An unknown error occurred", code=None)
    return expanded(books, route.answer(books, params, *ids), params.expand)


def _fingerprint(call: Call) -> str:
    return f"{call.method} {call.path} {json.dumps(call.params, sort_keys=True)}"
