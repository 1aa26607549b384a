"""Tells the events that the provider signed from anybody else's."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import stripe

from lastlink_ui.billing.events import FUTURE_TOLERANCE, BadEvent, subject_of
from lastlink_ui.billing.gateway import ProviderEvent
from lastlink_ui.billing.known_news import said_of
from lastlink_ui.core.ids import CreatorId

_PAST_TOLERANCE = timedelta(seconds=300)


def verify_event(
    body: bytes,
    signature: str,
    secrets: Sequence[str],
    now: datetime,
    *,
    account: CreatorId | None,
    live: bool,
) -> ProviderEvent:
    """The event in `body`, signed by the provider no more than 300 s ago and no more than 60 s ahead.

    `secrets`: each of them counts, as two do while one replaces the other. `account`: whose they are.
    `live`: whether real money is expected. Raises: BadEvent.
    Source: https://docs.stripe.com/webhooks#verify-manually
    """
    try:
        _check_signature(body, signature, [secret for secret in secrets if secret])
        signed_at = datetime.fromtimestamp(_signed_at(signature), UTC)
        event = json.loads(body)
        verified = ProviderEvent(
            str(event["id"]),
            str(event["type"]),
            datetime.fromtimestamp(int(event["created"]), UTC),
            subject_of(event["data"]["object"]),
            account,
            said_of(str(event["type"]), event["data"]["object"]),
        )
        is_live = bool(event["livemode"])
    except (
        stripe.SignatureVerificationError,
        ValueError,
        AttributeError,
        KeyError,
        TypeError,
        OverflowError,
    ) as error:
        raise BadEvent(type(error).__name__) from error
    if not now - _PAST_TOLERANCE <= signed_at <= now + FUTURE_TOLERANCE:
        raise BadEvent("timestamp")
    if is_live != live:
        raise BadEvent("livemode")
    return verified


def _check_signature(body: bytes, signature: str, secrets: Sequence[str]) -> None:
    """Raises: BadEvent without a secret; what the library raises when none of them signed it."""
    if not secrets:
        raise BadEvent("no_secret")
    for secret in secrets:
        try:
            # The library knows only its own clock and no bound on the future: the caller checks the time.
            stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=None)  # pyright: ignore[reportUnknownMemberType]
        except stripe.SignatureVerificationError:
            if secret == secrets[-1]:
                raise
        else:
            return


def _signed_at(signature: str) -> int:
    """The `t` of a `t=…,v1=…` header."""
    return int(dict(part.split("=", 1) for part in signature.split(",") if "=" in part)["t"])
