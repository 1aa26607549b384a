"""Which addresses are free for a public page."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.accounts.models import Creator, FormerHandle
from lastlink_ui.core.handles import InvalidHandle, shape
from lastlink_ui.core.ids import CreatorId


async def require_free(session: AsyncSession, handle: str, creator: CreatorId | None = None) -> None:
    """Nobody but `creator` has this address, had it before, or has one that looks the same.

    Raises: InvalidHandle.
    """
    looks_the_same = select(col(Creator.handle)).where(col(Creator.handle_shape) == shape(handle))
    had_it = select(col(FormerHandle.handle)).where(col(FormerHandle.handle) == handle)
    if creator is not None:
        looks_the_same = looks_the_same.where(col(Creator.id) != creator)
        had_it = had_it.where(col(FormerHandle.creator_id) != creator)
    others = set(await session.scalars(looks_the_same))
    if handle in others or await session.scalar(had_it):
        raise InvalidHandle("handle.taken")
    if others:
        raise InvalidHandle("handle.confusable")
