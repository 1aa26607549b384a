"""Events of the provider: verified, bounded, and reduced to the ids that they are about."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from lastlink_ui.billing.gateway import ProviderEvent

FUTURE_TOLERANCE = timedelta(seconds=60)
MAX_BODY_BYTES = 512 * 1024


class BadEvent(Exception):
    """Not an event that the provider signed for us, or one too old or too new; nothing of it is used."""


class Verifier(Protocol):
    """Tells the provider's events from anybody else's."""

    def __call__(self, body: bytes, signature: str, now: datetime) -> ProviderEvent:
        """The event in `body`. Raises: BadEvent."""
        ...


def subject_of(thing: Mapping[str, Any]) -> dict[str, str]:
    """The ids that say what an event's object is about; nothing else of it is kept."""
    kind = thing.get("object")
    subject: dict[str, str] = {}
    if kind == "subscription":
        subject["subscription"] = str(thing.get("id"))
        subject["creator"] = _creator(thing)
    elif kind == "checkout.session":
        subject["checkout"] = str(thing.get("client_reference_id") or "")
        subject["subscription"] = _id(thing.get("subscription"))
        subject["creator"] = _creator(thing)
    elif kind == "invoice":
        parent = cast("Mapping[str, Any]", thing.get("parent") or {})
        details = cast("Mapping[str, Any]", parent.get("subscription_details") or {})
        subject["subscription"] = _id(details.get("subscription"))
        subject["creator"] = _creator(details)
    elif kind in {"refund", "charge", "dispute"}:
        subject["payment_intent"] = _id(thing.get("payment_intent"))
    return {name: value for name, value in subject.items() if value}


def _creator(thing: Mapping[str, Any]) -> str:
    """The creator's id that the checkout wrote there."""
    return str(cast("Mapping[str, Any]", thing.get("metadata") or {}).get("creator_id") or "")


def _id(value: object) -> str:
    """The id of what may be expanded or not."""
    if isinstance(value, Mapping):
        return str(cast("Mapping[str, Any]", value).get("id") or "")
    return str(value or "")
