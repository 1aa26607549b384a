"""The sandbox as tests drive it: by the official client, by its control addresses, as a payer's browser."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import stripe

from tests.support.sandbox import KEY, Sandbox

SHOP = "http://127.0.0.1:9"
CARD = "4242 4242 4242 4242"
PAYER = {
    "full_name": "Beatriz Ribeiro",
    "tax_id": "000.000.000-00",
    "address": "Rua das Flores, 10",
    "city": "São Paulo",
    "state": "SP",
    "postal_code": "01310-100",
}
CARD_FIELDS = {"expiry": "12/34", "cvc": "123", "card_name": "Beatriz Ribeiro"}

Obj = dict[str, Any]


@dataclass
class Provider:
    """A running sandbox and the official client on it."""

    sandbox: Sandbox
    client: stripe.StripeClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = client_for(self.sandbox.origin)

    @property
    def api(self) -> stripe.V1Services:
        """The client's services."""
        return self.client.v1

    def price(self, amount: int = 2_990, interval: str = "month", count: int = 1) -> str:
        """A new product's price; its id."""
        product = self.api.products.create({"name": "Plano Ouro"})
        price = self.api.prices.create(
            {
                "product": product.id,
                "currency": "brl",
                "unit_amount": amount,
                "recurring": {"interval": interval, "interval_count": count},  # pyright: ignore[reportArgumentType]
            }
        )
        return price.id

    def session(self, **params: object) -> stripe.checkout.Session:
        """A new checkout session for a new price, unless `params` say otherwise."""
        base: Obj = {
            "mode": "subscription",
            "success_url": f"{SHOP}/ok?s={{CHECKOUT_SESSION_ID}}",
            "cancel_url": f"{SHOP}/back",
        }
        if "line_items" not in params:
            base["line_items"] = [{"price": self.price(), "quantity": 1}]
        if "customer" not in params:
            base["customer_email"] = "bia@example.com"
        wanted: Any = {**base, **params}
        return self.api.checkout.sessions.create(wanted)

    def pay(self, url: str, number: str = CARD, **fields: str) -> httpx.Response:
        """Fill in the payment page for a card."""
        return httpx.post(url, data={"method": "card", "number": number, **CARD_FIELDS, **fields}, timeout=10)

    def pay_by_boleto(self, url: str, **fields: str) -> httpx.Response:
        """Fill in the payment page for a boleto."""
        return httpx.post(url, data={"method": "boleto", **PAYER, **fields}, timeout=10)

    def subscribed(self, number: str = CARD, **params: object) -> "Sale":
        """A subscription bought by card just now."""
        session = self.session(**params)
        answer = self.pay(str(session.url), number)
        assert answer.status_code == 303, answer.text
        return self.sale(session.id)

    def subscribed_by_boleto(self, **params: object) -> "Sale":
        """A subscription whose boleto has been issued just now."""
        session = self.session(**params)
        answer = self.pay_by_boleto(str(session.url))
        assert answer.status_code == 303, answer.text
        return self.sale(session.id)

    def sale(self, session_id: str) -> "Sale":
        """What a completed session led to."""
        session = self.api.checkout.sessions.retrieve(session_id).to_dict()
        invoice = self.api.invoices.retrieve(session["invoice"], {"expand": ["payments"]}).to_dict()
        intent_id = invoice["payments"]["data"][0]["payment"]["payment_intent"]
        intent = self.api.payment_intents.retrieve(intent_id).to_dict()
        return Sale(session, session["subscription"], session["customer"], invoice, intent)

    def events(self) -> list[Obj]:
        """Every event, oldest first."""
        events: list[Obj] = []
        page: Obj = {"has_more": True}
        while page["has_more"]:
            after = {"starting_after": events[-1]["id"]} if events else {}
            page = self.sandbox.get("/v1/events", limit="100", **after)
            events.extend(page["data"])
        return events[::-1]

    def types_about(self, sale: "Sale") -> list[str]:
        """The types of the events that a sale's customer caused, oldest first."""
        return [event["type"] for event in self.events() if sale.customer in str(event["data"]["object"])]

    def control(self, path: str, body: object = None) -> Obj:
        """Ask one of the control addresses for something."""
        answer = httpx.post(f"{self.sandbox.origin}/_sandbox/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def seen(self, path: str, **params: str) -> list[Obj]:
        """What one of the control addresses lists."""
        answer = httpx.get(f"{self.sandbox.origin}/_sandbox/{path}", params=params, timeout=10)
        return answer.raise_for_status().json()["data"]

    def act(self, verb: str, object_id: str) -> Obj:
        """Let something happen to an object."""
        return self.control(f"act/{verb}/{object_id}")


@dataclass(frozen=True)
class Sale:
    """A subscription that began at a payment page."""

    session: Obj
    subscription: str
    customer: str
    invoice: Obj
    intent: Obj


def client_for(origin: str, key: str = KEY, retries: int = 0) -> stripe.StripeClient:
    """The official client, pointed at the sandbox."""
    return stripe.StripeClient(key, base_addresses={"api": origin}, max_network_retries=retries)
