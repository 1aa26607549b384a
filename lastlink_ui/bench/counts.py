"""`lastlink bench counts`: the number beside each filter option, beside one `count(*)` of everybody."""

from collections.abc import Sequence
from functools import partial

from lastlink_ui.bench.combinations import combinations
from lastlink_ui.bench.ground import Ground
from lastlink_ui.bench.raw import Raw
from lastlink_ui.bench.result import Line, Result, Times, timed, timed_here
from lastlink_ui.bench.searches import COMMON, RARE
from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.owner import see_only
from lastlink_ui.subscribers.filters import Filters

_TARGET_MS = 20
_SEARCH_TARGET_MS = 300
_VIEWS = 200
_ROUNDS = 3
_COUNT = "SELECT status, count(*) FROM subscriptions WHERE creator_id = ? GROUP BY status"


async def measure(ground: Ground) -> Result:
    """All counts of a page, for any filters and under a search."""
    see_only(ground.creator)
    counts = partial(ground.services.subscribers.counts, ground.creator)
    plans = [plan for plan, _ in await ground.services.subscribers.plan_names(ground.creator)]
    today = sao_paulo_day(ground.services.clock.now())
    with ground.raw() as raw:
        limit = _limit(raw, ground)
    views = combinations(ground.calls(_VIEWS), plans, today)
    searches = [Filters(q=term) for term in (*COMMON, *RARE)] * ground.calls(_ROUNDS)

    async def times(views: Sequence[Filters]) -> Times:
        return await timed([partial(counts, view) for view in views])

    await times(views[:20])
    return Result(
        (
            Line.within("every option, any filters", await times(views), limit, _TARGET_MS),
            Line.within("under a search", await times(searches), limit, _SEARCH_TARGET_MS),
        )
    )


def _limit(raw: Raw, ground: Ground) -> Times:
    read = partial(raw.rows, _COUNT, [ground.creator])
    read()
    return timed_here([read] * 3)
