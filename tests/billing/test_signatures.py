"""An event is taken from 300 seconds ago to 60 ahead of our clock, and not one second further."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from lastlink_ui.billing.events import BadEvent
from lastlink_ui.billing.stripe_events import verify_event
from tests.support.clock import NOW

SECRET, FORMER = "whsec_one", "whsec_two"
BODY = json.dumps(
    {
        "id": "evt_1",
        "type": "customer.updated",
        "created": int(NOW.timestamp()),
        "livemode": False,
        "data": {"object": {"id": "cus_1", "object": "customer"}},
    }
)


def _signature(seconds: int, secret: str = SECRET) -> str:
    stamp = int(NOW.timestamp()) + seconds
    signed = hmac.new(secret.encode(), f"{stamp}.{BODY}".encode(), hashlib.sha256).hexdigest()
    return f"t={stamp},v1={signed}"


def _take(signature: str, *secrets: str) -> str:
    return verify_event(BODY.encode(), signature, secrets or (SECRET,), NOW, account=None, live=False).id


@pytest.mark.parametrize("seconds", [-300, -299, 0, 59, 60])
def test_a_signature_of_about_now_is_taken(seconds: int) -> None:
    assert _take(_signature(seconds)) == "evt_1"


@pytest.mark.parametrize("seconds", [-86_400, -301, 61, 86_400])
def test_one_of_another_time_is_refused_however_well_signed(seconds: int) -> None:
    with pytest.raises(BadEvent, match="timestamp"):
        _take(_signature(seconds))


def test_our_clock_alone_decides() -> None:
    """The same signature, heard by a machine whose clock is an hour behind, is not taken."""
    behind = NOW - timedelta(hours=1)
    with pytest.raises(BadEvent, match="timestamp"):
        verify_event(BODY.encode(), _signature(0), (SECRET,), behind, account=None, live=False)


def test_two_secrets_count_while_one_replaces_the_other() -> None:
    assert _take(_signature(0, FORMER), SECRET, FORMER) == "evt_1"
    with pytest.raises(BadEvent):
        _take(_signature(0, FORMER), SECRET)
