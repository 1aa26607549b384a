"""Refund, cancel, remove and re-add against the real sandbox, on both databases."""

import asyncio

import pytest

from lastlink_ui.accounts.models import AuditEntry
from lastlink_ui.billing import requesting
from lastlink_ui.billing.models import Operation, OperationStatus, ProviderCall
from lastlink_ui.core.errors import NotFound
from lastlink_ui.db import UnitOfWork
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.subscribers.models import ListTask, Membership, MembershipChange, Payment, Wish
from lastlink_ui.subscribers.rules import (
    ActionRefused,
    CancelRefusal,
    ReaddRefusal,
    RefundRefusal,
    RemoveRefusal,
    UndoRefusal,
)
from tests.billing.conftest import Billing, Sale, event
from tests.support.rows import count, rows
from tests.support.sandbox import Sandbox
from tests.support.world import World


async def _intent(billing: Billing, sale: Sale) -> str:
    row = await billing.subscription(sale.provider_id)
    async with billing.database.reading() as session:
        payment = await session.get_one(Payment, row.last_payment_id)
        assert payment.provider_payment_intent_id
        return payment.provider_payment_intent_id


async def _cancelled(billing: Billing, sale: Sale) -> None:
    row = await billing.subscription(sale.provider_id)
    await billing.service.cancel(sale.creator.id, row.id, sale.actor)
    await billing.carry_out()


async def test_a_paid_subscription_is_active_and_in_the_list(billing: Billing, sale: Sale) -> None:
    row = await billing.subscription(sale.provider_id)
    assert (row.status, row.in_list) == (Status.ACTIVE, True)
    tasks = await rows(billing.database, ListTask)
    assert [task.wish for task in tasks] == [Wish.ADD]


async def test_cancelling_keeps_access_to_the_end_of_the_period(billing: Billing, sale: Sale) -> None:
    await _cancelled(billing, sale)
    row = await billing.subscription(sale.provider_id)
    assert (row.status, row.cancel_at_period_end, row.ended_at, row.in_list) == (
        Status.CANCELED,
        True,
        None,
        True,
    )


