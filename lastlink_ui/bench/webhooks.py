"""`lastlink bench webhooks`: signed events over HTTP to a server, beside bare commits and bare fetches."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lastlink_ui.bench.ground import Ground
from lastlink_ui.bench.program import Program, running_program
from lastlink_ui.bench.provider import OnSale, put_on_sale
from lastlink_ui.bench.raw import durable_commits
from lastlink_ui.bench.result import Line, Result, Times
from lastlink_ui.billing.stripe_gateway import StripeGateway
from lastlink_ui.core.ids import new_id
from lastlink_ui.settings import SANDBOX_KEY

_SUFFICES_PER_SECOND, _FETCHED_PER_SECOND, _ANSWER_MS = 400, 100, 250
_CONNECTIONS = 16
_EVENTS, _FETCHES, _COMMITS, _SUBSCRIPTIONS = 6_000, 1_500, 2_000, 400
_P99 = 0.99
_NO_CONTENT = b" 204 "


@dataclass(frozen=True, slots=True)
class _Answers:
    """What came back: how many events a second, and how long each answer took in milliseconds."""

    per_second: float
    times: Times

    @property
    def p99(self) -> float:
        ordered = sorted(self.times.milliseconds)
        return ordered[min(int(_P99 * len(ordered)), len(ordered) - 1)]


async def measure(ground: Ground) -> Result:
    """Events that suffice, events whose object is fetched, and the answers at half of each target."""
    async with running_program(ground) as server:
        sold = await put_on_sale(ground, server.sandbox_port, _SUBSCRIPTIONS)
        suffices, fetched = _suffices(sold, ground.calls(_EVENTS)), _fetched(sold, ground.calls(_FETCHES))
        await _send(server, _fetched(sold, min(len(fetched), len(sold))))  # everything is warm, and known
        full = await _send(server, suffices)
        looked = await _send(server, fetched)
        half = ground.calls(_SUFFICES_PER_SECOND * 10) // 2
        calm = await _send(server, _suffices(sold, half), per_second=_SUFFICES_PER_SECOND / 2)
        few = ground.calls(_FETCHED_PER_SECOND * 10) // 2
        calm_looks = await _send(server, _fetched(sold, few), per_second=_FETCHED_PER_SECOND / 2)
        commits = await asyncio.to_thread(_commits, ground)
        fetches = await _fetches(server, sold, ground.calls(_FETCHES))
    return Result(
        (
            _rate("the event suffices", full, commits, _SUFFICES_PER_SECOND),
            _rate("its object is fetched", looked, fetches, _FETCHED_PER_SECOND),
            _answer(f"answers at {_SUFFICES_PER_SECOND // 2}/s", calm),
            _answer(f"answers at {_FETCHED_PER_SECOND // 2}/s, fetched", calm_looks),
        )
    )


def _rate(what: str, ours: _Answers, limit: float, target: int) -> Line:
    return Line(
        what, ours.per_second, limit, ours.times.p95, f"≥ {target}/s", ours.per_second >= target, unit="/s"
    )


def _answer(what: str, ours: _Answers) -> Line:
    target = f"p99 ≤ {_ANSWER_MS} ms"
    return Line(what, ours.times.median, 0, ours.p99, target, ours.p99 <= _ANSWER_MS)


def _suffices(sold: Sequence[OnSale], count: int) -> list[bytes]:
    """Events from which all that has to be done is seen: of unknown types, told before, or known already."""
    told = _event("customer.created", {"object": "customer", "id": "cus_1"})
    kinds: tuple[Callable[[int], bytes], ...] = (
        lambda _: _event("customer.updated", {"object": "customer", "id": "cus_1"}),
        lambda _: told,
        lambda number: _event("invoice.paid", sold[number % len(sold)].invoice),
    )
    return [kinds[number % len(kinds)](number) for number in range(count)]


def _fetched(sold: Sequence[OnSale], count: int) -> list[bytes]:
    """Events for which the subscription must be looked at, each of another one than those around it."""
    return [_event("invoice.payment_failed", sold[n % len(sold)].invoice) for n in range(count)]


def _event(kind: str, thing: dict[str, Any]) -> bytes:
    return json.dumps(
        {
            "id": f"evt_{new_id().hex}",
            "object": "event",
            "type": kind,
            "created": int(time.time()),
            "livemode": False,
            "data": {"object": thing},
        }
    ).encode()


async def _send(server: Program, events: Sequence[bytes], per_second: float = 0) -> _Answers:
    """Send them over a few connections, as fast as they are answered or at that pace."""
    waiting, times = list(enumerate(events))[::-1], list[float]()
    began = time.perf_counter()

    async def sender() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        while waiting:
            number, event = waiting.pop()
            if per_second:
                await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            asked = time.perf_counter()
            try:
                head = await _ask(reader, writer, _request(server, event))
            except (asyncio.IncompleteReadError, ConnectionError):
                # A kept connection that the server let go of: the provider would open another one, too.
                reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
                head = await _ask(reader, writer, _request(server, event))
            times.append((time.perf_counter() - asked) * 1000)
            if _NO_CONTENT not in head.split(b"\r\n", 1)[0]:
                raise RuntimeError(f"an event was answered with {head[:60]!r}")
        writer.close()

    async with asyncio.TaskGroup() as senders:
        for _ in range(_CONNECTIONS):
            senders.create_task(sender())
    return _Answers(len(events) / (time.perf_counter() - began), Times(tuple(times)))


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    writer.write(request)
    return await reader.readuntil(b"\r\n\r\n")


def _request(server: Program, body: bytes) -> bytes:
    stamp = str(int(time.time())).encode()
    signed = hmac.new(server.secret, stamp + b"." + body, hashlib.sha256).hexdigest().encode()
    return b"\r\n".join(
        (
            b"POST /webhooks/stripe HTTP/1.1",
            b"Host: 127.0.0.1:%d" % server.port,
            b"Content-Type: application/json",
            b"Content-Length: %d" % len(body),
            b"Stripe-Signature: t=%s,v1=%s" % (stamp, signed),
            b"",
            body,
        )
    )


def _commits(ground: Ground) -> float:
    """Durable commits a second of one small row, through the bare driver."""
    count = ground.calls(_COMMITS)
    return count / durable_commits(ground.settings.database, ground.settings.data_dir, count)


async def _fetches(server: Program, sold: Sequence[OnSale], count: int) -> float:
    """Looks a second at the provider by our client, with nothing done about what it says."""
    gateway = StripeGateway(SANDBOX_KEY, f"http://127.0.0.1:{server.sandbox_port}")
    waiting = [sold[number % len(sold)].subscription_id for number in range(count)]
    began = time.perf_counter()

    async def asker() -> None:
        while waiting:
            await gateway.subscription(waiting.pop())

    async with asyncio.TaskGroup() as askers:
        for _ in range(_CONNECTIONS // 2):
            askers.create_task(asker())
    return count / (time.perf_counter() - began)
