"""A creator with one of everything, each thing recognisable wherever it turns up."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts import sessions
from lastlink_ui.accounts.service import Accounts
from lastlink_ui.accounts.sessions import token_hash
from lastlink_ui.core.clock import SystemClock
from lastlink_ui.core.ids import CreatorId, FanId
from lastlink_ui.db import Database
from lastlink_ui.db.base import metadata
from lastlink_ui.fan_page.access import LINK_LIFE, FanAccess
from lastlink_ui.fan_page.models import FanLink
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.subscribers.models import ListTask, Wish
from tests.support.behind import in_database
from tests.support.server import Server
from tests.support.world import World

_SECRETS = (
    "Nome Secreto {}",
    "Outra Secreta {}",
    "fa.secreta.{}@",
    "{}.secreta@",
    "acesso-secreto-{}",
    "perfil.secreto.{}",
)
PASSWORD = "uma-senha-bem-comprida"


@dataclass(frozen=True, slots=True)
class Tenant:
    """One creator of a running program."""

    server: Server
    creator: CreatorId
    handle: str
    email: str
    ids: Mapping[str, uuid.UUID]
    """Of one subscription, plan, fan, payment, task and session."""
    secrets: Sequence[str]
    """What nobody else may ever be told."""

    @classmethod
    def opened(cls, server: Server, handle: str) -> "Tenant":
        """A new creator with two subscribers, one of whom waits to be added to the list."""
        email = f"{handle}.secreta@example.com"

        async def make(database: Database) -> "Tenant":
            clock = SystemClock()
            creator_id = await Accounts(database, clock).create_creator(email, PASSWORD, handle, handle)
            world = World(database, clock)
            creator = await Accounts(database, clock).creator_by_handle(handle)
            assert creator is not None
            plan = await world.plan(creator, access_text=f"acesso-secreto-{handle}")  # pyright: ignore[reportArgumentType] - has the id
            one = await world.subscriber(
                plan,
                f"Nome Secreto {handle}",
                handle=f"perfil.secreto.{handle}"[:30],
                email=f"fa.secreta.{handle}@example.com",
                wish=Wish.ADD,
            )
            await world.subscriber(plan, f"Outra Secreta {handle}", method=Method.BOLETO)
            async with database.unit_of_work() as uow:
                _, session = sessions.start(uow, creator_id, "", clock.now())
                mine = col(ListTask.creator_id) == creator_id
                task = await uow.session.scalar(select(col(ListTask.id)).where(mine))
            assert task is not None
            ids = {
                "subscription": one.subscription.id,
                "plan": plan.id,
                "fan": one.fan.id,
                "payment": one.payments[0].id,
                "task": task,
                "session": session,
            }
            return cls(server, creator_id, handle, email, ids, [each.format(handle) for each in _SECRETS])

        return in_database(server.database_url, make)

    def session(self) -> str:
        """The token of a new session."""

        async def start(database: Database) -> str:
            async with database.unit_of_work() as uow:
                return sessions.start(uow, self.creator, "", SystemClock().now())[0]

        return in_database(self.server.database_url, start)

    def fan_session(self) -> str:
        """The token of a new session of this creator's fan, entered by a link."""

        async def enter(database: Database) -> str:
            clock = SystemClock()
            access = FanAccess(database, clock, clock, "secret", self.server.origin)
            async with database.unit_of_work() as uow:
                link = FanLink(
                    fan_id=FanId(self.ids["fan"]),
                    token_hash=token_hash(token := secrets.token_urlsafe()),
                    created_at=clock.now(),
                    expires_at=clock.now() + LINK_LIFE,
                )
                uow.session.add(link)
            return await access.enter(token)

        return in_database(self.server.database_url, enter)

    def belongings(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of this creator's in every table but the sessions, which are made as they are used."""

        async def read(database: Database) -> dict[str, list[tuple[Any, ...]]]:
            found: dict[str, list[tuple[Any, ...]]] = {}
            async with database.reading() as reading:
                for name, table in metadata.tables.items():
                    owner = table.c.get("creator_id", table.c.id if name == "creators" else None)
                    if owner is not None and name != "sessions":
                        rows = await reading.execute(select(table).where(owner == self.creator))
                        found[name] = sorted((tuple(row) for row in rows), key=str)
            return found

        return in_database(self.server.database_url, read)
