"""Delivers events: signed, over HTTP, again and again with growing delays until they are taken."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from collections import Counter
from dataclasses import dataclass

import httpx

from .database import Database
from .events import queue
from .shapes import public
from .store import Store

_TIMEOUT = 10.0  # seconds that an endpoint has for its answer
_AT_ONCE = 4  # to one endpoint
_READ_AT_ONCE = 50
_FIRST_DELAY, _LONGEST_DELAY = 1.0, 300.0
_LONGEST_NAP = 60.0
_DELIVERED = range(200, 300)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to make."""

    seq: int
    event: str
    url: str
    secret: str
    body: bytes


def signature(secret: str, body: bytes, at: int) -> str:
    """Return the ``Stripe-Signature`` header of a body sent at a second of real time."""
    digest = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def retry_delay(attempts: int) -> float:
    """Return the seconds to wait after that many failed attempts: 1, 2, 4 … up to five minutes."""
    return min(_FIRST_DELAY * 2.0 ** (attempts - 1), _LONGEST_DELAY)


class Courier:
    """Takes what is due from the queue and sends it, a few at a time to each endpoint."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._work_came = asyncio.Event()
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False)
        self._flying: dict[int, tuple[str, asyncio.Task[None]]] = {}

    def nudge(self) -> None:
        """Look into the queue now."""
        self._work_came.set()

    async def close(self) -> None:
        """Drop what is under way (it stays in the queue) and close the connections."""
        tasks = [task for _, task in self._flying.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    async def deliver(self) -> None:
        """Send what is due, then wait until more is."""
        self._work_came.clear()
        due, wait = await self._database.run(
            lambda store: (_due(store, set(self._flying)), _seconds_to_next(store))
        )
        for delivery in due:
            if Counter(url for url, _ in self._flying.values())[delivery.url] < _AT_ONCE:
                task = asyncio.create_task(self._attempt(delivery))
                self._flying[delivery.seq] = (delivery.url, task)
                task.add_done_callback(lambda _task, seq=delivery.seq: self._landed(seq))
        # While something flies, its landing wakes us.
        nap = _LONGEST_NAP if self._flying else min(wait, _LONGEST_NAP)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._work_came.wait(), nap)

    def _landed(self, seq: int) -> None:
        del self._flying[seq]
        self.nudge()

    async def _attempt(self, delivery: Delivery) -> None:
        # Real time and not the sandbox's: receivers hold the time-stamp against their own clock.
        header = signature(delivery.secret, delivery.body, int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": header,
            "User-Agent": "Lastlink-Sandbox/1.0",
        }
        try:
            async with asyncio.timeout(_TIMEOUT):
                response = await self._client.post(delivery.url, content=delivery.body, headers=headers)
            status, error = response.status_code, None
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as failure:
            status, error = None, f"{type(failure).__name__}: {failure}"
        await self._database.run(lambda store: _note(store, delivery, status, error))


def resend(store: Store, event_id: str, endpoint_id: str | None = None) -> int:
    """Queue an event again, for one endpoint or for all; return how many deliveries that makes."""
    endpoints = store.select("webhook_endpoint")
    chosen = [endpoint["id"] for endpoint in endpoints if endpoint_id in {None, endpoint["id"]}]
    for endpoint in chosen:
        queue(store, event_id, endpoint, wall=time.time())
    return len(chosen)


def _due(store: Store, flying: set[int]) -> list[Delivery]:
    rows = store.connection.execute(
        "SELECT seq, event, endpoint FROM deliveries WHERE state = 'pending' AND next_at <= ?"
        " ORDER BY next_at, seq LIMIT ?",
        (time.time(), _READ_AT_ONCE),
    ).fetchall()
    waiting = [row for row in rows if row["seq"] not in flying]
    found = [_delivery(store, row["seq"], row["event"], row["endpoint"]) for row in waiting]
    return [delivery for delivery in found if delivery]


def _delivery(store: Store, seq: int, event_id: str, endpoint_id: str) -> Delivery | None:
    event, endpoint = store.find("event", event_id), store.find("webhook_endpoint", endpoint_id)
    if event is None or endpoint is None:
        store.connection.execute("DELETE FROM deliveries WHERE seq = ?", (seq,))
        return None
    body = json.dumps(public(event), indent=2, ensure_ascii=False).encode()
    return Delivery(seq, event_id, endpoint["url"], endpoint["_secret"], body)


def _seconds_to_next(store: Store) -> float:
    next_at = store.connection.execute(
        "SELECT min(next_at) FROM deliveries WHERE state = 'pending'"
    ).fetchone()[0]
    return _LONGEST_NAP if next_at is None else max(0.0, next_at - time.time())


def _note(store: Store, delivery: Delivery, status: int | None, error: str | None) -> None:
    """Write an attempt's outcome: taken, to be retried, or given up after three days."""
    row = store.connection.execute(
        "SELECT attempts, give_up_at FROM deliveries WHERE seq = ?", (delivery.seq,)
    ).fetchone()
    if row is None:
        return
    attempts, now = row["attempts"] + 1, time.time()
    next_at = now + retry_delay(attempts)
    taken = status in _DELIVERED
    state = "delivered" if taken else "failed" if next_at > row["give_up_at"] else "pending"
    store.connection.execute(
        "UPDATE deliveries SET state = ?, attempts = ?, next_at = ?, status = ?, error = ?, attempted_at = ?"
        " WHERE seq = ?",
        (state, attempts, next_at, status, error, now, delivery.seq),
    )
    if taken:
        _one_less_pending(store, delivery.event)


def _one_less_pending(store: Store, event_id: str) -> None:
    event = store.find("event", event_id)
    if event and event["pending_webhooks"]:
        store.save({**event, "pending_webhooks": event["pending_webhooks"] - 1})
