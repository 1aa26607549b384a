"""What a handler works with: the stored objects, the time, and a way to say what changed."""

from typing import cast

from . import events
from .clock import Clock
from .errors import NotFound
from .store import Store
from .types import Obj

ACCOUNT_TIME = ""  # the clock of everything that hangs on no test clock


class Books:
    """One piece of work inside one database transaction."""

    def __init__(self, store: Store, clock: Clock, origin: str, cause: events.Cause | None = None) -> None:
        self.store = store
        self.origin = origin
        self.cause = cause or events.Cause()
        self.wall = clock()

    @property
    def now(self) -> int:
        """The account's time in seconds: the computer's, moved by what the clock was advanced."""
        return int(self.wall) + self.store.advanced

    def time_of(self, holder: Obj | None) -> int:
        """Return the time for an object that may hang on a test clock."""
        clock_id = holder.get("test_clock") if holder else None
        return self.get("test_helpers.test_clock", clock_id)["frozen_time"] if clock_id else self.now

    def get(self, kind: str, object_id: str, param: str = "id") -> Obj:
        """Return an object. Raises: NotFound, as the provider words it."""
        found = self.store.find(kind, object_id)
        if found is None:
            raise NotFound.missing(kind, object_id, param)
        return found

    def add(self, obj: Obj, event: str | None = None) -> Obj:
        """Store a new object and tell of it."""
        self.store.save(obj)
        if event:
            self.emit(event, obj)
        return obj

    def change(self, obj: Obj, event: str | None = None, **changes: object) -> Obj:
        """Change fields of an object in place, store it, and tell what they were before."""
        previous = {
            name: _before(obj.get(name), new) for name, new in changes.items() if obj.get(name) != new
        }
        obj.update(changes)
        self.store.save(obj)
        told = {name: value for name, value in previous.items() if not name.startswith("_")}
        if event and told:
            self.emit(event, obj, told)
        return obj

    def emit(self, event: str, obj: Obj, previous: Obj | None = None) -> None:
        """Record an event about the object as it is now."""
        events.record(
            self.store, event, obj, previous=previous, cause=self.cause, now=self.now, wall=self.wall
        )

    def schedule(self, kind: str, obj: Obj, at: int, holder: Obj | None = None) -> None:
        """Plan a job on an object, by the clock of ``holder`` (the object itself by default)."""
        clock = (holder or obj).get("test_clock") or ACCOUNT_TIME
        self.store.connection.execute(
            "INSERT INTO jobs (at, clock, kind, object) VALUES (?, ?, ?, ?)", (at, clock, kind, obj["id"])
        )

    def unschedule(self, obj: Obj, *kinds: str) -> None:
        """Drop planned jobs of an object; all of them when no kind is named."""
        names = ", ".join("?" for _ in kinds)
        only = f" AND kind IN ({names})" if kinds else ""
        self.store.connection.execute(f"DELETE FROM jobs WHERE object = ?{only}", (obj["id"], *kinds))  # noqa: S608


def _before(old: object, new: object) -> object:
    """Return the old value; of an object only the fields that change, as the provider tells it."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return cast("object", old)
    was, will_be = cast("Obj", old), cast("Obj", new)
    return {name: value for name, value in was.items() if will_be.get(name) != value}
