"""Events as they arrive: those of the same moment are stored in one transaction."""

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.billing.gateway import Gateways, ProviderEvent
from lastlink_ui.billing.known_news import settle_known
from lastlink_ui.billing.models import InboxEvent
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.crash import CrashPoints
from lastlink_ui.core.ids import new_id
from lastlink_ui.db import Database

_AT_MOST = 100
# Written once: building a statement takes longer than asking it.
# The accounts lead the index: without them everything that was ever told would be looked through.
STORED = select(col(InboxEvent.account), col(InboxEvent.provider_event_id), col(InboxEvent.done_at)).where(
    col(InboxEvent.account).in_(bindparam("accounts", expanding=True)),
    col(InboxEvent.provider_event_id).in_(bindparam("events", expanding=True)),
)
_STORE = insert(InboxEvent)

_Waiting = tuple[ProviderEvent, asyncio.Future[bool]]


class Arrivals:
    """Stores each event once. While one transaction commits, the events of the next one gather.

    An event that nothing has to be done for, or that says what is known already, is done as it is stored.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        gateways: Gateways,
        needs_nothing: Callable[[ProviderEvent], bool],
        crash: CrashPoints,
    ) -> None:
        self._database = database
        self._clock = clock
        self._gateways = gateways
        self._needs_nothing = needs_nothing
        self._crash = crash
        self._waiting: list[_Waiting] = []
        self._storing: asyncio.Task[None] | None = None

    async def store(self, event: ProviderEvent) -> bool:
        """Have the event stored durably; whether there is nothing left to be done for it."""
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append((event, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store_waiting())
        return await stored

    async def _store_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_AT_MOST], self._waiting[_AT_MOST:]
            await self._store_together(batch)

    async def _store_together(self, batch: Sequence[_Waiting], *, is_again: bool = False) -> None:
        """Tell each of the batch what came of it, once that is committed."""
        try:
            done = await self._write([event for event, _ in batch])
        except asyncio.CancelledError:
            for _, stored in batch:
                stored.cancel()
            raise
        except (IntegrityError, DataError) as error:
            if is_again:
                _tell(batch, error)
                return
            # Another process stored one of them meanwhile, and it is found now; or one of them cannot be
            # stored, and is nobody else's trouble.
            for one in batch:
                await self._store_together([one], is_again=True)
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever brought the events
            _tell(batch, error)
        else:
            for event, stored in batch:
                if not stored.done():
                    stored.set_result(done[key_of(event)])

    async def _write(self, events: Sequence[ProviderEvent]) -> dict[tuple[str, str], bool]:
        """Which of them are done, once all of them are committed."""
        says = any(event.says for event in events)
        sharing = await self._gateways.sharing() if says else ()
        async with self._database.unit_of_work() as uow:
            connection = await uow.session.connection()
            done = await stored(connection, events)
            now = self._clock.now()
            fresh = {key_of(event): event for event in events if key_of(event) not in done}
            settled = await settle_known(uow.session, list(fresh.values()), sharing)
            idle = {key for key, event in fresh.items() if self._needs_nothing(event) or event.id in settled}
            rows = [
                {
                    "id": new_id(),
                    "account": account,
                    "provider_event_id": event_id,
                    "type": event.type,
                    "subject": dict(event.subject),
                    "occurred_at": event.created_at,
                    "received_at": now,
                    "done_at": now if (account, event_id) in idle else None,
                    "attempts": 0,
                    "last_error": "",
                }
                # In one order, so that two processes which are told the same never wait in a ring.
                for (account, event_id), event in sorted(fresh.items())
            ]
            if rows:
                await connection.execute(_STORE, rows)
            self._crash.reach("inbox.storing")
        return done | {key: key in idle for key in fresh}


async def stored(connection: AsyncConnection, events: Sequence[ProviderEvent]) -> dict[tuple[str, str], bool]:
    """Those of the events that are stored, by their keys, and whether they are done."""
    keys = {key_of(event) for event in events}
    accounts, ids = zip(*keys, strict=True) if keys else ((), ())
    asked = {"accounts": sorted(set(accounts)), "events": sorted(set(ids))}
    found = {(row[0], row[1]): row[2] is not None for row in await connection.execute(STORED, asked)}
    return {key: done for key, done in found.items() if key in keys}


def key_of(event: ProviderEvent) -> tuple[str, str]:
    """What makes an event one: whose account it happened in, and its id there."""
    return str(event.account or ""), event.id


def _tell(batch: Sequence[_Waiting], error: BaseException) -> None:
    for _, stored in batch:
        if not stored.done():
            stored.set_exception(error)
