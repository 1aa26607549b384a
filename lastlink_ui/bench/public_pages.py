"""The public page: what it weighs, what Lighthouse thinks of it, and how often its HTML is served."""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx

from lastlink_ui.accounts.models import Creator
from lastlink_ui.bench.from_memory import BODY_VARIABLE
from lastlink_ui.bench.ground import Ground
from lastlink_ui.bench.program import answering, free_port, running_program
from lastlink_ui.bench.result import Line, Result
from lastlink_ui.bench.tools import CHROMIUM, CHROMIUM_FLAGS, found

_HEAVIEST_KB = 190
_PER_SECOND = 2_000
_SECONDS = 10
# Pinned: its judgement changes from one version to the next.
_LIGHTHOUSE = "lighthouse@12.8.2"
_SCORES = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
_CHROMIUM_FLAGS = " ".join(("--headless=new", *CHROMIUM_FLAGS))
_KB = 1000


async def measure(ground: Ground) -> Result:
    """The page of the creator whose subscribers these are, by a program of its own over the database.

    Raises: ProgramMissing.
    """
    programs = {name: found(name) for name in ("wrk", "npx")}
    programs["chromium"] = found(*CHROMIUM[1:])
    async with ground.services.database.reading() as session:
        handle = (await session.get_one(Creator, ground.creator)).handle
    async with running_program(ground) as program:
        page = f"{program.origin}/{handle}"
        judged = await asyncio.to_thread(_lighthouse, programs, page)
        html = (await _html(page)).content
        seconds = ground.calls(_SECONDS)
        ours = await asyncio.to_thread(_requests, programs["wrk"], page, seconds)
    async with _from_memory(html) as address:
        limit = await asyncio.to_thread(_requests, programs["wrk"], address, seconds)
    served = Line(
        "requests for the HTML, wrk -t1 -c16",
        ours,
        limit,
        ours,
        f"≥ {_PER_SECOND:,}/s",
        ours >= _PER_SECOND,
        unit="/s",
    )
    return Result((*_weights(judged), *_scores(judged), served))


def _weights(judged: Mapping[str, Any]) -> list[Line]:
    """What came over the network, by what it was, in kB as it was transferred."""
    by_type: dict[str, int] = {}
    for item in judged["audits"]["network-requests"]["details"]["items"]:
        kind = item.get("resourceType", "Other").lower()
        by_type[kind] = by_type.get(kind, 0) + item["transferSize"]
    whole = sum(by_type.values()) / _KB
    lines = [
        Line(
            "whole page, transferred",
            whole,
            0,
            whole,
            f"≤ {_HEAVIEST_KB} kB",
            whole <= _HEAVIEST_KB,
            unit="kB",
        )
    ]
    for kind, size in sorted(by_type.items(), key=lambda pair: -pair[1]):
        lines.append(Line(f"of it, {kind}", size / _KB, 0, size / _KB, "", met=True, unit="kB"))
    return lines


def _scores(judged: Mapping[str, Any]) -> list[Line]:
    lines: list[Line] = []
    for name, target in _SCORES.items():
        score = round(100 * (judged["categories"][name]["score"] or 0))
        lines.append(
            Line(f"Lighthouse mobile, {name}", score, 0, score, f"≥ {target}", score >= target, unit="")
        )
    return lines


def _lighthouse(programs: Mapping[str, str], page: str) -> Mapping[str, Any]:
    """A cold visit by a phone on a slow network, as Lighthouse simulates it."""
    command = [
        programs["npx"],
        "--yes",
        _LIGHTHOUSE,
        page,
        "--quiet",
        "--output=json",
        "--output-path=stdout",
    ]
    command += [f"--only-categories={','.join(_SCORES)}", f"--chrome-flags={_CHROMIUM_FLAGS}"]
    env = {**os.environ, "CHROME_PATH": programs["chromium"]}
    told = subprocess.run(command, env=env, capture_output=True, check=False, text=True)  # noqa: S603 - our own words
    if told.returncode:
        raise RuntimeError(f"Lighthouse could not look at the page: {told.stderr[-500:]}")
    return json.loads(told.stdout)


async def _html(page: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        answer = await client.get(page, headers={"accept-encoding": "identity"})
    return answer.raise_for_status()


def _requests(wrk: str, address: str, seconds: int) -> float:
    """How many are answered in a second."""
    command = [wrk, "-t1", "-c16", f"-d{seconds}s", address]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout  # noqa: S603
    if failed := re.search(r"Non-2xx or 3xx responses: (\d+)", told):
        raise RuntimeError(f"{failed[1]} requests failed")
    per_second = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if not per_second:
        raise RuntimeError(f"wrk said something unexpected: {told}")
    return float(per_second[1])


@asynccontextmanager
async def _from_memory(html: bytes) -> AsyncGenerator[str]:
    """The address of a server that holds these bytes and nothing else."""
    port = free_port()
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(html)
        kept.flush()
        command: Sequence[str] = (
            *(sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1"),
            *("--port", str(port), "lastlink_ui.bench.from_memory:app"),
        )
        address = f"http://127.0.0.1:{port}/"
        async with answering(command, {**os.environ, BODY_VARIABLE: kept.name}, address):
            yield address
