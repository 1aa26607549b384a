"""Runs the sandbox on this computer alone."""

import signal
import socket
import sys
from pathlib import Path

import uvicorn

from .app import DEFAULT_PORT, create_app

HOST = "127.0.0.1"
DATA_FILE = "sandbox.sqlite"


class _Server(uvicorn.Server):
    """Says once that it is ready."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self.servers:
            port = self.servers[0].sockets[0].getsockname()[1]
            sys.stdout.write(f"Sandbox ready at http://{HOST}:{port}\n")
            sys.stdout.flush()


def serve(port: int = DEFAULT_PORT, data_dir: Path = Path("data")) -> None:
    """Serve on 127.0.0.1 until SIGTERM; the file ``sandbox.sqlite`` lives in ``data_dir``."""
    app = create_app(data_dir / DATA_FILE, origin=f"http://{HOST}:{port}")
    config = uvicorn.Config(
        app,
        host=HOST,
        port=port,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        # Longer than the clients' pools keep one idle, so that none is cut just when it is used again.
        timeout_keep_alive=120,
        timeout_graceful_shutdown=2,
    )
    # The server ends gracefully and then raises the signal again: that is a clean end here.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    _Server(config).run()
