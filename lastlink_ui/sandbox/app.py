"""Puts the sandbox together: the API, the payment pages, the control addresses, the background loops."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from .api import Api
from .background import Background
from .clock import Clock, system_clock
from .control import Control
from .database import Database
from .faults import Faults
from .pages.hosted import Hosted
from .pages.panel import Panel

DEFAULT_PORT = 12_111
# A page of another site must not reach the sandbox through a name that resolves to this computer.
_HOSTS = ["127.0.0.1", "localhost", "testserver"]


class SandboxApp(Starlette):
    """The application; it knows how to cut a connection under uvicorn, which a fault may ask for."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        scope["sandbox.cut"] = _cutter(send)
        await super().__call__(scope, receive, send)


def create_app(data_file: Path, *, clock: Clock = system_clock, origin: str | None = None) -> Starlette:
    """Return the sandbox on its file.

    ``clock`` gives the computer's time in seconds; ``origin`` is the address that its pages are reached at.
    """
    origin = origin or f"http://127.0.0.1:{DEFAULT_PORT}"
    database, faults = Database(data_file), Faults()
    background = Background(database, clock, origin)
    api = Api(database, faults, clock, origin, background.nudge)
    control = Control(database, faults, clock, origin, background.nudge)
    hosted = Hosted(database, clock, origin, background.nudge)
    panel = Panel(database, clock, origin, background.nudge)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        await database.open()
        await background.start()
        try:
            yield
        finally:
            await background.stop()
            await database.close()

    routes = [
        Route("/healthz", _healthy),
        Route("/v1/{path:path}", api.handle, methods=["GET", "POST", "DELETE"]),
        *control.routes(),
        *hosted.routes(),
        *panel.routes(),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS)
    handlers: dict[Any, Any] = {Exception: _broken}
    return SandboxApp(routes=routes, middleware=[hosts], exception_handlers=handlers, lifespan=lifespan)


async def _healthy(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _broken(_request: Request, _error: Exception) -> Response:
    """Answer for our own mistake as the provider would; the server logs it."""
    return JSONResponse({"error": {"message": "The sandbox failed.", "type": "api_error"}}, 500)


def _cutter(send: Send) -> Callable[[], None] | None:
    """Return what closes the connection at once, where the server lets us at it (uvicorn's cycle does)."""
    cycle: Any = getattr(send, "__self__", None)
    transport: Any = getattr(cycle, "transport", None)
    return getattr(transport, "abort", None)
