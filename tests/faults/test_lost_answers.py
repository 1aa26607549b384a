"""An answer that does not come is waited for with the same key: never shown as failed, never paid twice."""

import pytest

from lastlink_ui.billing import operations, stripe_gateway
from lastlink_ui.billing.models import Operation, OperationStatus
from lastlink_ui.billing.operations import KEY_LIFE, OperationRunner
from lastlink_ui.core.ids import OperationId
from lastlink_ui.subscribers.lifecycle import Status
from tests.faults import unguarded
from tests.faults.shop import ON_SQLITE, Shop
from tests.support.proxy import Fault, FaultProxy

REFUND = "POST /v1/refunds"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits ten seconds here for an answer that never comes."""
    monkeypatch.setattr(stripe_gateway, "_TIMEOUT_SECONDS", 1)


_TRIES = 10


async def _operation(shop: Shop, operation_id: OperationId) -> Operation:
    async with shop.database.reading() as session:
        return await session.get_one(Operation, operation_id)


async def _over_a_bad_line(shop: Shop, proxy: FaultProxy, fault: Fault) -> tuple[str, Operation]:
    """A refund asked for while the line is bad, and carried out again when it is good."""
    provider_id = await shop.cancelled()
    operation_id = await shop.ask_refund(provider_id)
    proxy.fault = fault
    await shop.carry_out()
    assert (await _operation(shop, operation_id)).status is not OperationStatus.REFUSED
    proxy.fault = Fault.NONE
    for _ in range(_TRIES):
        # On a busy machine an answer of the good line may be late too.
        await shop.carry_out()
        if (await _operation(shop, operation_id)).status is not OperationStatus.REQUESTED:
            break
    return provider_id, await _operation(shop, operation_id)


@pytest.mark.parametrize("fault", [Fault.REFUSE, Fault.HANG, Fault.DROP_REPLY, Fault.HALF_CLOSE, Fault.SLOW])
@ON_SQLITE
async def test_a_bad_line_makes_one_refund_under_one_key(
    far_shop: Shop, proxy: FaultProxy, fault: Fault
) -> None:
    provider_id, operation = await _over_a_bad_line(far_shop, proxy, fault)
    assert operation.status is OperationStatus.SUCCEEDED
    assert (operation.attempts > 0) == (fault is not Fault.SLOW)
    assert (await far_shop.row(provider_id)).status is Status.REFUNDED
    intent = await far_shop.intent(provider_id)
    assert [refund["amount"] for refund in far_shop.sandbox.refunds(intent)] == [far_shop.plan.amount]
    assert len(far_shop.refund_keys(intent)) == 1


@ON_SQLITE
async def test_without_persisted_keys_a_bad_line_asks_under_several(
    far_shop: Shop, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(OperationRunner, "_written_down", unguarded.a_new_key_each_time)
    provider_id, _ = await _over_a_bad_line(far_shop, proxy, Fault.DROP_REPLY)
    assert len(far_shop.refund_keys(await far_shop.intent(provider_id))) > 1


async def _asked_after_a_day(shop: Shop) -> int:
    """How often the provider was asked again once it may have forgotten the key."""
    provider_id = await shop.cancelled()
    operation_id = await shop.ask_refund(provider_id)
    shop.sandbox.fail(REFUND, "lose_answer")
    await shop.carry_out()
    before = len(shop.sandbox.requests(REFUND))
    shop.sandbox.advance(days=KEY_LIFE.days + 0.1)
    assert [late for late, _ in await shop.runner.overdue()] == [operation_id]
    await shop.carry_out()
    assert (await _operation(shop, operation_id)).status is OperationStatus.SUCCEEDED
    assert await shop.runner.overdue() == []
    assert len(shop.sandbox.refunds(await shop.intent(provider_id))) == 1
    return len(shop.sandbox.requests(REFUND)) - before


async def test_after_a_day_what_happened_is_looked_up_first(shop: Shop) -> None:
    assert await _asked_after_a_day(shop) == 0


@ON_SQLITE
async def test_without_looking_it_would_be_asked_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(operations, "KEY_LIFE", KEY_LIFE * 999)
    assert await _asked_after_a_day(shop) == 1
