"""What a start needs beside the pages: the database's schema, demo data, and the sandbox's webhook."""

import asyncio
import json

from lastlink_ui.billing.gateway import ProviderError
from lastlink_ui.billing.inbox import HANDLED
from lastlink_ui.billing.stripe_gateway import StripeGateway, WebhookEndpoint
from lastlink_ui.commands import children
from lastlink_ui.commands.console import CommandError
from lastlink_ui.commands.seed import seed_demo
from lastlink_ui.db import migrate
from lastlink_ui.demo.account import DEMO_SUBSCRIBERS
from lastlink_ui.settings import SANDBOX_KEY, Settings


def prepare(settings: Settings, *, demo: bool) -> None:
    """Set up what is missing; the sandbox, where it is used, may be starting still. Raises: CommandError."""
    prepare_database(settings)
    if settings.uses_sandbox:
        children.wait_for_sandbox(settings.stripe_api_base)
        if demo:
            seed_demo(settings, DEMO_SUBSCRIBERS, seed=1, only_if_missing=True)
        asyncio.run(_be_told(settings))


def prepare_database(settings: Settings) -> None:
    """Bring the database to this version's schema. Raises: CommandError."""
    try:
        migrate.upgrade(settings.database)
    except Exception as error:
        raise CommandError(f"the database cannot be prepared: {error}") from error


async def _be_told(settings: Settings) -> None:
    """Have the sandbox tell this program what happens, by the endpoint that the last start left if any."""
    kept = settings.sandbox_webhook
    known = WebhookEndpoint(**json.loads(kept.read_text())) if kept.exists() else None
    gateway = StripeGateway(SANDBOX_KEY, settings.stripe_api_base)
    url = f"http://127.0.0.1:{settings.port}/webhooks/stripe"
    try:
        endpoint = await gateway.webhook_endpoint(url, HANDLED, known)
    except ProviderError as error:
        raise CommandError(f"the sandbox does not take the webhook's address: {error.code}") from error
    kept.touch(mode=0o600)
    kept.write_text(json.dumps({"id": endpoint.id, "secret": endpoint.secret}))
