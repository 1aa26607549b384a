"""What the gate lets into the queue: alone, and in the running program."""

import asyncio
import json

import pytest
from playwright.sync_api import Page

from lastlink_ui.web.event_gate import BURST, MAX_TEXT, PATIENCE, EventGate
from tests.support.processes import eventually
from tests.support.server import Server

DECLARED = "state.search"


class Queue:
    """What came through, and which sockets were closed."""

    def __init__(self) -> None:
        self.delivered: list[object] = []
        self.closed: list[str] = []

    async def deliver(self, _sid: str, data: object) -> None:
        self.delivered.append(data)

    async def close(self, sid: str) -> None:
        self.closed.append(sid)


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def gate(queue: Queue) -> EventGate:
    return EventGate({DECLARED}, queue.deliver, queue.close)


async def test_a_declared_event_passes_unchanged(gate: EventGate, queue: Queue) -> None:
    event = {"name": DECLARED, "payload": {"text": "ana"}, "router_data": {"pathname": "/assinantes"}}
    await gate.on_event("a", event)
    assert queue.delivered == [event]


@pytest.mark.parametrize(
    "event",
    [
        {"name": "state.setvar", "payload": {"var_name": "rows", "value": []}},
        {"name": "state.unknown"},
        {"name": ["state.search"]},
        {"payload": {}},
        json.dumps({"name": DECLARED}),
        None,
        {"name": DECLARED, "payload": {"text": "x" * (MAX_TEXT + 1)}},
        {"name": DECLARED, "payload": {"ids": list(range(5000))}},
        {"name": DECLARED, "payload": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": 1}}}}}}}}},
        {"name": DECLARED, "payload": {"x" * (MAX_TEXT + 1): 1}},
    ],
)
async def test_what_is_undeclared_or_too_long_stays_out(gate: EventGate, queue: Queue, event: object) -> None:
    await gate.on_event("a", event)
    assert queue.delivered == []


async def test_a_flood_is_cut_and_its_socket_closed_in_the_end(gate: EventGate, queue: Queue) -> None:
    for _ in range(BURST + PATIENCE + 50):
        await gate.on_event("a", {"name": DECLARED})
    assert len(queue.delivered) < BURST + PATIENCE
    assert queue.closed == ["a"]


async def test_one_sockets_flood_holds_nobody_else_up(gate: EventGate, queue: Queue) -> None:
    for _ in range(BURST * 2):
        await gate.on_event("a", {"name": DECLARED})
    queue.delivered.clear()
    await gate.on_event("b", {"name": DECLARED})
    assert queue.delivered == [{"name": DECLARED}]


async def test_a_socket_that_waits_may_send_again(gate: EventGate, queue: Queue) -> None:
    for _ in range(BURST * 2):
        await gate.on_event("a", {"name": DECLARED})
    queue.delivered.clear()

    async def passes() -> None:
        while not queue.delivered:
            await gate.on_event("a", {"name": DECLARED})
            await asyncio.sleep(0.01)

    await asyncio.wait_for(passes(), 5)


# A page of ours that speaks Engine.IO and Socket.IO by hand: 0 opens, 40 joins, 42 is an event.
SPEAK = """
([names, token]) => new Promise((done, fail) => {
  const socket = new WebSocket(`ws://${location.host}/_event/?token=${token}&EIO=4&transport=websocket`);
  const payload = { var_name: "sentence", value: "invadido" };
  const send = (name) => socket.send("42/_event," + JSON.stringify(["event", { name, payload }]));
  socket.onmessage = ({ data }) => {
    if (data.startsWith("0")) socket.send("40/_event,");
    else if (data.startsWith("40")) names.forEach(send);
    else if (data.startsWith("42")) { socket.close(); done(data); }
  };
  setTimeout(() => fail("nothing heard"), 8000);
})
"""


def test_the_running_program_denies_setvar_and_still_answers_what_is_declared(
    server: Server, page: Page
) -> None:
    """Pins that each event of a socket passes the gate: Reflex has no public place for it."""
    page.goto(f"{server.origin}/entrar")
    notice = "reflex___state____state.lastlink_ui___web___page_notice____page_notice"

    heard = page.evaluate(SPEAK, [[f"{notice}.setvar", "reflex___state____state.hydrate"], "probe-setvar"])

    assert "invadido" not in heard
    assert notice in heard
    eventually(lambda: '"reason": "undeclared name"' in server.log, what="the refusal's line in the log")
