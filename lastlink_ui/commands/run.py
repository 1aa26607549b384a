"""`lastlink run`: everything set up, and the program served on one port."""

import asyncio
import json
import os
import threading
import time

from lastlink_ui.billing.gateway import ProviderError
from lastlink_ui.billing.inbox import HANDLED
from lastlink_ui.billing.stripe_gateway import StripeGateway, WebhookEndpoint
from lastlink_ui.commands import children
from lastlink_ui.commands.console import CommandError, out, working
from lastlink_ui.commands.seed import seed_demo
from lastlink_ui.db import migrate
from lastlink_ui.demo import DEMO_EMAIL, DEMO_HANDLE, DEMO_PASSWORD, DEMO_SUBSCRIBERS
from lastlink_ui.frontend.build import BuildFailed, BuildStep, ensure_frontend
from lastlink_ui.serve import run_app
from lastlink_ui.settings import SANDBOX_KEY, Environment, Settings

_STEPS = tuple(BuildStep)
_READY_SECONDS = 60


def run(settings: Settings, sandbox: children.StartingSandbox | None, *, demo: bool) -> None:
    """Set up what is missing, then serve until SIGINT or SIGTERM. Raises: CommandError."""
    _build()
    prepare_database(settings)
    has_demo = demo and sandbox is not None and settings.environment is Environment.DEVELOPMENT
    if sandbox:
        sandbox.wait()
        if has_demo:
            seed_demo(settings, DEMO_SUBSCRIBERS, seed=1, only_if_missing=True)
        os.environ["LASTLINK_WEBHOOK_SECRET"] = asyncio.run(_webhook_secret(settings))
    threading.Thread(target=_announce, args=(settings, has_demo), daemon=True).start()
    run_app(settings.host, settings.port, public_origin=settings.origin or None)


def prepare_database(settings: Settings) -> None:
    """Bring the database to this version's schema. Raises: CommandError."""
    try:
        migrate.upgrade(settings.database)
    except Exception as error:
        raise CommandError(f"the database cannot be prepared: {error}") from error


def _build() -> None:
    with working("Building the pages") as progress:
        try:
            ensure_frontend(lambda step: progress(_STEPS.index(step), len(_STEPS)))
        except BuildFailed as error:
            raise CommandError(f"the pages could not be built: {error}") from error


async def _webhook_secret(settings: Settings) -> str:
    """The secret of the sandbox's endpoint that calls this program, kept from one start to the next."""
    kept = settings.data_dir / "webhook.json"
    known = WebhookEndpoint(**json.loads(kept.read_text())) if kept.exists() else None
    gateway = StripeGateway(SANDBOX_KEY, settings.stripe_api_base)
    url = f"http://127.0.0.1:{settings.port}/webhooks/stripe"
    try:
        endpoint = await gateway.webhook_endpoint(url, HANDLED, known)
    except ProviderError as error:
        raise CommandError(f"the sandbox does not take the webhook's address: {error.code}") from error
    kept.touch(mode=0o600)
    kept.write_text(json.dumps({"id": endpoint.id, "secret": endpoint.secret}))
    return endpoint.secret


def _announce(settings: Settings, has_demo: bool) -> None:  # noqa: FBT001 - a thread's arguments
    """Say where the program is, once it answers."""
    deadline = time.monotonic() + _READY_SECONDS
    while not children.answers(f"http://127.0.0.1:{settings.port}/readyz"):
        if time.monotonic() > deadline:
            return
        time.sleep(0.05)
    origin = settings.public_origin
    out.print(f"Lastlink is ready at [bold]{origin}[/]")
    if has_demo:
        out.print(f"  Sign in       {DEMO_EMAIL} / {DEMO_PASSWORD}")
        out.print(f"  Public page   {origin}/{DEMO_HANDLE}")
    if settings.uses_sandbox:
        out.print(f"  Sandbox       {settings.stripe_api_base} (no real money moves)")
