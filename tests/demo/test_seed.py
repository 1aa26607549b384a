from collections import defaultdict
from collections.abc import Generator
from datetime import UTC, datetime
from typing import cast

import pytest
from sqlalchemy import Table, func, inspect, select
from sqlmodel import col

from lastlink_ui.accounts.service import Accounts
from lastlink_ui.core.clock import SystemClock
from lastlink_ui.core.ids import SubscriptionId
from lastlink_ui.db import Database
from lastlink_ui.demo.account import DEMO_EMAIL, DEMO_PASSWORD
from lastlink_ui.demo.seeding import has_demo, seed
from lastlink_ui.subscribers.counters import recount
from lastlink_ui.subscribers.lifecycle import Method, PaymentFacts, Status, facts_of, standing
from lastlink_ui.subscribers.models import (
    Entitlement,
    Fan,
    ListTask,
    Membership,
    MembershipReason,
    Payment,
    Subscription,
)
from lastlink_ui.subscribers.normalise import normalise_handle, search_text, sort_name
from lastlink_ui.subscribers.recording import facts_in
from tests.support.clock import StoppedClock
from tests.support.sandbox import Sandbox, running_sandbox

SIZE = 300


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Generator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
async def demo(database: Database, sandbox: Sandbox) -> datetime:
    """The demo in `database`; when it was made."""
    clock = StoppedClock(SystemClock().now())
    assert await seed(database, clock, sandbox.origin, subscribers=SIZE) == SIZE
    return clock.now()


async def test_what_is_kept_follows_from_the_facts(database: Database, demo: datetime) -> None:
    await expect_consistent(database, demo, SIZE)


async def test_stories_told_again_are_as_consistent_and_of_other_people(
    database: Database,
) -> None:
    clock = StoppedClock(SystemClock().now())
    assert await seed(database, clock, None, subscribers=175, block=40) == 175
    await expect_consistent(database, clock.now(), 175)
    async with database.reading() as session:
        fans = (await session.scalars(select(Fan))).all()
        tables = [Payment.provider_invoice_id, Subscription.provider_subscription_id, Payment.id]
        for column in tables:
            values = (await session.scalars(select(col(column)))).all()
            assert len(set(values)) == len(values)
        indexes = await session.run_sync(lambda sync: inspect(sync.connection()).get_indexes("subscriptions"))
    assert len({fan.handle for fan in fans}) == len({fan.email for fan in fans}) == len(fans)
    assert len({fan.name for fan in fans}) > 120
    assert all(normalise_handle(fan.handle) == fan.handle for fan in fans)
    assert all(fan.search_text == search_text(fan.name, fan.handle, fan.email) for fan in fans)
    assert all(fan.sort_name == sort_name(fan.name) for fan in fans)
    assert len(indexes) == len(cast("Table", inspect(Subscription).local_table).indexes)
    async with database.unit_of_work() as uow:
        assert await recount(uow, fans[0].creator_id) == []


async def expect_consistent(database: Database, demo: datetime, size: int) -> None:
    async with database.reading() as session:
        subscriptions = (await session.scalars(select(Subscription))).all()
        payments: defaultdict[SubscriptionId, list[PaymentFacts]] = defaultdict(list)
        for payment in await session.scalars(select(Payment)):
            payments[payment.subscription_id].append(facts_in(payment))
        entitlements = (await session.scalars(select(Entitlement))).all()
        memberships = (await session.scalars(select(Membership))).all()
        assert len(subscriptions) == size
        entitled_until = {each.subscription_id: each.ends_at for each in entitlements}
        for subscription in subscriptions:
            facts = facts_of(
                cancel_at_period_end=subscription.cancel_at_period_end,
                canceled_at=subscription.canceled_at,
                ended_at=subscription.ended_at,
                payments=payments[subscription.id],
            )
            stands = standing(facts)
            assert subscription.status is stands.status
            assert subscription.access_until == stands.access_until
            assert entitled_until.get(subscription.id) == stands.entitled_until
            instants = [subscription.started_at, subscription.canceled_at, subscription.ended_at]
            instants += [payment.paid_at for payment in facts.payments]
            assert all(instant <= demo for instant in instants if instant)
        entitled = {each.fan_id for each in entitlements if each.starts_at <= demo < each.ends_at}
        for membership in memberships:
            by_creator = membership.reason is MembershipReason.REMOVED_BY_CREATOR
            assert membership.in_list == (membership.fan_id in entitled and not by_creator)
        in_list = {each.fan_id: each.in_list for each in memberships}
        assert all(each.in_list == in_list.get(each.fan_id, False) for each in subscriptions)


