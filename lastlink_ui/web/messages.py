"""How pages are written to: in the same JSON as Reflex's, faster, and what many are sent written once."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import orjson
from reflex.app import App
from reflex.utils.serializers import serialize

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
    packets: Any = app.sio.packet_class if app.sio else None
    packets.json = _Json(packets.json.dumps, packets.json.loads)


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
