"""Stands before Reflex's event queue: what is not declared, too long or too much never enters it.

Who may send what stands beside each handler (`web.events`); whether it is that one, and whether the
arguments are of their types, is looked at before the handler runs (`web.event_check`).

Reflex lets anyone call every public method of every state over the websocket, and queues without
bound. It has no public place to say no before the queue, so this replaces the `on_event` of one
`EventNamespace`; a test pins that every event passes here.
"""

import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import structlog
from reflex.app import App, EventNamespace

from lastlink_ui.web.event_check import EventCheck
from lastlink_ui.web.events import declared_handlers

log = structlog.get_logger()

# What Reflex's own frontend sends: the first event of a connection, those of each navigation (what the
# browser stores for the page, then its load), and reports of an exception in the browser.
_STATE = "reflex___state____state"
_REFLEX_EVENTS = frozenset(
    {
        f"{_STATE}.hydrate",
        f"{_STATE}.hydrate_and_load",
        f"{_STATE}.reflex___state____update_vars_internal_state.update_vars_internal",
        f"{_STATE}.reflex___state____on_load_internal_state.on_load_internal",
        f"{_STATE}.reflex___state____frontend_event_exception_state.handle_frontend_exception",
    }
)

MAX_TEXT = 4_000
MAX_VALUES = 1_000
MAX_DEPTH = 8
BURST = 60
PER_SECOND = 20.0
# A socket that goes on after so many refusals is closed.
PATIENCE = 200

Deliver = Callable[[str, Any], Awaitable[None]]


@dataclass(slots=True)
class _Socket:
    """How much one socket may still send."""

    tokens: float = BURST
    counted_at: float = field(default_factory=time.monotonic)
    refused: int = 0

    def take(self) -> bool:
        now = time.monotonic()
        self.tokens = min(BURST, self.tokens + (now - self.counted_at) * PER_SECOND)
        self.counted_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class EventGate:
    """Lets declared events of reasonable size through at a reasonable rate."""

    def __init__(
        self, declared: Collection[str], deliver: Deliver, close: Callable[[str], Awaitable[None]]
    ) -> None:
        """`deliver` is what happens to an event that passes; `close` ends a socket."""
        self._declared = frozenset(declared)
        self._deliver = deliver
        self._close = close
        self._sockets: dict[str, _Socket] = {}

    async def on_event(self, sid: str, data: Any) -> None:
        """Deliver the event, or drop it and log why; never its content."""
        socket = self._sockets.setdefault(sid, _Socket())
        refusal = "flood" if not socket.take() else self._refusal(data)
        if refusal is None:
            await self._deliver(sid, data)
            return
        socket.refused += 1
        if socket.refused in {1, PATIENCE}:
            log.warning("event_refused", reason=refusal)
        if socket.refused >= PATIENCE:
            self.forget(sid)
            await self._close(sid)

    def forget(self, sid: str) -> None:
        """The socket is gone."""
        self._sockets.pop(sid, None)

    def _refusal(self, data: Any) -> str | None:
        if not isinstance(data, dict):
            return "not an object"
        name = data.get("name")
        if not isinstance(name, str) or name not in self._declared:
            return "undeclared name"
        return None if _is_bounded(data) else "too long"


def install(app: App) -> EventGate:
    """Put a gate before the events of `app`; called once every page is registered and evaluated.

    Raises: Undeclared when a handler does not say who may use it.
    """
    declared = declared_handlers()
    app.add_middleware(EventCheck(declared))
    namespace = app.event_namespace
    if not isinstance(namespace, EventNamespace):
        raise TypeError("the app has no event namespace to guard")
    gate = EventGate(declared.keys() | _REFLEX_EVENTS, namespace.on_event, namespace.disconnect)
    disconnected = namespace.on_disconnect

    def on_disconnect(sid: str) -> Any:
        gate.forget(sid)
        return disconnected(sid)

    # Both are looked up on the instance for each packet, and Reflex's own `on_connect` sends the first
    # event of a connection through the same name.
    vars(namespace).update(on_event=gate.on_event, on_disconnect=on_disconnect)
    return gate


def _is_bounded(data: Any) -> bool:
    left = MAX_VALUES
    level = [data]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            left -= 1
            if isinstance(value, str) and len(value) > MAX_TEXT:
                return False
            if isinstance(value, dict):
                below.extend(value.keys())
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
        if left < 0 or len(below) > left:
            return False
        if not below:
            return True
        level = below
    return False
