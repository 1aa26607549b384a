"""What a fan may do on the own page, and that nothing of it reaches another fan's."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from lastlink_ui.billing.checkouts import Checkouts
from lastlink_ui.billing.models import Operation, OperationKind, OperationStatus
from lastlink_ui.billing.service import BillingService
from lastlink_ui.billing.stripe_gateway import StripeGateway
from lastlink_ui.billing.withdrawals import Withdrawals
from lastlink_ui.core.actor import ActorKind
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import FanLinkId, FanSessionId, OperationId, new_id
from lastlink_ui.db import Database
from lastlink_ui.db.base import metadata
from lastlink_ui.fan_page.access import FanAccess, SignedInFan
from lastlink_ui.fan_page.models import FanLink
from lastlink_ui.fan_page.service import FanPage
from lastlink_ui.live import MemoryFeed
from lastlink_ui.privacy.service import Privacy
from lastlink_ui.subscribers.lifecycle import Method, PaymentStatus
from lastlink_ui.subscribers.rules import ActionRefused
from tests.support.clock import StoppedClock
from tests.support.one_account import OneAccount
from tests.support.rows import rows
from tests.support.world import Subscriber, World, paid

Try = Callable[[FanPage, SignedInFan, Subscriber], Coroutine[Any, Any, object]]


async def _nowhere(_: OperationId) -> None:
    """The worker is elsewhere."""


@pytest.fixture
def access(database: Database, clock: StoppedClock) -> FanAccess:
    return FanAccess(database, clock, clock, "secret", "http://localhost:3000")


@pytest.fixture
def own(database: Database, clock: StoppedClock, access: FanAccess) -> FanPage:
    """No provider answers: whatever asks one must have looked first whose it is."""
    feed, gateways = MemoryFeed(), OneAccount(StripeGateway("sk_test_x", "http://127.0.0.1:9"))
    checkouts = Checkouts(database, clock, gateways, "secret", "http://localhost:3000")
    return FanPage(
        database,
        clock,
        gateways,
        BillingService(database, clock, feed, _nowhere, checkouts),
        Withdrawals(database, clock, feed, _nowhere),
        Privacy(database, clock, feed, _nowhere),
        access,
        "http://localhost:3000",
    )


def signed_in(*them: Subscriber) -> SignedInFan:
    """The person behind these subscriptions."""
    fans = tuple((each.fan.creator_id, each.fan.id) for each in them)
    return SignedInFan(FanSessionId(new_id()), them[0].fan.email or "", fans)


TRIES: dict[str, Try] = {
    "cancel": lambda page, fan, it: page.cancel(fan, it.subscription.id),
    "undo": lambda page, fan, it: page.undo_cancel(fan, it.subscription.id),
    "change plan": lambda page, fan, it: page.change_plan(fan, it.subscription.id, it.subscription.plan_id),
    "withdraw": lambda page, fan, it: page.withdraw(fan, it.subscription.id, "uma conta minha"),
    "card page": lambda page, fan, it: page.card_page(fan, it.subscription.id),
    "receipt": lambda page, fan, it: page.receipt(fan, it.payments[0].id),
    "delete": lambda page, fan, it: page.delete(fan, it.fan.creator_id),
}


async def test_anothers_is_not_found_and_nothing_is_written(
    own: FanPage, world: World, database: Database
) -> None:
    plan, elsewhere = await world.plan(await world.creator()), await world.plan(await world.creator())
    mine, theirs, stranger = [
        await world.subscriber(plan),
        await world.subscriber(plan),
        await world.subscriber(elsewhere),
    ]

    async def everything() -> str:
        async with database.reading() as session:
            return str([(await session.execute(select(table))).all() for table in metadata.tables.values()])

    before, me = await everything(), signed_in(mine)
    for name, attempt in TRIES.items():
        for other in (stranger,) if name == "delete" else (theirs, stranger):
            with pytest.raises(NotFound):
                await attempt(own, me, other)
    assert await everything() == before
    assert [each.id for each in await own.holdings(me)] == [mine.subscription.id]
    assert str(theirs.fan.email) not in str(await own.export(me))

    # The same attempts do something where they may.
    assert (await own.receipt(me, mine.payments[0].id)).amount == plan.amount
    await own.cancel(me, mine.subscription.id)
    assert await everything() != before


async def test_what_may_be_done_follows_from_where_it_stands(
    own: FanPage, world: World, clock: StoppedClock, database: Database
) -> None:
    plan = await world.plan(await world.creator(), access_text="Peça para seguir @ana.vip")
    now = clock.now()
    waits = paid(plan, now, method=Method.BOLETO, status=PaymentStatus.PENDING, paid_at=None, due_at=now)
    card, canceled, unpaid = [
        await world.subscriber(plan),
        await world.subscriber(plan, cancel_at_period_end=True),
        await world.subscriber(plan, method=Method.BOLETO, payments=[waits]),
    ]
    me = signed_in(card, canceled, unpaid)
    found = {each.id: each for each in await own.holdings(me)}

    def may(of: Subscriber) -> tuple[bool, bool, bool, bool]:
        it = found[of.subscription.id]
        return it.can_cancel, it.can_undo, it.can_change_card, it.withdraw_until is not None

    assert may(card) == (True, False, True, True)
    assert may(canceled) == (False, True, False, True)
    assert may(unpaid) == (True, False, False, False)
    assert found[card.subscription.id].access_text == "Peça para seguir @ana.vip"
    assert found[unpaid.subscription.id].access_text == ""

    await own.cancel(me, unpaid.subscription.id)  # nothing was paid: there is no period to wait for
    with pytest.raises(ActionRefused):
        await own.cancel(me, canceled.subscription.id)
    (operation,) = await rows(database, Operation)
    assert operation.kind is OperationKind.CANCEL_NOW
    found = {each.id: each for each in await own.holdings(me)}
    assert may(unpaid) == (False, False, False, False)  # while it is under way


async def test_whoever_is_forgotten_by_one_creator_stays_in_for_the_others(
    own: FanPage, access: FanAccess, world: World, database: Database
) -> None:
    one, other = [
        await world.subscriber(await world.plan(await world.creator()), email="bia@example.com")
        for _ in range(2)
    ]
    await access.send_link("bia@example.com")
    (link,) = await rows(database, FanLink)
    session = await access.enter(access.link_address(FanLinkId(link.id)).rpartition("/")[2])
    for left, forgotten in ((2, one), (1, other)):
        me = await access.session(session)
        assert me
        assert len(me.fans) == left
        await own.delete(me, forgotten.fan.creator_id)
    assert await access.session(session) is None


async def test_what_was_refused_is_told_until_something_else_is_asked_for_or_a_week_is_over(
    own: FanPage, world: World, clock: StoppedClock, database: Database
) -> None:
    mine = await world.subscriber(await world.plan(await world.creator()), cancel_at_period_end=True)
    me, subscription = signed_in(mine), mine.subscription

    async def told() -> OperationKind | None:
        (holding,) = await own.holdings(me)
        return holding.refused

    async def refuse_the_last() -> None:
        async with database.unit_of_work() as uow:
            refused = {"status": OperationStatus.REFUSED, "unique_key": None}
            await uow.session.execute(update(Operation).values(refused))

    await own.undo_cancel(me, subscription.id)
    assert await told() is None  # it is under way
    await refuse_the_last()
    assert await told() is OperationKind.UNDO_CANCEL
    clock.move(timedelta(minutes=1))
    await own.undo_cancel(me, subscription.id)
    assert await told() is None
    await refuse_the_last()
    clock.move(timedelta(days=7))
    assert await told() is None
    # What a creator asked for is the creator's to hear of.
    async with database.unit_of_work() as uow:
        await uow.session.execute(update(Operation).values(requested_at=clock.now()))
    assert await told() is OperationKind.UNDO_CANCEL
    async with database.unit_of_work() as uow:
        await uow.session.execute(update(Operation).values(actor_kind=ActorKind.CREATOR))
    assert await told() is None
