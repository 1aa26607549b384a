"""Where the provider tells what happened: verified, bounded, stored, acted on, then acknowledged."""

from collections.abc import Sequence

import structlog
from starlette.requests import Request
from starlette.responses import Response

from lastlink_ui import wiring
from lastlink_ui.billing.events import MAX_BODY_BYTES, BadEvent
from lastlink_ui.billing.gateway import NoAccount
from lastlink_ui.billing.stripe_events import verify_event
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.settings import Environment

log = structlog.get_logger()


async def shared_webhook(request: Request) -> Response:
    """The events of the account that creators share: the sandbox's."""
    return await _take(request, None)


async def creator_webhook(request: Request) -> Response:
    """The events of one creator's own account."""
    return await _take(request, CreatorId(request.path_params["creator"]))


async def _take(request: Request, account: CreatorId | None) -> Response:
    """204 once the effect is committed; 400 for what the provider did not sign; 500 to be told again."""
    services = wiring.services()
    body = await _read_bounded(request)
    if body is None:
        return Response(status_code=413)
    try:
        event = verify_event(
            body,
            request.headers.get("stripe-signature", ""),
            await _secrets(account),
            services.machine_clock.now(),
            account=account,
            live=services.settings.environment is Environment.PRODUCTION,
        )
    except NoAccount:
        log.exception("webhook_secret_unreadable", creator_id=str(account))
        return Response(status_code=500)
    except BadEvent as error:
        log.warning("webhook_refused", reason=str(error))
        return Response(status_code=400)
    try:
        await services.inbox.take(event)
    except Exception:
        # Stored with the event; the provider tells it again, and that resumes it.
        log.exception("webhook_failed", event_id=event.id, event_type=event.type)
        return Response(status_code=500)
    return Response(status_code=204)


async def _secrets(account: CreatorId | None) -> Sequence[str]:
    services = wiring.services()
    if account is None:
        return [services.settings.webhook_secret.get_secret_value()]
    return await services.gateways.webhook_secrets(account)


async def _read_bounded(request: Request) -> bytes | None:
    """The raw body, or None as soon as it is longer than any event."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)
