"""Tells the world what changed: events with a full snapshot, and a delivery per endpoint that wants one."""

import json
import random
from dataclasses import dataclass

from .clock import DAY
from .ids import new_id
from .shapes import public, shaped
from .store import Store
from .types import Obj

KEPT_FOR = 30 * DAY
GIVE_UP_AFTER = 3 * DAY


@dataclass(frozen=True, slots=True)
class Cause:
    """The API request that made something happen; empty for what happens by itself."""

    request_id: str | None = None
    idempotency_key: str | None = None


def record(
    store: Store, kind: str, obj: Obj, *, previous: Obj | None, cause: Cause, now: int, wall: float
) -> None:
    """Store an event about ``obj`` as it is now and queue it for the endpoints that listen to its type.

    ``now`` is the sandbox's time, ``wall`` the computer's: deliveries are retried in real time.
    """
    data: Obj = {"object": public(obj)}
    if previous:
        data["previous_attributes"] = previous
    endpoints = [endpoint for endpoint in store.select("webhook_endpoint") if _listens(endpoint, kind)]
    event = shaped(
        "event",
        id=new_id("evt"),
        created=now,
        type=kind,
        data=data,
        pending_webhooks=len(endpoints),
        request={"id": cause.request_id, "idempotency_key": cause.idempotency_key},
    )
    store.save(event)
    for endpoint in endpoints:
        queue(store, event["id"], endpoint["id"], wall=wall)


def queue(store: Store, event_id: str, endpoint_id: str, *, wall: float) -> None:
    """Queue one delivery, in the way that the webhook switch says: once, several times, late, or never."""
    switch = webhook_switch(store)
    state = "dropped" if switch["webhooks"] == "drop" else "pending"
    match switch["webhooks"]:
        case "delay":
            at = wall + switch["seconds"]
        case "shuffle":
            at = wall + random.uniform(0, switch["seconds"])  # noqa: S311
        case _:
            at = wall
    copies = switch["copies"] if switch["webhooks"] == "duplicate" else 1
    for _ in range(copies):
        store.connection.execute(
            "INSERT INTO deliveries (event, endpoint, state, attempts, next_at, give_up_at)"
            " VALUES (?, ?, ?, 0, ?, ?)",
            (event_id, endpoint_id, state, at, wall + GIVE_UP_AFTER),
        )


def webhook_switch(store: Store) -> Obj:
    """Return how deliveries are treated at present."""
    default = {"webhooks": "deliver", "seconds": 0.0, "copies": 2}
    return {**default, **json.loads(store.setting("webhooks") or "{}")}


def _listens(endpoint: Obj, kind: str) -> bool:
    return endpoint["status"] == "enabled" and not {"*", kind}.isdisjoint(endpoint["enabled_events"])
