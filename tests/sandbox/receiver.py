"""A real HTTP server that takes webhooks, or refuses them as told."""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """One delivery as it arrived."""

    body: bytes
    signature: str

    @property
    def event(self) -> dict[str, Any]:
        """The event in it."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """What arrived, and what is answered to the next ones."""

    url: str = ""
    received: list[Received] = field(default_factory=list[Received])
    answers: list[int] = field(default_factory=list[int])

    def types(self) -> list[str]:
        """The types of the events that arrived, in the order of arrival."""
        return [each.event["type"] for each in self.received]

    def has(self, kind: str) -> Callable[[], bool]:
        """A check that an event of a type has arrived."""
        return lambda: kind in self.types()


@contextmanager
def listening(port: int = 0) -> Generator[Receiver]:
    """A receiver on a port of its own, until the block ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append(Received(body, self.headers["Stripe-Signature"]))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/webhooks"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
