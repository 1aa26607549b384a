"""The doctor counts anew what is kept beside the filters, and mends it."""

from sqlalchemy import text

from lastlink_ui.commands.doctor import mend_counters
from lastlink_ui.db import Database
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.queries import Subscribers
from tests.support.clock import StoppedClock
from tests.support.world import World


async def test_wrong_counts_are_found_and_mended(database: Database, world: World) -> None:
    creator = await world.creator()
    await world.subscriber(await world.plan(creator))
    assert await mend_counters(database) == 0
    async with database.unit_of_work() as uow:
        await uow.session.execute(text("UPDATE counters SET subscriptions = 7"))

    assert (await Subscribers(database, StoppedClock()).counts(creator.id, Filters())).everybody == 7
    assert await mend_counters(database) == 3
    assert (await Subscribers(database, StoppedClock()).counts(creator.id, Filters())).everybody == 1
    assert await mend_counters(database) == 0
