"""How many subscriptions each plan has that renew or may still be paid."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.core.ids import CreatorId, PlanId
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.subscribers.models import Counter, Grain

_LIVE = [status for status in Status if not status.is_over]


async def live_subscriptions(session: AsyncSession, creator: CreatorId) -> Mapping[PlanId, int]:
    """The creator's live subscriptions by plan, from the counters; plans without any may be missing."""
    found = await session.execute(
        select(col(Counter.plan_id), func.sum(col(Counter.subscriptions)))
        .where(
            col(Counter.creator_id) == creator,
            col(Counter.grain) == Grain.ALL,
            col(Counter.status).in_(_LIVE),
        )
        .group_by(col(Counter.plan_id))
    )
    return {plan_id: int(count) for plan_id, count in found}
