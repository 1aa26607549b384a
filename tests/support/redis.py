"""A throwaway Redis server, which tests kill and start again."""

import shutil
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGSTOP
from subprocess import DEVNULL, Popen

from tests.support.processes import eventually, free_port


class RedisMissing(Exception):
    """There is no redis-server on this machine."""


@dataclass
class RedisServer:
    """It keeps nothing on disk: whoever kills it has lost everything in it."""

    folder: Path
    port: int = field(default_factory=free_port)
    _process: Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Have it answer on its port, empty."""
        program = shutil.which("redis-server")
        if program is None:
            raise RedisMissing("redis-server is not installed")
        command = [
            program,
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self._process = Popen([*command, "--dir", str(self.folder)], stdout=DEVNULL)
        eventually(self._answers, what="an answer of Redis")

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Have it take connections and say nothing; until it is killed."""
        if self._process:
            self._process.send_signal(SIGSTOP)

    def flush(self) -> None:
        """Have it forget everything."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
            line.sendall(b"FLUSHALL\r\n")
            assert line.recv(16).startswith(b"+OK")

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@contextmanager
def running_redis(folder: Path) -> Generator[RedisServer]:
    """A server from when it answers to the end of the block. Raises: RedisMissing."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
