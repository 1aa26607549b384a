"""The sandbox's SQLite file: provider objects as JSON, found by id or by the fields that lists filter on."""

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from pydantic_core import from_json, to_json

from .shapes import SHAPES, sparse
from .types import Obj

_TABLES = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    created INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_newest ON objects (kind, created, seq);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    request_id TEXT NOT NULL, created INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS requests (
    seq INTEGER PRIMARY KEY, received REAL NOT NULL, entry TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY, event TEXT NOT NULL, endpoint TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL, next_at REAL NOT NULL, give_up_at REAL NOT NULL,
    status INTEGER, error TEXT, attempted_at REAL
);
CREATE INDEX IF NOT EXISTS deliveries_pending ON deliveries (next_at) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS deliveries_event ON deliveries (event);
CREATE TABLE IF NOT EXISTS jobs (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, clock TEXT NOT NULL,
    kind TEXT NOT NULL, object TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (clock, at);
CREATE INDEX IF NOT EXISTS jobs_object ON jobs (object);
CREATE TABLE IF NOT EXISTS mails (
    seq INTEGER PRIMARY KEY, received INTEGER NOT NULL, recipient TEXT NOT NULL, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
CLOCK_FILE = "sandbox.clock"
_EMPTIED = ("objects", "answers", "requests", "deliveries", "jobs", "mails", "settings")

# What lists may be filtered by, and where each kind keeps it.
FIELDS: dict[str, dict[str, str]] = {
    "customer": {"email": "email", "test_clock": "test_clock"},
    "product": {"active": "active"},
    "price": {"product": "product", "active": "active", "lookup_key": "lookup_key", "type": "type"},
    "checkout.session": {
        "customer": "customer",
        "subscription": "subscription",
        "payment_intent": "payment_intent",
        "status": "status",
    },
    "subscription": {
        "customer": "customer",
        "status": "status",
        "price": "items.data[0].price.id",
        "test_clock": "test_clock",
    },
    "invoice": {
        "customer": "customer",
        "subscription": "parent.subscription_details.subscription",
        "status": "status",
    },
    "invoice_payment": {
        "invoice": "invoice",
        "status": "status",
        "payment_intent": "payment.payment_intent",
    },
    "payment_intent": {"customer": "customer", "status": "status"},
    "charge": {"customer": "customer", "payment_intent": "payment_intent"},
    "payment_method": {"customer": "customer", "type": "type"},
    "refund": {"charge": "charge", "payment_intent": "payment_intent"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "balance_transaction": {"source": "source", "type": "type"},
    "event": {"type": "type", "pending_webhooks": "pending_webhooks"},
}
_FILTERED = {kind: {path.split(".")[0] for path in fields.values()} for kind, fields in FIELDS.items()}
_UNINDEXED = frozenset({"active", "status", "type", "lookup_key"})

Condition = tuple[str, str, Any]  # column or field, operator, value


class Store:
    """One connection to the file. Not thread-safe: `Database` gives it a thread of its own."""

    def __init__(self, data_file: Path) -> None:
        self._clock_file = data_file.with_name(CLOCK_FILE)
        self.connection = sqlite3.connect(data_file, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 5000"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.executescript(_TABLES)
        for kind, fields in FIELDS.items():
            for name in fields.keys() - _UNINDEXED:
                index = f"objects_{kind}_{name}".replace(".", "_")
                self.connection.execute(
                    f"CREATE INDEX IF NOT EXISTS {index}"
                    f" ON objects ({_field(kind, name)}) WHERE kind = '{kind}'"
                )

        self.move_clock(self.advanced)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def clear(self) -> None:
        """Forget everything."""
        for table in _EMPTIED:
            self.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names are the constant above
        self.move_clock(0)

    @property
    def advanced(self) -> int:
        """How many seconds the account's clock was moved from the computer's."""
        return int(self.setting("advanced") or 0)

    def move_clock(self, advanced: int) -> None:
        """Have the account's clock run that many seconds ahead, and say so beside the file.

        A program that shall live in the same time reads it there.
        """
        self.remember({"advanced": str(advanced)})
        fresh = self._clock_file.with_suffix(".new")
        fresh.write_text(str(advanced))
        fresh.replace(self._clock_file)

    def find(self, kind: str, object_id: str) -> Obj | None:
        """Return the object, or None when there is none of that kind and id."""
        row = self.connection.execute(
            "SELECT kind, body FROM objects WHERE id = ? AND kind = ?", (object_id, kind)
        ).fetchone()
        return _whole(row) if row else None

    def find_any(self, object_id: str) -> Obj | None:
        """Return the object of that id, whatever it is."""
        row = self.connection.execute("SELECT kind, body FROM objects WHERE id = ?", (object_id,)).fetchone()
        return _whole(row) if row else None

    def save(self, obj: Obj) -> None:
        """Write an object, new or changed."""
        self.save_all([obj])

    def save_all(self, objects: Iterable[Obj]) -> None:
        """Write many objects, new or changed."""
        self.connection.executemany(
            "INSERT INTO objects (id, kind, created, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE"
            " SET kind = excluded.kind, created = excluded.created, body = excluded.body",
            ((obj["id"], obj["object"], obj["created"], _encoded(obj)) for obj in objects),
        )

    def remove(self, object_id: str) -> None:
        """Delete an object."""
        self.connection.execute("DELETE FROM objects WHERE id = ?", (object_id,))

    def select(
        self,
        kind: str,
        conditions: Iterable[Condition] = (),
        *,
        limit: int = -1,
        before: str | None = None,
        after: str | None = None,
    ) -> list[Obj]:
        """Return objects newest first.

        ``after`` starts behind the object of that id, ``before`` ends in front of it (nearest ones first).
        """
        where, values = [f"kind = '{kind}'"], list[Any]()
        for name, operator, value in conditions:
            members = _members(value)
            marks = f"({', '.join('?' * len(members))})" if operator == "IN" else "?"
            where.append(f"{_field(kind, name)} {operator} {marks}")
            values.extend(members)
        cursor, order = after or before, "DESC"
        if cursor:
            sign = "<" if after else ">"
            order = order if after else "ASC"
            where.append(f"(created, seq) {sign} (SELECT created, seq FROM objects WHERE id = ?)")  # noqa: S608
            values.append(cursor)
        rows = self.connection.execute(
            f"SELECT kind, body FROM objects WHERE {' AND '.join(where)}"  # noqa: S608 - names come from FIELDS
            f" ORDER BY created {order}, seq {order} LIMIT ?",
            (*values, limit),
        ).fetchall()
        return [_whole(row) for row in (rows if order == "DESC" else reversed(rows))]

    def select_by(self, kind: str, limit: int = -1, **equal: str) -> list[Obj]:
        """Return the objects whose fields equal the given values, newest first."""
        return self.select(kind, [(name, "=", value) for name, value in equal.items()], limit=limit)

    def count(self, kind: str) -> int:
        """Return how many objects of a kind there are."""
        return self.connection.execute("SELECT count(*) FROM objects WHERE kind = ?", (kind,)).fetchone()[0]

    def setting(self, name: str) -> str | None:
        """Return a remembered setting."""
        row = self.connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def remember(self, settings: Mapping[str, str]) -> None:
        """Keep settings over a restart."""
        self.connection.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", settings.items())


def _field(kind: str, name: str) -> str:
    if name in {"created", "id"}:
        return name
    return f"json_extract(body, '$.{FIELDS[kind][name]}')"


def _members(value: object) -> tuple[Any, ...]:
    return cast("tuple[Any, ...]", value) if isinstance(value, tuple) else (value,)


def _encoded(obj: Obj) -> str:
    return to_json(sparse(obj, keep=_FILTERED.get(obj["object"], ()))).decode()


def _whole(row: sqlite3.Row) -> Obj:
    return {**SHAPES[row["kind"]], **from_json(row["body"])}
