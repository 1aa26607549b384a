"""What `/webhooks/stripe` takes and refuses, on the running program."""

import json
import time

import httpx
import pytest

from lastlink_ui.billing.models import InboxEvent
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.clock import SystemClock
from lastlink_ui.core.ids import new_id
from lastlink_ui.db import Database
from tests.support.accounts import accounts_over
from tests.support.rows import rows
from tests.support.sandbox import KEY
from tests.support.server import Server
from tests.support.webhooks import an_event, post_event
from tests.support.world import World


async def _stored(server: Server) -> dict[str, InboxEvent]:
    database = Database(server.database_url)
    try:
        return {event.provider_event_id: event for event in await rows(database, InboxEvent)}
    finally:
        await database.dispose()


async def test_an_event_of_an_unknown_type_is_recorded_and_ignored(server: Server) -> None:
    event = an_event(type="something.nobody.knows")
    assert post_event(server, json.dumps(event).encode()).status_code == 204
    assert (await _stored(server))[event["id"]].done_at is not None


async def test_an_event_told_twice_is_stored_once(server: Server) -> None:
    event = an_event()
    answers = [post_event(server, json.dumps(event).encode()).status_code for _ in range(3)]
    assert answers == [204, 204, 204]
    assert event["id"] in await _stored(server)


async def test_a_creators_own_address_takes_what_the_own_secrets_signed(server: Server) -> None:
    database = Database(server.database_url)
    try:
        world = World(database, SystemClock())
        creator, other = await world.creator(), await world.creator()
        await accounts_over(database, server.sandbox).connect(creator.id, KEY, "whsec_a", SYSTEM)
        await accounts_over(database, server.sandbox).connect(creator.id, "", "whsec_b", SYSTEM)
    finally:
        await database.dispose()
    mine, event = f"/{creator.id}", an_event()
    body = json.dumps(event).encode()
    for secret, path, status in (
        ("whsec_a", mine, 204),
        ("whsec_b", mine, 204),
        (None, mine, 400),
        ("whsec_a", "", 400),
        ("whsec_a", f"/{other.id}", 400),
        ("whsec_a", f"/{new_id()}", 400),
    ):
        assert post_event(server, body, secret=secret, path=path).status_code == status
    assert (await _stored(server))[event["id"]].account == str(creator.id)


async def test_a_wrong_signature_is_refused_and_nothing_stored(server: Server) -> None:
    event = an_event()
    refused = post_event(server, json.dumps(event).encode(), secret="whsec_of_somebody_else")
    assert refused.status_code == 400
    assert event["id"] not in await _stored(server)


@pytest.mark.parametrize(
    ("seconds", "status"), [(-310, 400), (-280, 204), (40, 204), (90, 400), (86_400, 400)]
)
async def test_only_a_fresh_signature_counts(server: Server, seconds: int, status: int) -> None:
    event = an_event()
    answer = post_event(server, json.dumps(event).encode(), at=time.time() + seconds)
    assert answer.status_code == status
    assert (event["id"] in await _stored(server)) == (status == 204)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"id": 1}',
        b'{"id":"evt_x","type":"a","created":"b","data":{}}',
        b"\xff\xfe",
    ],
)
def test_a_broken_body_is_refused(server: Server, body: bytes) -> None:
    assert post_event(server, body).status_code == 400


def test_real_money_is_not_taken_for_play_money(server: Server) -> None:
    assert post_event(server, json.dumps(an_event(livemode=True)).encode()).status_code == 400


def test_a_body_larger_than_any_event_is_refused(server: Server) -> None:
    assert post_event(server, json.dumps(an_event(padding="x" * 600_000)).encode()).status_code == 413


@pytest.mark.parametrize("header", ["", "t=,v1=", "t=abc,v1=def", "v1=def", "t=1", "nonsense"])
def test_a_broken_signature_header_is_refused(server: Server, header: str) -> None:
    headers = {"stripe-signature": header}
    answer = httpx.post(f"{server.origin}/webhooks/stripe", content=b"{}", headers=headers, timeout=20)
    assert answer.status_code == 400


def test_nothing_but_a_post_is_answered(server: Server) -> None:
    assert httpx.get(f"{server.origin}/webhooks/stripe", timeout=20).status_code in {404, 405}
