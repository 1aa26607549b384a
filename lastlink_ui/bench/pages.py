"""`lastlink bench list`: pages of the table, beside the plainest page that the driver can read."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.bench.combinations import EVERY_OTHER_ORDER, combinations
from lastlink_ui.bench.ground import Ground
from lastlink_ui.bench.raw import Raw
from lastlink_ui.bench.result import Line, Result, Times, timed, timed_here
from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.owner import see_only
from lastlink_ui.subscribers.cursors import END, Cursor
from lastlink_ui.subscribers.filters import Filters, Sort
from lastlink_ui.subscribers.models import Subscription
from lastlink_ui.subscribers.queries import PAGE_SIZE

_TARGET_MS = 10
# Nobody was promised these; what is written here keeps them from falling behind unseen.
_OTHER_ORDERS_MS = 40
_VIEWS = 400
_REPEATS = 100
_FAR_PAGE = 15_000

_COLUMNS = (
    "s.id, f.name, f.handle, p.name, s.amount, s.method, s.status, s.started_at, s.access_until, s.in_list"
)
_PAGE = f"""
    SELECT {_COLUMNS} FROM subscriptions s JOIN fans f ON f.id = s.fan_id JOIN plans p ON p.id = s.plan_id
    WHERE s.creator_id = ? ORDER BY s.started_at DESC, s.id DESC LIMIT {PAGE_SIZE + 1}
"""  # noqa: S608 - our own columns


async def measure(ground: Ground) -> Result:
    """First pages under any filters, a page far down, and the last one."""
    see_only(ground.creator)
    page = partial(ground.services.subscribers.page, ground.creator)
    plans = [plan for plan, _ in await ground.services.subscribers.plan_names(ground.creator)]
    today = sao_paulo_day(ground.services.clock.now())
    with ground.raw() as raw:
        limit = _limit(raw, ground)
    newest = combinations(ground.calls(_VIEWS), plans, today)
    others = combinations(ground.calls(_VIEWS), plans, today, EVERY_OTHER_ORDER)
    repeats = ground.calls(_REPEATS)
    far = min(_FAR_PAGE, max(ground.subscribers // PAGE_SIZE - 1, 1))
    behind = await _behind(ground, max((far - 1) * PAGE_SIZE, 1))

    async def times(views: Sequence[Filters]) -> Times:
        return await timed([partial(page, view) for view in views])

    await times([Filters()] * 20)
    # The limit is read from memory, and so are the pages beside it; what the disk adds is told by itself.
    from_disk, _ = await times(newest), await times(others)
    return Result(
        (
            Line.within("first page, any filters, newest first", await times(newest), limit, _TARGET_MS),
            Line.seen("the same, each for the first time", from_disk, limit),
            Line.within("first page, no filter", await times([Filters()] * repeats), limit, _TARGET_MS),
            Line.within(f"page {far:,}", await times([behind] * repeats), limit, _TARGET_MS),
            Line.within("last page", await times([Filters(before=END)] * repeats), limit, _TARGET_MS),
            Line.within(
                "first page, any filters, any other order", await times(others), limit, _OTHER_ORDERS_MS
            ),
        )
    )


def _limit(raw: Raw, ground: Ground) -> Times:
    read = partial(raw.rows, _PAGE, [ground.creator])
    read()
    return timed_here([read] * ground.calls(_REPEATS))


async def _behind(ground: Ground, position: int) -> Filters:
    """The view behind the row at `position`; found the slow way, once."""
    keys = (col(Subscription.started_at), col(Subscription.id))
    async with ground.services.database.reading() as session:
        found = await session.execute(
            select(*keys)
            .where(col(Subscription.creator_id) == ground.creator)
            .order_by(*(key.desc() for key in keys))
            .offset(position - 1)
            .limit(1)
        )
    return Filters().page_after(str(Cursor(Sort(), tuple(found.one()), position)))
