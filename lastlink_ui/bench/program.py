"""The whole program, run over a bench's database as a process of its own."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from lastlink_ui.bench.ground import Ground

_READY_SECONDS = 120
_QUIET_SECONDS = 1
_PROGRAM = "from lastlink_ui.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Program:
    """Where it answers, where its sandbox does, and the secret that the sandbox's events are signed with."""

    port: int
    sandbox_port: int
    secret: bytes

    @property
    def origin(self) -> str:
        """Its address: `localhost`, where a browser keeps Secure cookies without https."""
        return f"http://localhost:{self.port}"


@asynccontextmanager
async def running_program(ground: Ground) -> AsyncGenerator[Program]:
    """`lastlink run` on free ports over the database of `ground`, with a sandbox of its own."""
    port, sandbox_port = free_port(), free_port()
    folder = ground.settings.data_dir.resolve()
    command = [sys.executable, "-c", _PROGRAM, "run", "--no-demo", "--data-dir", str(folder)]
    command += ["--port", str(port), "--sandbox-port", str(sandbox_port)]
    env = {**os.environ, "LASTLINK_DATABASE_URL": ground.settings.database_url}
    async with answering(command, env, f"http://127.0.0.1:{port}/readyz"):
        await _until_quiet(f"http://127.0.0.1:{sandbox_port}")
        secret = json.loads((folder / "webhook.json").read_text())["secret"]
        yield Program(port, sandbox_port, secret.encode())


@asynccontextmanager
async def answering(command: Sequence[str], env: Mapping[str, str], address: str) -> AsyncGenerator[None]:
    """The process, from when a GET of `address` succeeds to the end of the block."""
    process = await asyncio.to_thread(_started, command, env)
    try:
        await _until_ready(address, process)
        yield
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


async def _until_quiet(origin: str) -> None:
    """Wait for the end of what a start reads at the provider: it is not what is measured."""
    async with httpx.AsyncClient(base_url=origin) as client:
        before, latest = object(), object()
        while before != latest:
            await asyncio.sleep(_QUIET_SECONDS)
            answer = await client.get("/_sandbox/requests?limit=1")
            before, latest = latest, answer.raise_for_status().json()["data"]


def _started(command: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)  # noqa: S603 - fixed words


async def _until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    async with httpx.AsyncClient() as client:
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if (await client.get(address)).is_success:
                    return
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
    raise RuntimeError("the program to be measured did not start")


def free_port() -> int:
    """A TCP port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
