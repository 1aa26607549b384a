"""Withdrawing within seven days: a card through the provider, a boleto by the creator's own hand."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from lastlink_ui.accounts.models import AuditEntry
from lastlink_ui.billing.models import MailKind, Operation, OperationKind, OutboxMail, Withdrawal
from lastlink_ui.billing.withdrawal_terms import WithdrawalTerms
from lastlink_ui.billing.withdrawals import Withdrawals
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.errors import InvalidInput, NotFound
from lastlink_ui.core.ids import OperationId
from lastlink_ui.core.period import add_months
from lastlink_ui.db import Database
from lastlink_ui.db.base import metadata
from lastlink_ui.live import MemoryFeed
from lastlink_ui.subscribers.history import Happening
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.subscribers.lists import Lists
from lastlink_ui.subscribers.models import Fan, Subscription, SubscriptionChange
from lastlink_ui.subscribers.rules import ActionRefused, WithdrawRefusal
from tests.billing.conftest import Billing, Sale, event, sell
from tests.support.clock import StoppedClock
from tests.support.rows import rows
from tests.support.sandbox import Sandbox
from tests.support.world import Subscriber, World, paid

_ACCOUNT = "beatriz@pix.example"


async def _nowhere(_: OperationId) -> None:
    """The worker is elsewhere."""


def _fan(of: Subscription) -> Actor:
    return Actor(ActorKind.FAN, str(of.fan_id))


@pytest.fixture
def withdrawals(database: Database, clock: StoppedClock) -> Withdrawals:
    return Withdrawals(database, clock, MemoryFeed(), _nowhere)


@pytest.fixture
async def boleto(world: World) -> Subscriber:
    """A boleto that was paid two days ago."""
    creator = await world.creator()
    return await world.subscriber(await world.plan(creator), method=Method.BOLETO)


async def test_a_card_goes_back_once_however_often_it_is_asked(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    row = await billing.subscription(sale.provider_id)
    withdrawals = Withdrawals(billing.database, billing.clock, billing.feed, _nowhere)
    asked = await asyncio.gather(
        *(withdrawals.withdraw(sale.creator.id, row.id, _fan(row)) for _ in range(3))
    )
    assert len({each.protocol for each in asked}) == 1
    await billing.carry_out()
    again = await withdrawals.withdraw(sale.creator.id, row.id, _fan(row))
    assert again.protocol == asked[0].protocol

    row = await billing.subscription(sale.provider_id)
    assert (row.status, row.in_list) == (Status.REFUNDED, False)
    assert row.access_until
    assert row.access_until <= billing.clock.now()
    (operation,) = await rows(billing.database, Operation)
    assert operation.kind is OperationKind.REFUND
    assert len([r for r in sandbox.refunds() if r["metadata"]["operation_id"] == str(operation.id)]) == 1
    told = await rows(billing.database, SubscriptionChange)
    assert [(c.what, c.actor_kind) for c in told if c.what is Happening.WITHDRAWN] == [
        (Happening.WITHDRAWN, ActorKind.FAN)
    ]
    mails = [mail.kind for mail in await rows(billing.database, OutboxMail)]
    assert mails.count(MailKind.WITHDRAWN) == 1


async def test_a_refund_that_fails_in_the_end_becomes_a_transfer(
    billing: Billing, real_world: World, sandbox: Sandbox
) -> None:
    sale = await sell(billing, real_world, sandbox, card="4000 0000 0000 5126")
    row = await billing.subscription(sale.provider_id)
    withdrawals = Withdrawals(billing.database, billing.clock, billing.feed, _nowhere)
    await withdrawals.withdraw(sale.creator.id, row.id, _fan(row))
    await billing.carry_out()
    await withdrawals.withdraw(sale.creator.id, row.id, _fan(row), _ACCOUNT)
    assert await withdrawals.transfers(sale.creator.id) == []  # the money is on its way to the card

    (operation,) = await rows(billing.database, Operation)
    (refund,) = (r for r in sandbox.refunds() if r["metadata"]["operation_id"] == str(operation.id))
    sandbox.act("hurry", refund["id"])
    await billing.inbox.take(event(sale.provider_id, "refund.failed"))
    await withdrawals.withdraw(sale.creator.id, row.id, _fan(row), _ACCOUNT)
    (owed,) = await withdrawals.transfers(sale.creator.id)
    assert (owed.account, owed.amount) == (_ACCOUNT, row.amount)


async def test_a_boleto_is_owed_until_the_creator_has_transferred_it(
    boleto: Subscriber, withdrawals: Withdrawals, database: Database, world: World, clock: StoppedClock
) -> None:
    creator, mine = boleto.fan.creator_id, boleto.subscription
    with pytest.raises(InvalidInput):
        await withdrawals.withdraw(creator, mine.id, _fan(mine))
    assert await rows(database, Withdrawal) == []
    made = await withdrawals.withdraw(creator, mine.id, _fan(mine), "conta errada")
    await withdrawals.withdraw(creator, mine.id, _fan(mine))
    await withdrawals.withdraw(creator, mine.id, _fan(mine), f"  {_ACCOUNT} \u202e")
    (operation,) = await rows(database, Operation)
    assert operation.kind is OperationKind.CANCEL_NOW

    lists = Lists(database, clock, MemoryFeed())
    assert await lists.count(creator) == 1
    stranger = await world.creator()
    assert await withdrawals.transfers(stranger.id) == []
    by = Actor(ActorKind.CREATOR, str(creator))
    with pytest.raises(NotFound):
        await withdrawals.transferred(stranger.id, made.id, by)
    (owed,) = await withdrawals.transfers(creator)
    assert (owed.protocol, owed.account, owed.amount) == (made.protocol, _ACCOUNT, boleto.payments[0].amount)

    for _ in range(2):
        await withdrawals.transferred(creator, made.id, by)
    assert (await withdrawals.transfers(creator), await lists.count(creator)) == ([], 0)
    assert (await rows(database, Fan))[0].transfer_to is None
    assert [mail.kind for mail in await rows(database, OutboxMail)] == [
        MailKind.WITHDRAWN,
        MailKind.TRANSFERRED,
    ]
    actions = [entry.action for entry in await rows(database, AuditEntry)]
    assert [a for a in actions if a.startswith("withdrawal")] == [
        "withdrawal.withdrawn",
        "withdrawal.transferred",
    ]


async def test_after_the_seventh_day_nothing_happens(
    boleto: Subscriber, withdrawals: Withdrawals, database: Database, clock: StoppedClock
) -> None:
    async def everything() -> str:
        async with database.reading() as session:
            return str([(await session.execute(select(table))).all() for table in metadata.tables.values()])

    before = await everything()
    clock.move(timedelta(days=6))  # it began two days ago
    with pytest.raises(ActionRefused) as refused:
        await withdrawals.withdraw(
            boleto.fan.creator_id, boleto.subscription.id, _fan(boleto.subscription), _ACCOUNT
        )
    assert refused.value.reason is WithdrawRefusal.OVER
    assert await everything() == before
    clock.move(timedelta(days=-1))
    assert await withdrawals.withdraw(
        boleto.fan.creator_id, boleto.subscription.id, _fan(boleto.subscription), _ACCOUNT
    )


async def test_a_renewal_goes_back_where_the_creator_covers_it_and_nowhere_else(
    world: World, withdrawals: Withdrawals, database: Database, clock: StoppedClock
) -> None:
    creator, began = await world.creator(), clock.now() - timedelta(days=33)
    plan = await world.plan(creator)
    renewed = add_months(began, 1)
    first, renewal = (paid(plan, at, method=Method.BOLETO) for at in (began, renewed))
    row = await world.subscriber(plan, method=Method.BOLETO, started_at=began, payments=[first, renewal])
    by, mine = Actor(ActorKind.CREATOR, str(creator.id)), row.subscription
    terms = WithdrawalTerms(database, clock, MemoryFeed())
    assert not await terms.covers_renewals(creator.id)
    for on in (True, True, False):
        await terms.cover_renewals(creator.id, by, on=on)
        assert await terms.covers_renewals(creator.id) is on
    stranger = await world.creator()
    await terms.cover_renewals(stranger.id, by, on=True)
    with pytest.raises(ActionRefused) as refused:
        await withdrawals.withdraw(creator.id, mine.id, _fan(mine), _ACCOUNT)
    assert refused.value.reason is WithdrawRefusal.OVER

    await terms.cover_renewals(creator.id, by, on=True)
    made = await withdrawals.withdraw(creator.id, mine.id, _fan(mine), _ACCOUNT)
    assert made.payment_id == row.payments[-1].id
    entries = await rows(database, AuditEntry)
    chosen = [each.action for each in entries if each.creator_id == creator.id and "renewals" in each.action]
    assert chosen == ["withdrawal.renewals_on", "withdrawal.renewals_off", "withdrawal.renewals_on"]


async def test_a_covered_renewal_is_refused_after_its_seventh_day(
    world: World, withdrawals: Withdrawals, database: Database, clock: StoppedClock
) -> None:
    creator, began = await world.creator(), clock.now() - timedelta(days=33)
    plan = await world.plan(creator)
    row = await world.subscriber(
        plan, started_at=began, payments=[paid(plan, began), paid(plan, add_months(began, 1))]
    )
    by, mine = Actor(ActorKind.CREATOR, str(creator.id)), row.subscription
    await WithdrawalTerms(database, clock, MemoryFeed()).cover_renewals(creator.id, by, on=True)
    clock.move(timedelta(days=8))
    with pytest.raises(ActionRefused) as refused:
        await withdrawals.withdraw(creator.id, mine.id, _fan(mine), _ACCOUNT)
    assert refused.value.reason is WithdrawRefusal.OVER
