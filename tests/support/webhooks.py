"""Events as the provider sends them, made and signed by a test."""

import hashlib
import hmac
import json
import time
from typing import Any

import httpx

from lastlink_ui.core.ids import new_id
from tests.support.server import Server


def an_event(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of the event
    """An event about nothing that is handled, unless `changes` say otherwise."""
    event: dict[str, Any] = {
        "id": f"evt_{new_id().hex}",
        "object": "event",
        "type": "customer.tax_id.created",
        "created": int(time.time()),
        "livemode": False,
        "data": {"object": {"id": "cus_1", "object": "customer"}},
    }
    return event | changes


def post_event(
    server: Server, body: bytes, *, at: float | None = None, secret: str | None = None, path: str = ""
) -> httpx.Response:
    """Send `body` signed as the provider does; `at` and `secret` let it be signed wrongly.

    `path` leads to a creator's own address.
    """
    known = json.loads((server.data_dir / "webhook.json").read_text())["secret"]
    stamp = int(time.time() if at is None else at)
    signed = hmac.new((secret or known).encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"stripe-signature": f"t={stamp},v1={signed}"}
    return httpx.post(f"{server.origin}/webhooks/stripe{path}", content=body, headers=headers, timeout=20)
