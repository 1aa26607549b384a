"""Which addresses are free for a public page."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.accounts.models import Creator, FormerHandle
from lastlink_ui.core.handles import InvalidHandle, shape
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.routes import RESERVED_SEGMENTS

_RESERVED = frozenset(map(shape, RESERVED_SEGMENTS))


async def require_free(session: AsyncSession, handle: str, creator: CreatorId | None = None) -> None:
    """Nobody but `creator` has this address or had it before, and it looks like none that is another's.

    Ours are another's too. Raises: InvalidHandle.
    """
    taken: set[str] = set()
    for table, owner in ((Creator, col(Creator.id)), (FormerHandle, col(FormerHandle.creator_id))):
        looks_the_same = select(col(table.handle)).where(col(table.handle_shape) == shape(handle))
        if creator is not None:
            looks_the_same = looks_the_same.where(owner != creator)
        taken |= set(await session.scalars(looks_the_same))
    if handle in taken:
        raise InvalidHandle("handle.taken")
    if taken or shape(handle) in _RESERVED:
        raise InvalidHandle("handle.confusable")