async def test_a_cancellation_is_undone_inside_the_period_and_asked_for_once(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    row = await billing.subscription(sale.provider_id)
    with pytest.raises(ActionRefused) as refused:
        await billing.service.undo_cancel(sale.creator.id, row.id, sale.actor)
    assert refused.value.reason is UndoRefusal.NOT_CANCELED
    await _cancelled(billing, sale)
    operation = await billing.service.undo_cancel(sale.creator.id, row.id, sale.actor)
    assert (await billing.service.undo_cancel(sale.creator.id, row.id, sale.actor)).id == operation.id
    # Until it is undone nobody may cancel again: the two would overtake each other.
    with pytest.raises(ActionRefused) as waits:
        await billing.service.cancel(sale.creator.id, row.id, sale.actor, at_once=True)
    assert waits.value.reason is CancelRefusal.UNDER_WAY
    sandbox.fail(f"POST /v1/subscriptions/{sale.provider_id}", "lose_answer")
    assert [await billing.runner.attempt(operation.id) for _ in range(2)] == [False, True]
    row = await billing.subscription(sale.provider_id)
    assert (row.status, row.cancel_at_period_end, row.in_list) == (Status.ACTIVE, False, True)
    assert not sandbox.get(f"/v1/subscriptions/{sale.provider_id}")["cancel_at_period_end"]


async def test_what_has_ended_is_not_undone(billing: Billing, sale: Sale) -> None:
    row = await billing.subscription(sale.provider_id)
    await billing.service.cancel(sale.creator.id, row.id, sale.actor, at_once=True)
    with pytest.raises(ActionRefused):
        await billing.service.undo_cancel(sale.creator.id, row.id, sale.actor)
    await billing.carry_out()
    with pytest.raises(ActionRefused) as refused:
        await billing.service.undo_cancel(sale.creator.id, row.id, sale.actor)
    assert refused.value.reason is UndoRefusal.PERIOD_ENDED


async def test_cancelling_at_once_ends_access(billing: Billing, sale: Sale) -> None:
    row = await billing.subscription(sale.provider_id)
    await billing.service.cancel(sale.creator.id, row.id, sale.actor, at_once=True)
    await billing.carry_out()
    row = await billing.subscription(sale.provider_id)
    assert row.status is Status.CANCELED
    assert row.ended_at is not None
    assert not row.in_list


async def test_an_active_subscription_is_not_refunded_and_nobody_is_asked(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    row = await billing.subscription(sale.provider_id)
    intent = await _intent(billing, sale)
    with pytest.raises(ActionRefused) as refused:
        await billing.service.refund(sale.creator.id, row.id, sale.actor)
    assert refused.value.reason is RefundRefusal.NOT_CANCELED
    assert await rows(billing.database, Operation) == []
    assert sandbox.refunds(intent) == []


async def test_a_refund_returns_the_money_and_ends_access(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    await _cancelled(billing, sale)
    row = await billing.subscription(sale.provider_id)
    await billing.service.refund(sale.creator.id, row.id, sale.actor)
    await billing.carry_out()
    row = await billing.subscription(sale.provider_id)
    assert (row.status, row.in_list) == (Status.REFUNDED, False)
    assert [refund["amount"] for refund in sandbox.refunds(await _intent(billing, sale))] == [
        sale.plan.amount
    ]
    assert sandbox.get(f"/v1/subscriptions/{sale.provider_id}")["status"] == "canceled"
    actions = {entry.action for entry in await rows(billing.database, AuditEntry)}
    assert {"refund.requested", "refund.succeeded", "subscription.refunded"} <= actions


async def test_clicks_at_the_same_moment_make_one_refund(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    await _cancelled(billing, sale)
    row = await billing.subscription(sale.provider_id)
    clicks = (billing.service.refund(sale.creator.id, row.id, sale.actor) for _ in range(20))
    found = {operation.id for operation in await asyncio.gather(*clicks)}
    assert len(found) == 1
    await billing.carry_out()
    assert len(sandbox.refunds(await _intent(billing, sale))) == 1
    assert len(_refund_keys(sandbox, await _intent(billing, sale))) == 1


async def test_without_the_unique_key_clicks_make_many_requests(
    billing: Billing, sale: Sale, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above: its guard off, the provider is asked under many keys."""

    async def unguarded(uow: UnitOfWork, wanted: Operation) -> Operation:
        wanted.unique_key = None
        uow.session.add(wanted)
        return wanted

    await _cancelled(billing, sale)
    monkeypatch.setattr(requesting, "request", unguarded)
    row = await billing.subscription(sale.provider_id)
    clicks = (billing.service.refund(sale.creator.id, row.id, sale.actor) for _ in range(3))
    assert len({operation.id for operation in await asyncio.gather(*clicks)}) > 1
    await billing.carry_out()
    assert len(_refund_keys(sandbox, await _intent(billing, sale))) > 1


async def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_key(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    await _cancelled(billing, sale)
    row = await billing.subscription(sale.provider_id)
    operation = await billing.service.refund(sale.creator.id, row.id, sale.actor)
    sandbox.fail("POST /v1/refunds", "lose_answer")
    assert not await billing.runner.attempt(operation.id)
    waiting = (await rows(billing.database, Operation))[-1]
    assert waiting.status is OperationStatus.REQUESTED
    assert waiting.attempts == 1
    assert await billing.runner.attempt(operation.id)
    assert len(sandbox.refunds(await _intent(billing, sale))) == 1
    assert len(_refund_keys(sandbox, await _intent(billing, sale))) == 1
    assert (await billing.subscription(sale.provider_id)).status is Status.REFUNDED


@pytest.mark.parametrize("kind", ["status_429", "refuse"])
async def test_a_provider_that_is_down_is_waited_for(
    billing: Billing, sale: Sale, sandbox: Sandbox, kind: str
) -> None:
    await _cancelled(billing, sale)
    row = await billing.subscription(sale.provider_id)
    operation = await billing.service.refund(sale.creator.id, row.id, sale.actor)
    sandbox.fail("POST /v1/refunds", kind, times=2)
    assert [await billing.runner.attempt(operation.id) for _ in range(3)] == [False, False, True]
    assert (await billing.subscription(sale.provider_id)).status is Status.REFUNDED


async def test_a_payment_returned_by_other_hands_ends_as_refunded(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    await _cancelled(billing, sale)
    row = await billing.subscription(sale.provider_id)
    await billing.gateway.refund(await _intent(billing, sale), "by-hand", "by-hand-key-" + sale.provider_id)
    await billing.service.refund(sale.creator.id, row.id, sale.actor)
    await billing.carry_out()
    assert (await billing.subscription(sale.provider_id)).status is Status.REFUNDED
    assert len(sandbox.refunds(await _intent(billing, sale))) == 1
    assert (await rows(billing.database, Operation))[-1].status is OperationStatus.SUCCEEDED


async def test_every_call_was_written_down_before_it_was_made(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    await _cancelled(billing, sale)
    row = await billing.subscription(sale.provider_id)
    operation = await billing.service.refund(sale.creator.id, row.id, sale.actor)
    sandbox.fail("POST /v1/refunds", "status_429")
    await billing.runner.attempt(operation.id)
    calls = [each for each in await rows(billing.database, ProviderCall) if each.operation_id == operation.id]
    assert [(call.step, call.answered_at) for call in calls] == [("refund", None)]
    assert _refund_keys(sandbox, await _intent(billing, sale)) == {calls[0].idempotency_key}


async def test_removing_and_readding_is_local_and_kept_in_the_history(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    row = await billing.subscription(sale.provider_id)
    before = len(sandbox.requests("POST /v1/refunds"))
    await billing.service.remove(sale.creator.id, row.id, sale.actor)
    row = await billing.subscription(sale.provider_id)
    assert (row.status, row.in_list) == (Status.ACTIVE, False)
    assert [task.wish for task in await rows(billing.database, ListTask)] == [Wish.REMOVE]
    with pytest.raises(ActionRefused) as refused:
        await billing.service.remove(sale.creator.id, row.id, sale.actor)
    assert refused.value.reason is RemoveRefusal.NOT_IN_LIST
    await billing.service.readd(sale.creator.id, row.id, sale.actor)
    assert (await billing.subscription(sale.provider_id)).in_list
    reasons = [change.reason.value for change in await rows(billing.database, MembershipChange)]
    assert reasons == ["paid", "removed_by_creator", "readded_by_creator"]
    assert len(sandbox.requests("POST /v1/refunds")) == before


async def test_a_removal_wins_over_news_of_the_provider(billing: Billing, sale: Sale) -> None:
    row = await billing.subscription(sale.provider_id)
    await billing.service.remove(sale.creator.id, row.id, sale.actor)
    await billing.inbox.take(event(sale.provider_id))
    assert not (await billing.subscription(sale.provider_id)).in_list


async def test_removing_can_also_cancel_in_one_step(billing: Billing, sale: Sale) -> None:
    row = await billing.subscription(sale.provider_id)
    await billing.service.remove(sale.creator.id, row.id, sale.actor, also_cancel=True)
    await billing.carry_out()
    row = await billing.subscription(sale.provider_id)
    assert (row.status, row.in_list) == (Status.CANCELED, False)


async def test_who_is_refunded_cannot_be_readded(billing: Billing, sale: Sale) -> None:
    await _cancelled(billing, sale)
    row = await billing.subscription(sale.provider_id)
    await billing.service.refund(sale.creator.id, row.id, sale.actor)
    await billing.carry_out()
    with pytest.raises(ActionRefused) as refused:
        await billing.service.readd(sale.creator.id, row.id, sale.actor)
    assert refused.value.reason is ReaddRefusal.REFUNDED


async def test_another_creator_finds_nothing(billing: Billing, sale: Sale, real_world: World) -> None:
    other = await real_world.creator()
    row = await billing.subscription(sale.provider_id)
    for action in (
        billing.service.refund,
        billing.service.cancel,
        billing.service.undo_cancel,
        billing.service.remove,
        billing.service.readd,
    ):
        with pytest.raises(NotFound):
            await action(other.id, row.id, sale.actor)
    assert await count(billing.database, Operation) == 0
    assert await count(billing.database, Membership) == 1


def _refund_keys(sandbox: Sandbox, intent: str) -> set[str]:
    asked = sandbox.requests("POST /v1/refunds")
    return {request["idempotency_key"] for request in asked if request["params"]["payment_intent"] == intent}
