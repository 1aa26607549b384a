"""`kill -9` at each named place of a refund: at the next start it ends, once."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing.checkouts import Checkouts
from lastlink_ui.billing.models import Operation, OperationStatus
from lastlink_ui.billing.service import BillingService
from lastlink_ui.billing.stripe_gateway import StripeGateway
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.clock import SystemClock
from lastlink_ui.core.ids import OperationId, SubscriptionId
from lastlink_ui.db import Database
from lastlink_ui.live import MemoryFeed
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.subscribers.models import Payment, Subscription
from tests.support.processes import eventually, free_port
from tests.support.sandbox import KEY
from tests.support.server import PROGRAM, Server, running_server

UNGUARDED = (str(Path(__file__).with_name("unguarded.py")),)


@dataclass(frozen=True)
class Requested:
    """A refund that a creator asked for, whose operation is written and not carried out."""

    subscription: SubscriptionId
    payment_intent: str
    operation: OperationId


def _request_refund(server: Server) -> Requested:
    """Ask for a refund as the dashboard does, in the program's own database; its worker finds it."""
    return asyncio.run(_request(server))


async def _request(server: Server) -> Requested:
    database, clock = Database(server.database_url), SystemClock()
    gateway = StripeGateway(KEY, server.sandbox.origin)

    async def nobody(_operation: OperationId) -> None:
        """As if the process had died between commit and enqueue."""

    checkouts = Checkouts(database, clock, gateway, "secret", server.origin)
    service = BillingService(database, clock, MemoryFeed(), nobody, checkouts)
    try:
        async with database.reading() as session:
            found = await session.execute(
                select(Subscription, Payment)
                .join(Creator, col(Creator.id) == col(Subscription.creator_id))
                .join(Payment, col(Payment.id) == col(Subscription.last_payment_id))
                .where(
                    col(Subscription.status) == Status.CANCELED,
                    col(Subscription.method) == "card",
                    col(Payment.status) == "paid",
                    col(Payment.refund_status).is_(None),
                )
                .limit(1)
            )
            subscription, payment = found.one()
        assert payment.provider_payment_intent_id
        operation = await service.refund(subscription.creator_id, subscription.id, SYSTEM)
        return Requested(subscription.id, payment.provider_payment_intent_id, operation.id)
    finally:
        await database.dispose()


def _look(server: Server, wanted: Requested) -> tuple[Status, OperationStatus]:
    async def look() -> tuple[Status, OperationStatus]:
        database = Database(server.database_url)
        try:
            async with database.reading() as session:
                operation = await session.get_one(Operation, wanted.operation)
                found = await session.scalars(
                    select(Subscription).where(col(Subscription.id) == wanted.subscription)
                )
                return found.one().status, operation.status
        finally:
            await database.dispose()

    return asyncio.run(look())


def _keys(server: Server, wanted: Requested) -> list[str]:
    """The different keys under which the provider was asked for this refund."""
    asked = server.sandbox.requests("POST /v1/refunds")
    return sorted(
        {r["idempotency_key"] for r in asked if r["params"]["payment_intent"] == wanted.payment_intent}
    )


def _die_and_start_again(
    folder: Path, point: str, **unguarded: str
) -> tuple[Status, OperationStatus, int, int]:
    """How row and operation end, how many refunds there are, and under how many keys they were asked for."""
    port, sandbox_port = free_port(), free_port()
    program = UNGUARDED if unguarded else PROGRAM
    with running_server(
        folder,
        port=port,
        sandbox_port=sandbox_port,
        env={"LASTLINK_CRASH_AT": point} | unguarded,
        program=program,
    ) as doomed:
        wanted = _request_refund(doomed)
        eventually(lambda: doomed.process.poll() is not None, seconds=40, what=f"the death at {point}")
    with running_server(
        folder, port=port, sandbox_port=sandbox_port, env=unguarded, program=program
    ) as server:
        eventually(
            lambda: _look(server, wanted)[1] is not OperationStatus.REQUESTED,
            seconds=40,
            what="the operation's end",
        )
        status, ended = _look(server, wanted)
        return status, ended, len(server.sandbox.refunds(wanted.payment_intent)), len(_keys(server, wanted))


@pytest.mark.parametrize(
    "point", ["refund.refund.before", "refund.refund.answered", "refund.cancel.answered"]
)
def test_a_refund_survives_the_death_of_the_process(tmp_path: Path, point: str) -> None:
    assert _die_and_start_again(tmp_path, point) == (Status.REFUNDED, OperationStatus.SUCCEEDED, 1, 1)


def test_without_persisted_keys_a_death_asks_the_provider_twice(tmp_path: Path) -> None:
    """The negative control of the test above."""
    *_, keys = _die_and_start_again(
        tmp_path, "refund.refund.answered", LASTLINK_TEST_GUARD_OFF="persisted_keys"
    )
    assert keys > 1
