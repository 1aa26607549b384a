"""A person gets a copy of everything kept of them, and is gone from every table when they ask for it."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lastlink_ui.accounts.models import AuditEntry
from lastlink_ui.billing.models import Operation, OperationKind
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import OperationId
from lastlink_ui.db import Database
from lastlink_ui.db.base import metadata
from lastlink_ui.live import MemoryFeed
from lastlink_ui.privacy.rules import ErasureRefusal, ErasureRefused
from lastlink_ui.privacy.service import Privacy
from lastlink_ui.subscribers.courtesy import CourtesyDraft
from lastlink_ui.subscribers.fans import Person, find_or_make
from lastlink_ui.subscribers.lifecycle import RefundStatus
from lastlink_ui.subscribers.lists import Lists
from lastlink_ui.subscribers.models import Fan, Payment
from tests.support.clock import StoppedClock
from tests.support.rows import rows
from tests.support.world import Subscriber, World

CANARIES = (
    "Zuleica Canária",
    "zuleica.canaria",
    "zuleica@canario.example",
    "52998224725",
    "amiga da zuleica",
)


@pytest.fixture
def enqueued() -> list[OperationId]:
    return []


@pytest.fixture
def privacy(database: Database, clock: StoppedClock, enqueued: list[OperationId]) -> Privacy:
    async def enqueue(operation: OperationId) -> None:
        enqueued.append(operation)

    return Privacy(database, clock, MemoryFeed(), enqueue)


@pytest.fixture
async def known(world: World, database: Database, clock: StoppedClock) -> Subscriber:
    """A paying fan with a courtesy beside it, all of it under recognisable names."""
    creator = await world.creator()
    plan = await world.plan(creator)
    fan = await world.fan(creator, CANARIES[0], handle=CANARIES[1], email=CANARIES[2], tax_id=CANARIES[3])
    found = await world.subscriber(plan, fan=fan)
    until = (clock.now() + timedelta(days=9)).date().isoformat()
    await Lists(database, clock, MemoryFeed()).grant_courtesy(
        creator.id, CourtesyDraft(f"@{CANARIES[1]}", CANARIES[0], CANARIES[4], until), _creator(found)
    )
    return found


def _creator(of: Subscriber) -> Actor:
    return Actor(ActorKind.CREATOR, str(of.fan.creator_id))


async def everything(database: Database) -> str:
    """Every value of every table, as text."""
    async with database.reading() as session:
        tables = [(await session.execute(select(table))).all() for table in metadata.tables.values()]
    return str(tables)


async def test_the_copy_has_everything_and_is_plain_json(known: Subscriber, privacy: Privacy) -> None:
    document = await privacy.export_of_fan(known.fan.creator_id, known.fan.id)
    text = json.dumps(document, ensure_ascii=False)
    assert [canary for canary in CANARIES if canary not in text] == []
    assert document["payments"][0]["amount"] == known.payments[0].amount
    assert document["subscriptions"][0]["plan"] == "Mensal"


async def test_nobody_elses_creator_gets_a_copy_or_deletes(
    known: Subscriber, privacy: Privacy, world: World, database: Database
) -> None:
    other = await world.creator()
    for use in (
        privacy.export_of_fan(other.id, known.fan.id),
        privacy.delete_fan(other.id, known.fan.id, _creator(known)),
    ):
        with pytest.raises(NotFound):
            await use
    assert CANARIES[2] in await everything(database)


async def test_deletion_leaves_no_name_anywhere_and_keeps_the_sale(
    known: Subscriber, privacy: Privacy, database: Database, clock: StoppedClock, enqueued: list[OperationId]
) -> None:
    creator, actor = known.fan.creator_id, Actor(ActorKind.FAN, str(known.fan.id))
    await privacy.delete_fan(creator, known.fan.id, actor)
    await privacy.delete_fan(creator, known.fan.id, actor)

    (cancelled,) = await rows(database, Operation)
    assert (cancelled.kind, enqueued) == (OperationKind.CANCEL_NOW, [cancelled.id])
    assert [row.amount for row in await rows(database, Payment)] == [known.payments[0].amount]
    assert [row.action for row in await rows(database, AuditEntry)].count("fan.erased") == 1

    # The profile alone is still there: somebody has to take it out of the list by hand.
    left = await everything(database)
    assert [canary for canary in CANARIES if canary in left] == [CANARIES[1]]
    lists = Lists(database, clock, MemoryFeed())
    (task,) = (await lists.open_tasks(creator)).tasks
    assert (task.handle, task.wish) == (CANARIES[1], "remove")
    await lists.done(creator, task.id, actor)
    assert CANARIES[1] not in await everything(database)


async def test_money_on_its_way_is_waited_for(
    known: Subscriber, privacy: Privacy, database: Database
) -> None:
    async def moving(status: RefundStatus | None) -> None:
        async with database.unit_of_work() as uow:
            await uow.session.execute(update(Payment).values(refund_status=status))

    await moving(RefundStatus.PENDING)
    before = await everything(database)
    with pytest.raises(ErasureRefused) as refused:
        await privacy.delete_fan(known.fan.creator_id, known.fan.id, _creator(known))
    assert refused.value.reason is ErasureRefusal.MONEY_MOVING
    assert await everything(database) == before
    await moving(RefundStatus.SUCCEEDED)
    await privacy.delete_fan(known.fan.creator_id, known.fan.id, _creator(known))
    assert (await rows(database, Fan))[0].email is None


async def test_whoever_comes_back_is_somebody_new(
    known: Subscriber, privacy: Privacy, database: Database, clock: StoppedClock
) -> None:
    creator = known.fan.creator_id
    await privacy.delete_fan(creator, known.fan.id, _creator(known))
    async with database.unit_of_work() as uow:
        # Their profile is still there, to be taken out of the list by hand.
        again = await find_or_make(uow, creator, Person(CANARIES[0], CANARIES[1], CANARIES[2]), clock.now())
    assert again.id != known.fan.id
    assert again.erased_at is None
