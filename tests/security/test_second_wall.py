"""PostgreSQL shows a creator's transaction that creator's rows alone, also where a query forgets whose."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlmodel import col

from lastlink_ui.accounts import cookies
from lastlink_ui.accounts.models import AuditEntry, Creator
from lastlink_ui.core.actor import ActorKind
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.owner import see_only
from lastlink_ui.db import Database
from lastlink_ui.db.base import metadata
from lastlink_ui.db.wall import ROLE
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.models import Fan
from lastlink_ui.subscribers.queries import Subscribers
from tests.security.tenants import Tenant
from tests.security.test_isolation import try_everything
from tests.support.clock import StoppedClock
from tests.support.postgres import Postgres
from tests.support.server import running_server
from tests.support.world import World

on_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"])
Result = TypeVar("Result")

# Asked about everybody's, or found by a secret; the others are nothing that a creator's pages work with.
SHARED = {"creators", "former_handles", "one_time_links"}
OUT_OF_REACH = {"inbox", "provider_readings", "provider_calls", "fan_links", "fan_sessions"}


@pytest.fixture
async def tenants(world: World) -> tuple[Creator, Creator]:
    """Two creators with subscribers."""
    ana, bia = await world.creator("ana"), await world.creator("bia")
    for creator, name in ((ana, "Fã da Ana"), (bia, "Fã da Bia")):
        await world.subscriber(await world.plan(creator), name)
    return ana, bia


async def working_for(creator: CreatorId | None, work: Callable[[], Awaitable[Result]]) -> Result:
    """What `work` gives in a task that works for `creator`, or for the installation."""

    async def task() -> Result:
        if creator is not None:
            see_only(creator)
        return await work()

    return await asyncio.create_task(task(), context=contextvars.Context())


@on_postgresql
async def test_a_query_that_forgets_whose_it_wants_gets_ones_own(
    database: Database, tenants: tuple[Creator, Creator]
) -> None:
    async def names() -> list[str]:
        async with database.reading() as session:
            return sorted(await session.scalars(select(col(Fan.name))))

    assert await working_for(None, names) == ["Fã da Ana", "Fã da Bia"]
    for creator, name in zip(tenants, ("Fã da Ana", "Fã da Bia"), strict=True):
        assert await working_for(creator.id, names) == [name]


@pytest.mark.parametrize("typed", ["", "bia", "fa", "f"])
@on_postgresql
async def test_a_page_that_asks_for_anothers_gets_nothing(
    database: Database, clock: StoppedClock, tenants: tuple[Creator, Creator], typed: str
) -> None:
    """The first wall is off: the page believes that it is Bia's, while Ana is signed in."""
    ana, bia = tenants
    subscribers = Subscribers(database, clock)

    async def shown() -> list[str]:
        page = await subscribers.page(bia.id, Filters(q=typed))
        return [row.name for row in page.rows]

    assert await working_for(bia.id, shown) == ["Fã da Bia"]
    assert await working_for(None, shown) == ["Fã da Bia"]
    assert await working_for(ana.id, shown) == []


@on_postgresql
async def test_nothing_of_anothers_is_written(database: Database, tenants: tuple[Creator, Creator]) -> None:
    ana, bia = tenants

    async def change() -> tuple[int, int]:
        async with database.unit_of_work() as uow:
            taken = await uow.session.execute(
                update(Fan).where(col(Fan.name) == "Fã da Bia").values(creator_id=ana.id)
            )
            gone = await uow.session.execute(delete(Fan).where(col(Fan.name) == "ninguém"))
            return (getattr(taken, "rowcount", -1), getattr(gone, "rowcount", -1))

    assert await working_for(ana.id, change) == (0, 0)

    async def forge() -> None:
        async with database.unit_of_work() as uow:
            uow.session.add(
                AuditEntry(
                    creator_id=bia.id, actor_kind=ActorKind.CREATOR, action="forged", at=bia.created_at
                )
            )

    with pytest.raises(ProgrammingError, match="row-level security"):
        await working_for(ana.id, forge)
    await working_for(bia.id, forge)


@on_postgresql
async def test_every_table_stands_on_one_side_or_the_other(database: Database) -> None:
    """A new table has to say where it belongs."""
    async with database.reading() as session:
        walled = set(await session.scalars(text("SELECT tablename FROM pg_policies")))
        granted = await session.scalars(
            text("SELECT table_name FROM information_schema.role_table_grants WHERE grantee = :role"),
            {"role": ROLE},
        )
        reachable = set(granted)
    tables = set(metadata.tables)
    assert tables - walled - SHARED - OUT_OF_REACH == set()
    assert walled & (SHARED | OUT_OF_REACH) == set()
    assert reachable == walled | SHARED | {"fans_searched"}
    assert {name for name in walled if "creator_id" not in metadata.tables[name].c} == set()


@on_postgresql
async def test_the_wall_ends_with_the_task(database: Database, tenants: tuple[Creator, Creator]) -> None:
    """Connections are used again: what one task may see must not stay on them."""

    async def who() -> Any:  # noqa: ANN401 - a role's name
        async with database.reading() as session:
            return await session.scalar(select(func.current_user()))

    assert await working_for(tenants[0].id, who) == ROLE
    assert await working_for(None, who) != ROLE


def test_the_program_works_behind_it(postgres: Postgres, tmp_path: Path) -> None:
    """Every handler of a creator, tried with the creator's own: nothing is out of reach by mistake."""
    url = postgres.new_database(migrated=False)
    with running_server(tmp_path, demo=False, env={"LASTLINK_DATABASE_URL": url}) as server:
        owner = Tenant.opened(server, "dona")
        cookie = {"cookie": f"{cookies.SESSION}={owner.session()}", "origin": server.origin}
        sheet = httpx.get(f"{server.origin}/exportar/assinantes.csv", headers=cookie)
        assert "Nome Secreto dona" in sheet.text
        for page in try_everything(server, owner, owner.session()):
            page.__exit__(None, None, None)
        refused = [line for line in server.log.splitlines() if '"level": "error"' in line]
        assert refused == []
        assert owner.belongings()
