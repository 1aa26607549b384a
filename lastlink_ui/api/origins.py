"""Which pages may talk to us, and the gate that holds websockets to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the app is reached: the port it listens on, and the origin the world knows it by."""

    port: int
    public_origin: str | None = None

    @property
    def origins(self) -> tuple[str, ...]:
        """Every origin whose pages are ours, exactly as browsers send it."""
        local = (_origin("http", host, self.port) for host in ("127.0.0.1", "localhost"))
        public = (normalized_origin(self.public_origin),) if self.public_origin else ()
        return (*dict.fromkeys((*public, *local)),)

    @property
    def sockets(self) -> tuple[str, ...]:
        """The origins of `origins` as websockets name them."""
        return tuple(origin.replace("http", "ws", 1) for origin in self.origins)

    @property
    def is_https(self) -> bool:
        """Whether the world reaches the app over TLS."""
        return bool(self.public_origin and self.public_origin.startswith("https://"))


def normalized_origin(text: str) -> str:
    """`text` as browsers write an origin: lower case, no path, no default port.

    Raises: ValueError when it is not an http(s) address.
    """
    parts = urlsplit(text.strip())
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{text!r} is no origin like https://exemplo.com.br")
    return _origin(parts.scheme, parts.hostname, parts.port)


def _origin(scheme: str, host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port in (None, _DEFAULT_PORTS[scheme]) else f"{scheme}://{shown}:{port}"


class WebSocketOrigins:
    """Refuses a websocket that does not come from one of our own pages, or does not say whence."""

    def __init__(self, app: ASGIApp, *, origins: Sequence[str]) -> None:
        """`origins`: exact, as in `Address.origins`."""
        if not origins or "*" in origins:
            raise ValueError("websockets need an exact list of origins")
        self._app = app
        self._origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the handshake through, or answer it with 403."""
        if scope["type"] == "websocket":
            named = [value for name, value in scope["headers"] if name == b"origin"]
            if len(named) != 1 or named[0].lower() not in self._origins:
                await receive()
                await send({"type": "websocket.close", "code": 1008})
                return
        await self._app(scope, receive, send)
