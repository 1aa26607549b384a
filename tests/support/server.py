"""The whole program as a user starts it: one command, its sandbox beside it, a data directory of its own."""

import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from tests.support.processes import free_port, running
from tests.support.sandbox import Sandbox

PROGRAM = ("-c", "from lastlink_ui.cli import main; main()")
DEMO_EMAIL = "demo@lastlink.local"
DEMO_PASSWORD = "assinantes-demo"


@dataclass(frozen=True, slots=True)
class Server:
    """A running program."""

    origin: str
    sandbox: Sandbox
    data_dir: Path
    process: Popen[bytes]
    database_url: str
    """For tests that look behind the screen."""

    @property
    def log(self) -> str:
        """Everything it printed so far."""
        return (self.data_dir / "lastlink.log").read_text(encoding="utf-8")


def run_command(program: tuple[str, ...], data_dir: Path, port: int, sandbox_port: int) -> list[str]:
    """What a user would type, with everything that keeps installations apart."""
    ports = ["--port", str(port), "--sandbox-port", str(sandbox_port)]
    return [sys.executable, *program, "run", *ports, "--data-dir", str(data_dir)]


@contextmanager
def running_server(
    data_dir: Path,
    *,
    port: int | None = None,
    sandbox_port: int | None = None,
    demo: bool = True,
    env: Mapping[str, str] | None = None,
    program: tuple[str, ...] = PROGRAM,
) -> Generator[Server]:
    """The program on free ports, from when it is ready to the end of the block."""
    port, sandbox_port = port or free_port(), sandbox_port or free_port()
    data_dir.mkdir(parents=True, exist_ok=True)
    command = [*run_command(program, data_dir, port, sandbox_port), "--demo" if demo else "--no-demo"]
    # `localhost` is where a browser keeps Secure cookies without https.
    with running(
        command, until=f"http://127.0.0.1:{port}/readyz", log=data_dir / "lastlink.log", env=env, seconds=240
    ) as process:
        yield Server(
            f"http://localhost:{port}",
            Sandbox(f"http://127.0.0.1:{sandbox_port}", data_dir),
            data_dir,
            process,
            (env or {}).get("LASTLINK_DATABASE_URL", f"sqlite+aiosqlite:///{data_dir / 'lastlink.sqlite'}"),
        )
