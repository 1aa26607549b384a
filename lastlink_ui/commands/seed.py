"""`lastlink seed`: demo data into the demo creator."""

import asyncio

from lastlink_ui.commands.console import CommandError, out, working
from lastlink_ui.core.clock import SystemClock
from lastlink_ui.db import Database
from lastlink_ui.demo import DEMO_EMAIL, has_demo, seed
from lastlink_ui.settings import Environment, Settings
from lastlink_ui.wiring import clock_for


def seed_demo(settings: Settings, subscribers: int, *, seed: int, only_if_missing: bool = False) -> None:
    """Make the demo creator and about `subscribers` subscriptions. Raises: CommandError."""
    if settings.environment is not Environment.DEVELOPMENT:
        raise CommandError("demo data is for development only")
    asyncio.run(_seed(settings, subscribers, seed, only_if_missing=only_if_missing))


async def _seed(settings: Settings, subscribers: int, number: int, *, only_if_missing: bool) -> None:
    database = Database(settings.database)
    try:
        if only_if_missing and await has_demo(database):
            return
        with working("Making demo subscribers") as progress:
            made = await seed(
                database,
                clock_for(settings, SystemClock()),
                settings.stripe_api_base,
                subscribers=subscribers,
                seed=number,
                progress=progress,
            )
        if not only_if_missing:
            out.print(f"Made {made:,} subscribers for {DEMO_EMAIL}.")
    finally:
        await database.dispose()
