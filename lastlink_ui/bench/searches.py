"""`lastlink bench search`: pages under a text search, beside the bare index look-up and beside a scan."""

from collections.abc import Sequence
from functools import partial

from lastlink_ui.bench.combinations import combinations
from lastlink_ui.bench.ground import Ground
from lastlink_ui.bench.raw import Raw
from lastlink_ui.bench.result import Line, Result, Times, timed, timed_here
from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.owner import see_only
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.queries import PAGE_SIZE

_TARGET_MS = 40
# From half of everybody to nobody: a domain, first names, surnames, pieces of them, one person, no one.
COMMON = ("example", "maria", "silva", "joão", "ana", "souza", "ari", "oliveira", "fernand", "santos")
RARE = ("zélia uchôa", "benício távora", "yasmin quintela", "sant'anna zanetti", "qqq", "x y z", "wes.uch")
SHORT = ("a", "m", "x", "z", "9", "si", "an", "qu", "zx", "é")
_ROUNDS = 8

_LIMIT = f"""
    SELECT f.id, f.name FROM fans f WHERE f.creator_id = ? AND f.search_text LIKE ? LIMIT {PAGE_SIZE + 1}
"""  # noqa: S608 - our own number


async def measure(ground: Ground) -> Result:
    """Common terms, rare ones, short ones, and terms with filters beside them."""
    see_only(ground.creator)
    page = partial(ground.services.subscribers.page, ground.creator)
    plans = [plan for plan, _ in await ground.services.subscribers.plan_names(ground.creator)]
    today = sao_paulo_day(ground.services.clock.now())
    terms = [*COMMON, *RARE]
    filtered = [
        view.searching(terms[number % len(terms)])
        for number, view in enumerate(combinations(ground.calls(len(terms) * _ROUNDS), plans, today))
    ]
    with ground.raw() as raw:
        limit = _limit(raw, ground, terms)

    async def times(views: Sequence[Filters]) -> Times:
        return await timed([partial(page, view) for view in views])

    def plain(terms: Sequence[str]) -> list[Filters]:
        return [Filters(q=term) for term in terms] * ground.calls(_ROUNDS)

    await times([Filters(q=term) for term in terms])
    return Result(
        (
            Line.within("3 letters and more", await times(plain(terms)), limit, _TARGET_MS),
            Line.within("common ones", await times(plain(COMMON)), limit, _TARGET_MS),
            Line.within("rare ones", await times(plain(RARE)), limit, _TARGET_MS),
            Line.within("with any filters beside", await times(filtered), limit, _TARGET_MS),
            Line.within("1 and 2 letters", await times(plain(SHORT)), limit, _TARGET_MS),
        )
    )


def _limit(raw: Raw, ground: Ground, terms: Sequence[str]) -> Times:
    return timed_here([partial(raw.rows, _LIMIT, [ground.creator, f"%{term}%"]) for term in terms])
