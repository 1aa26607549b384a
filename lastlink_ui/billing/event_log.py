"""What came into the inbox: listed for whoever runs the program, and told again where it failed."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.billing.gateway import ProviderEvent
from lastlink_ui.billing.models import InboxEvent
from lastlink_ui.core.ids import CreatorId, parse_id
from lastlink_ui.db import Database


class EventLog:
    """Reads the inbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self, limit: int, *, unfinished: bool = False) -> Sequence[InboxEvent]:
        """The events that came in last, the newest first; of `unfinished` ones alone if so wanted."""
        wanted = select(InboxEvent).order_by(col(InboxEvent.received_at).desc()).limit(limit)
        if unfinished:
            wanted = wanted.where(col(InboxEvent.done_at).is_(None))
        async with self._database.reading() as session:
            return (await session.scalars(wanted)).all()

    async def unfinished(self) -> Sequence[InboxEvent]:
        """Every event that has no effect yet, the oldest first."""
        async with self._database.reading() as session:
            found = await session.scalars(
                select(InboxEvent)
                .where(col(InboxEvent.done_at).is_(None))
                .order_by(col(InboxEvent.received_at))
            )
            return found.all()

    async def called(self, provider_event_id: str) -> Sequence[InboxEvent]:
        """The event of that id in each account that has one; none where it never came."""
        async with self._database.reading() as session:
            found = await session.scalars(
                select(InboxEvent).where(col(InboxEvent.provider_event_id) == provider_event_id)
            )
            return found.all()


def as_told(row: InboxEvent) -> ProviderEvent:
    """The event as the provider told it, as far as it was kept."""
    account = parse_id(row.account)
    return ProviderEvent(
        row.provider_event_id,
        row.type,
        row.occurred_at,
        {str(name): str(value) for name, value in row.subject.items()},
        CreatorId(account) if account else None,
    )
