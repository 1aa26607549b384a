"""`kill -9` of the whole program in the middle of a refund: at the next start it ends, once."""

import asyncio
import os
import subprocess
from collections.abc import Mapping
from contextlib import AbstractContextManager
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
from tests.support.one_account import OneAccount
from tests.support.processes import eventually, free_port
from tests.support.sandbox import KEY
from tests.support.server import PROGRAM, Server, run_command, running_server

UNGUARDED = (str(Path(__file__).with_name("unguarded.py")),)


@dataclass(frozen=True)
class Requested:
    """A refund that a creator asked for, whose operation is written and not carried out."""

    subscription: SubscriptionId
    payment_intent: str
    operation: OperationId


@dataclass(frozen=True)
class Installation:
    """A program with demo data that is started, killed and started again."""

    folder: Path
    port: int
    sandbox_port: int

    @property
    def database_url(self) -> str:
        return f"sqlite+aiosqlite:///{self.folder / 'lastlink.sqlite'}"

    def command(self, program: tuple[str, ...]) -> list[str]:
        return run_command(program, self.folder, self.port, self.sandbox_port)

    def running(self, program: tuple[str, ...], env: Mapping[str, str]) -> AbstractContextManager[Server]:
        return running_server(
            self.folder, port=self.port, sandbox_port=self.sandbox_port, program=program, env=env
        )


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = Installation(tmp_path_factory.mktemp("crashes"), free_port(), free_port())
    with made.running(PROGRAM, {}):
        return made


async def _request_refund(installation: Installation) -> Requested:
    """Ask for a refund as the dashboard does, while the program is down: its worker finds it at the start."""
    database, clock = Database(installation.database_url), SystemClock()
    gateway = StripeGateway(KEY, f"http://127.0.0.1:{installation.sandbox_port}")

    async def nobody(_operation: OperationId) -> None:
        """As if the process had died between commit and enqueue."""

    checkouts = Checkouts(database, clock, OneAccount(gateway), "secret", "http://localhost")
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


async def _look(installation: Installation, wanted: Requested) -> tuple[Status, OperationStatus]:
    database = Database(installation.database_url)
    try:
        async with database.reading() as session:
            operation = await session.get_one(Operation, wanted.operation)
            found = await session.scalars(
                select(Subscription).where(col(Subscription.id) == wanted.subscription)
            )
            return found.one().status, operation.status
    finally:
        await database.dispose()


def _keys(server: Server, wanted: Requested) -> list[str]:
    """The different keys under which the provider was asked for this refund."""
    asked = server.sandbox.requests("POST /v1/refunds")
    return sorted(
        {r["idempotency_key"] for r in asked if r["params"]["payment_intent"] == wanted.payment_intent}
    )


def _die_and_start_again(
    installation: Installation, point: str, **unguarded: str
) -> tuple[Status, OperationStatus, int, int]:
    """How row and operation end, how many refunds there are, and under how many keys they were asked for."""
    program = UNGUARDED if unguarded else PROGRAM
    wanted = asyncio.run(_request_refund(installation))
    doomed = {**os.environ, "LASTLINK_CRASH_AT": point, **unguarded}
    died = subprocess.run(
        installation.command(program), env=doomed, timeout=120, check=False, capture_output=True
    )
    assert died.returncode != 0
    assert asyncio.run(_look(installation, wanted))[1] is OperationStatus.REQUESTED
    with installation.running(program, unguarded) as server:
        eventually(
            lambda: asyncio.run(_look(installation, wanted))[1] is not OperationStatus.REQUESTED,
            seconds=60,
            what="the operation's end",
        )
        status, ended = asyncio.run(_look(installation, wanted))
        return status, ended, len(server.sandbox.refunds(wanted.payment_intent)), len(_keys(server, wanted))


def test_a_refund_survives_the_death_of_the_process(installation: Installation) -> None:
    """One point, for the real death of the whole program; tests/faults/test_deaths.py goes through all."""
    ended = _die_and_start_again(installation, "refund.refund.answered")
    assert ended == (Status.REFUNDED, OperationStatus.SUCCEEDED, 1, 1)


def test_without_persisted_keys_a_death_asks_the_provider_twice(installation: Installation) -> None:
    """The negative control of the test above."""
    *_, keys = _die_and_start_again(
        installation, "refund.refund.answered", LASTLINK_TEST_GUARD_OFF="persisted_keys"
    )
    assert keys > 1