async def test_there_is_some_of_everything(database: Database, demo: datetime) -> None:
    async with database.reading() as session:
        statuses = set(await session.scalars(select(col(Subscription.status))))
        methods = set(await session.scalars(select(col(Subscription.method))))
        tasks = (await session.scalars(select(ListTask))).all()
        handles = await session.scalar(select(func.count(func.distinct(col(Fan.handle)))))
        fans = await session.scalar(select(func.count()).select_from(Fan))
        inside = await session.scalar(
            select(func.count())
            .select_from(Subscription)
            .where(col(Subscription.status) == Status.CANCELED, col(Subscription.access_until) > demo)
        )
    assert statuses == set(Status)
    assert methods == {Method.CARD, Method.BOLETO}
    assert {task.done_at is None for task in tasks} == {True, False}
    assert handles == fans
    assert inside


async def test_the_counters_are_right(database: Database, demo: datetime) -> None:
    assert demo
    async with database.unit_of_work() as uow:
        creator = (await uow.session.scalars(select(col(Subscription.creator_id)))).first()
        assert creator
        assert await recount(uow, creator) == []


async def test_the_sandbox_knows_the_same_payments(
    database: Database, demo: datetime, sandbox: Sandbox
) -> None:
    assert demo
    async with database.reading() as session:
        payments = (await session.scalars(select(Payment).limit(20))).all()
        for payment in payments:
            invoice = sandbox.get(f"/v1/invoices/{payment.provider_invoice_id}")
            assert invoice["total"] == payment.amount
            assert (invoice["status"] == "paid") == (payment.paid_at is not None)


async def test_the_demo_creator_can_sign_in(database: Database, demo: datetime) -> None:
    accounts = Accounts(database, StoppedClock(demo))
    token = await accounts.sign_in(DEMO_EMAIL, DEMO_PASSWORD, "test")
    signed_in = await accounts.session(token)
    assert signed_in
    assert signed_in.handle == "anademo"


async def test_each_further_time_adds_that_many(database: Database, demo: datetime, sandbox: Sandbox) -> None:
    assert await has_demo(database)
    for size in (10, 15):
        assert await seed(database, StoppedClock(demo), sandbox.origin, subscribers=size) == size
    async with database.unit_of_work() as uow:
        assert await uow.session.scalar(select(func.count()).select_from(Subscription)) == SIZE + 25
        creator = (await uow.session.scalars(select(col(Subscription.creator_id)))).first()
        assert creator
        assert await recount(uow, creator) == []


async def test_the_same_seed_makes_the_same_people(new_database_url: object, sandbox: Sandbox) -> None:
    assert callable(new_database_url)
    now = StoppedClock(datetime(2026, 11, 22, 15, tzinfo=UTC))
    made: list[list[object]] = []
    for number in (7, 7, 8):
        database = Database(str(new_database_url()))
        await seed(database, now, sandbox.origin, subscribers=40, seed=number)
        async with database.reading() as session:
            rows = await session.execute(
                select(
                    col(Subscription.id), col(Fan.name), col(Subscription.status), col(Subscription.in_list)
                )
                .join(Fan, col(Fan.id) == col(Subscription.fan_id))
                .order_by(col(Subscription.id))
            )
            made.append([tuple(row) for row in rows])
        await database.dispose()
    assert made[0] == made[1] != made[2]
