"""`lastlink seed`: demo data into the demo creator."""

import asyncio
from contextlib import suppress

from lastlink_ui.commands.console import CommandError, out, working
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.demo.account import DEMO_EMAIL, DEMO_HANDLE
from lastlink_ui.demo.seeding import has_demo, seed
from lastlink_ui.settings import SANDBOX_KEY, Environment, Settings
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.wiring import Services, build


def seed_demo(settings: Settings, subscribers: int, *, seed: int, only_if_missing: bool = False) -> None:
    """Make the demo creator and about `subscribers` subscriptions. Raises: CommandError."""
    if settings.environment is not Environment.DEVELOPMENT:
        raise CommandError("demo data is for development only")
    asyncio.run(_seed(settings, subscribers, seed, only_if_missing=only_if_missing))


async def _seed(settings: Settings, subscribers: int, number: int, *, only_if_missing: bool) -> None:
    services = build(settings)
    try:
        await _seed_with(services, subscribers, number, only_if_missing=only_if_missing)
        await _connect(services)
    finally:
        await services.database.dispose()


async def _seed_with(services: Services, subscribers: int, number: int, *, only_if_missing: bool) -> None:
    if not (only_if_missing and await has_demo(services.database)):
        with working("Making demo subscribers") as progress:
            made = await seed(
                services.database,
                services.clock,
                services.settings.stripe_api_base,
                subscribers=subscribers,
                seed=number,
                progress=progress,
            )
        if not only_if_missing:
            out.print(f"Made {made:,} subscribers for {DEMO_EMAIL}.")


async def _connect(services: Services) -> None:
    """Let the demo creator be paid at the sandbox, by every method that there is."""
    card = await services.accounts.creator_by_handle(DEMO_HANDLE)
    accounts = services.accounts_at_provider
    if card is None or not services.settings.uses_sandbox:
        return
    if not (await accounts.receiving(card.id)).key_hint:
        await accounts.offer(card.id, Method.BOLETO, SYSTEM, on=True)
        # Where this sandbox never heard of the demo creator, everything can be looked at and nothing sold.
        with suppress(InvalidInput):
            await accounts.connect(card.id, SANDBOX_KEY, "", SYSTEM)
