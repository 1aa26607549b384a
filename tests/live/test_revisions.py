"""What is kept in memory is known to be as it was, or not."""

import asyncio

from lastlink_ui.live import ANYTHING, Change, MemoryFeed, Revisions


def follower(feed: MemoryFeed, most: int = 10) -> Revisions:
    return Revisions(feed, lambda change: change.plans or change.missed, most)


async def heard() -> None:
    """Let what waits on this loop run."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_only_what_matters_makes_another_number() -> None:
    feed = MemoryFeed()
    revisions = follower(feed)
    assert revisions.known("a") is None
    first = await revisions.follow("a")
    assert revisions.known("a") == first == await revisions.follow("a")

    await feed.publish("a", Change(list_tasks=True))
    await feed.publish("b", Change(plans=True))
    await heard()
    assert revisions.known("a") == first

    for change in (Change(plans=True), ANYTHING):
        before = revisions.known("a")
        await feed.publish("a", change)
        await heard()
        assert revisions.known("a") not in {before, None}


async def test_what_is_no_longer_followed_is_not_taken_for_unchanged() -> None:
    feed = MemoryFeed()
    revisions = follower(feed, most=1)
    first = await revisions.follow("a")
    await revisions.follow("b")
    assert revisions.known("a") is None
    assert await revisions.follow("a") != first


async def test_two_who_begin_at_once_get_one_number() -> None:
    revisions = follower(MemoryFeed())
    assert len(set(await asyncio.gather(*(revisions.follow("a") for _ in range(5))))) == 1
