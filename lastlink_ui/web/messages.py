"""How pages are written to: in the same JSON as Reflex's, faster, and what many are sent written once."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, TypeVar

import orjson
from engineio.exceptions import SocketIsClosedError  # pyright: ignore[reportMissingTypeStubs]
from engineio.packet import MESSAGE  # pyright: ignore[reportMissingTypeStubs]
from engineio.packet import Packet as Frame  # pyright: ignore[reportMissingTypeStubs]
from reflex.app import App
from reflex.utils.serializers import serialize
from socketio import AsyncManager, packet  # pyright: ignore[reportMissingTypeStubs]

_Part = TypeVar("_Part")

# Everything that Reflex writes in a way of its own is left to Reflex.
_OPTIONS = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_NON_STR_KEYS
)
_KINDS: tuple[type[Any], ...] = (str, int, float, list, dict)


class Shared(list[_Part]):
    """A list that many pages show and nobody changes: it is written once for all of them."""

    def __init__(self, parts: Iterable[_Part] = ()) -> None:
        super().__init__(parts)
        self._written: bytes | None = None

    def written(self) -> bytes:
        """It as JSON."""
        if self._written is None:
            self._written = orjson.dumps(list(self), _plain, _OPTIONS)
        return self._written


def install(app: App) -> None:
    """Have `app` write its messages this way; reading them stays as it is."""
    if app.sio is None:
        raise RuntimeError("an app that sends its pages nothing")
    packets: Any = app.sio.packet_class
    packets.json = _Json(packets.json.dumps, packets.json.loads)
    app.sio.manager = _Straight()
    app.sio.manager.set_server(app.sio)


class _Straight(AsyncManager):
    """Hands on what one page is sent; the library makes a task for each message, and waits for it."""

    async def emit(  # pyright: ignore[reportIncompatibleMethodOverride] - as the server calls it
        self,
        event: str,
        data: Any,
        namespace: str,
        room: str | None = None,
        **options: Any,
    ) -> None:
        """Send an event to whoever is in the room, which is one page."""
        recipients = [each for _, each in self.get_participants(namespace, room)]
        if len(recipients) != 1 or isinstance(data, tuple) or any(options.values()):
            await super().emit(event, data, namespace, room, **options)
            return
        server: Any = self.server
        message = server.packet_class(packet.EVENT, [event, data], namespace, binary=False).encode()
        # That a page has gone is heard of by itself.
        with suppress(SocketIsClosedError):
            await server.eio.send_packet(recipients[0], Frame(MESSAGE, message))


class _Json:
    """What a socket server takes for its `json`."""

    def __init__(self, reflexes: Callable[..., str], loads: Callable[..., Any]) -> None:
        self._reflexes = reflexes
        self.loads = loads

    def dumps(self, value: Any, **options: Any) -> str:
        """`value` as JSON without spaces."""
        try:
            return orjson.dumps(value, _plain, _OPTIONS).decode()
        except TypeError:
            # Numbers beyond 64 bits and the like, which orjson refuses.
            return self._reflexes(value, **options)


def _plain(value: Any) -> Any:
    """What JSON knows in place of `value`."""
    if isinstance(value, Shared):
        shared: Shared[Any] = value
        return orjson.Fragment(shared.written())
    # Of a subclass of what JSON knows, what it is a subclass of.
    for kind in _KINDS:
        if isinstance(value, kind):
            return kind(value)
    return serialize(value)
