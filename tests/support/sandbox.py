"""The sandbox as tests use it: a real process, asked over HTTP what the provider saw and holds."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.support.processes import eventually, free_port, running

KEY = "sk_test_sandbox"
LOOK = "GET /v1/invoices"
"""The request with which each look at a subscription begins."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox."""

    origin: str
    folder: Path

    @property
    def clock_file(self) -> Path:
        """Where it says how far its clock was moved."""
        return self.folder / "sandbox.clock"

    def get(self, path: str, **params: str) -> dict[str, Any]:
        """An object or a list of the provider's API."""
        answer = httpx.get(f"{self.origin}{path}", params=params, auth=(KEY, ""), timeout=10)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, **params: str) -> dict[str, Any]:
        """What a request of the provider's API, sent as its library would, is answered with."""
        answer = httpx.post(f"{self.origin}{path}", data=params, auth=(KEY, ""), timeout=10)
        return answer.raise_for_status().json()

    def use_card(self, subscription: str, token: str) -> None:
        """Have the next charges go to a test card, `pm_card_visa` or `pm_card_chargeCustomerFail`."""
        customer = self.get(f"/v1/subscriptions/{subscription}")["customer"]
        card = self.post(f"/v1/payment_methods/{token}/attach", customer=customer)
        self.post(f"/v1/subscriptions/{subscription}", default_payment_method=card["id"])

    def requests(self, match: str | None = None) -> list[dict[str, Any]]:
        """The requests it received, those for `match` (`POST /v1/refunds`) or all, newest first."""
        params = {"limit": "1000"} | ({"match": match} if match else {})
        answer = httpx.get(f"{self.origin}/_sandbox/requests", params=params, timeout=10)
        return answer.raise_for_status().json()["data"]

    def refunds(self, payment_intent: str | None = None) -> list[dict[str, Any]]:
        """The refunds it holds, of one payment or of all."""
        narrow = {"payment_intent": payment_intent} if payment_intent else {}
        return self.get("/v1/refunds", limit="100", **narrow)["data"]

    def fail(self, match: str, kind: str, times: int = 1) -> None:
        """Let the next `times` requests for `match` go wrong."""
        self._control("/_sandbox/faults", {"match": match, "kind": kind, "times": times})

    def reset(self) -> None:
        """Have it forget everything, its clock too."""
        self._control("/_sandbox/reset", None)

    def heal(self) -> None:
        """Let nothing go wrong any more."""
        self._control("/_sandbox/faults", {"clear": True})

    def webhooks(self, mode: str) -> None:
        """Deliver, drop, duplicate, shuffle or delay events from now on."""
        self._control("/_sandbox/faults", {"webhooks": mode})

    def advance(self, days: float) -> None:
        """Move its clock, and with it the program's, and wait until all that became due has happened."""
        self._control("/_sandbox/clock", {"seconds": round(days * 86_400)})
        eventually(lambda: self._clock()["due"] == 0, seconds=60, what="what became due")

    def act(self, verb: str, object_id: str) -> dict[str, Any]:
        """Let the payer, the payer's bank or time do something to an object."""
        return self._control(f"/_sandbox/act/{verb}/{object_id}", None)

    def try_to_act(self, verb: str, object_id: str) -> bool:
        """The same where it may not be possible any more; whether it was."""
        return httpx.post(f"{self.origin}/_sandbox/act/{verb}/{object_id}", timeout=10).is_success

    def pay(self, url: str, *, card: str = "4242 4242 4242 4242") -> httpx.Response:
        """Fill in the hosted payment page as a browser would."""
        fields = {
            "method": "card",
            "number": card,
            "expiry": "12/34",
            "cvc": "123",
            "card_name": "Beatriz Ribeiro",
        }
        return httpx.post(url, data=fields, timeout=10)

    def _clock(self) -> dict[str, Any]:
        return httpx.get(f"{self.origin}/_sandbox/clock", timeout=10).raise_for_status().json()

    def pay_by_boleto(self, url: str) -> httpx.Response:
        """Have the hosted page issue a voucher, for what it knows of the payer."""
        fields = {
            "method": "boleto",
            "full_name": "Beatriz Ribeiro",
            "tax_id": "529.982.247-25",
            "address": "Rua A, 1",
            "city": "São Paulo",
            "state": "SP",
            "postal_code": "01310-100",
        }
        return httpx.post(url, data=fields, timeout=10)

    def act_on_boleto(self, verb: str, subscription: str) -> None:
        """`pay_boleto` or `expire_boleto` of the subscription's latest invoice."""
        (invoice,) = self.get("/v1/invoices", subscription=subscription, limit="1")["data"]
        (payment, *_) = self.get("/v1/invoice_payments", invoice=invoice["id"])["data"]
        self._control(f"/_sandbox/act/{verb}/{payment['payment']['payment_intent']}", {})

    def mails(self, to: str) -> list[dict[str, Any]]:
        """The mails that the address got, newest first."""
        answer = httpx.get(f"{self.origin}/_sandbox/mails", params={"to": to}, timeout=10)
        return answer.raise_for_status().json()["data"]

    def _control(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        return httpx.post(f"{self.origin}{path}", json=body, timeout=10).raise_for_status().json()


@contextmanager
def running_sandbox(folder: Path, port: int | None = None) -> Generator[Sandbox]:
    """A sandbox that keeps its data in `folder`, on `port` or a free one."""
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "lastlink_ui.sandbox", "--port", str(port), "--data-dir", str(folder)]
    origin = f"http://127.0.0.1:{port}"
    with running(command, until=f"{origin}/healthz", log=folder / "sandbox.log", seconds=20):
        yield Sandbox(origin, folder)
