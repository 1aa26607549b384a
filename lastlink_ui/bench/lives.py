"""`lastlink bench live`: from a creator's click to every open dashboard, beside a single open dashboard."""

import asyncio
import time
from collections.abc import Sequence
from itertools import cycle

from lastlink_ui.bench.dashboards import Dashboard, open_dashboards, session
from lastlink_ui.bench.ground import Ground
from lastlink_ui.bench.program import Program, running_program
from lastlink_ui.bench.result import Line, Result, Times
from lastlink_ui.subscribers.filters import Filters

_DASHBOARDS = 300
_TARGET_MS = 250
_CHANGES = 40
_REST_SECONDS = 0.5
# As fast as the program takes them from hands that never rest; a thousand in ten seconds would be faster.
_BURST, _BURST_SECONDS, _MOST_UPDATES = 300, 3, 40
_IN_SECONDS = 10
_HANDS = 10


async def measure(ground: Ground) -> Result:
    """Changes one by one, then a burst of them, with three hundred dashboards open."""
    names = await _in_the_list(ground, _HANDS)
    async with running_program(ground) as program:
        async with open_dashboards(program, 1) as alone:
            limit = await _changes(program, alone, names[0], ground.calls(_CHANGES))
        async with open_dashboards(program, max(ground.calls(_DASHBOARDS), 2)) as dashboards:
            times = await _changes(program, dashboards, names[0], ground.calls(_CHANGES))
            updates, seconds = await _burst(program, dashboards, names, ground.calls(_BURST))
    worst = max(updates)
    return Result(
        (
            Line.within(f"a change, in {len(dashboards)} dashboards", times, limit, _TARGET_MS),
            Line(
                f"updates of each in 10 s, {ground.calls(_BURST) / seconds:.0f} changes a second",
                sorted(updates)[len(updates) // 2],
                0,
                worst,
                f"≤ {_MOST_UPDATES}",
                worst <= _MOST_UPDATES,
                unit="",
            ),
        )
    )


async def _in_the_list(ground: Ground, count: int) -> Sequence[str]:
    """Subscriptions on the first page whose fans are in the list and may be taken out."""
    now = ground.services.clock.now()
    page = await ground.services.subscribers.page(ground.creator, Filters())
    found = [str(row.subscription_id) for row in page.rows if row.actions(now).remove is None]
    return found[:count]


async def _changes(program: Program, dashboards: Sequence[Dashboard], name: str, count: int) -> Times:
    """How long each change takes until each dashboard is sent its rows."""
    found: list[float] = []
    async with await Dashboard.at(program, await session(program)) as hand:
        for number in range(count):
            # A moment apart: what follows closely is held back on purpose.
            await asyncio.sleep(_REST_SECONDS)
            began = time.perf_counter()
            await _toggle(hand, name, number)
            shown = await asyncio.gather(*(each.shown_after(began) for each in dashboards))
            found += [(each - began) * 1000 for each in shown]
        if count % 2:
            await _toggle(hand, name, count)
            await asyncio.gather(*(each.shown_after(time.perf_counter()) for each in dashboards))
    return Times(tuple(found))


async def _burst(
    program: Program, dashboards: Sequence[Dashboard], names: Sequence[str], count: int
) -> tuple[list[float], float]:
    """How many updates each dashboard got in ten seconds of the burst, and how long the burst took."""
    token = await session(program)
    hands = [await Dashboard.at(program, token) for _ in names]
    try:
        before = [len(each.shown) for each in dashboards]
        began = asked = time.perf_counter()
        for number, (hand, name) in zip(range(count), cycle(zip(hands, names, strict=True)), strict=False):
            await asyncio.sleep(max(0.0, began + number * _BURST_SECONDS / _BURST - time.perf_counter()))
            asked = time.perf_counter()
            await _toggle(hand, name, number // len(names))
        # Until the last of them has been dealt with, and shown.
        await asyncio.gather(*(each.settled() for each in hands))
        await asyncio.gather(*(each.shown_after(asked) for each in dashboards))
        seconds = time.perf_counter() - began
        updates = [
            (len(each.shown) - known) * min(_IN_SECONDS / seconds, 1.0)
            for each, known in zip(dashboards, before, strict=True)
        ]
    finally:
        for each in hands:
            await each.__aexit__(None, None, None)
    return updates, seconds


async def _toggle(hand: Dashboard, name: str, number: int) -> None:
    if number % 2:
        await hand.send("readd", {"subscription_id": name})
    else:
        await hand.send("remove", {"form": {"subscription": name}})
