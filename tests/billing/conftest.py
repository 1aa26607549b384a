"""Billing on real parts: the services in this process, a real database, the sandbox over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing.checkouts import Checkouts, Form
from lastlink_ui.billing.gateway import ProviderEvent
from lastlink_ui.billing.inbox import Inbox
from lastlink_ui.billing.operations import OperationRunner
from lastlink_ui.billing.service import BillingService
from lastlink_ui.billing.stripe_gateway import StripeGateway
from lastlink_ui.billing.sync import Synchroniser
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.clock import Clock, SystemClock
from lastlink_ui.core.crash import CrashPoints
from lastlink_ui.core.ids import OperationId, new_id
from lastlink_ui.db import Database
from lastlink_ui.live import MemoryFeed
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.fans import Person
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.subscribers.models import Subscription
from tests.support.one_account import OneAccount
from tests.support.rows import rows
from tests.support.sandbox import KEY, Sandbox, running_sandbox
from tests.support.world import World


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Iterator[Sandbox]:
    yield sandbox_process
    sandbox_process.heal()


@dataclass
class Billing:
    """The billing services over one database, as the program puts them together."""

    database: Database
    gateway: StripeGateway
    clock: Clock = field(default_factory=SystemClock)
    feed: MemoryFeed = field(default_factory=MemoryFeed)
    enqueued: list[OperationId] = field(default_factory=list[OperationId])

    def __post_init__(self) -> None:
        crash, gateways = CrashPoints(), OneAccount(self.gateway)
        self.synchroniser = Synchroniser(self.database, self.clock, self.feed, gateways)
        self.runner = OperationRunner(
            self.database, self.clock, self.feed, gateways, self.synchroniser, crash
        )
        self.inbox = Inbox(self.database, self.clock, gateways, self.synchroniser, crash)
        self.checkouts = Checkouts(self.database, self.clock, gateways, "secret", "http://localhost:3000")
        self.service = BillingService(self.database, self.clock, self.feed, self._enqueue, self.checkouts)

    async def _enqueue(self, operation_id: OperationId) -> None:
        self.enqueued.append(operation_id)

    async def carry_out(self) -> None:
        """Do what the worker does: every operation without a result, once."""
        for operation_id in await self.runner.unfinished():
            await self.runner.attempt(operation_id)

    async def subscription(self, provider_id: str) -> Subscription:
        """The row as it is now."""
        found = await rows(self.database, Subscription)
        return next(row for row in found if row.provider_subscription_id == provider_id)


@dataclass(frozen=True)
class Sale:
    """A creator with a plan, and one fan who subscribed to it by card."""

    creator: Creator
    plan: Plan
    provider_id: str
    actor: Actor


@pytest.fixture
async def billing(database: Database, sandbox: Sandbox) -> Billing:
    return Billing(database, StripeGateway(KEY, sandbox.origin))


@pytest.fixture
async def real_world(database: Database) -> World:
    """Makes creators and plans by the machine's own clock, which is the sandbox's too."""
    return World(database, SystemClock())


def form(plan: Plan, *, email: str | None = None, nonce: str | None = None) -> Form:
    number = new_id().hex[-8:]
    person = Person("Beatriz Ribeiro", f"bia{number}", email or f"bia{number}@example.com")
    return Form(plan.id, Method.CARD, person, nonce or number)


@pytest.fixture
async def sale(billing: Billing, real_world: World, sandbox: Sandbox) -> Sale:
    return await sell(billing, real_world, sandbox)


async def sell(
    billing: Billing, world: World, sandbox: Sandbox, *, card: str = "4242 4242 4242 4242"
) -> Sale:
    """A new creator's first subscriber, who paid with that card."""
    creator = await world.creator()
    plan = await world.plan(creator)
    sold = form(plan)
    url = await billing.service.start_checkout(creator.id, sold)
    token = sandbox.pay(url, card=card).headers["location"].rsplit("/", 1)[1]
    provider_id = await billing.checkouts.provider_subscription(token)
    assert provider_id
    await billing.inbox.take(event(provider_id))
    return Sale(creator, plan, provider_id, Actor(ActorKind.CREATOR, str(creator.id)))


def event(provider_id: str, kind: str = "invoice.paid", event_id: str | None = None) -> ProviderEvent:
    """News about a subscription, as the provider would tell them."""
    return ProviderEvent(
        event_id or f"evt_{new_id().hex}", kind, SystemClock().now(), {"subscription": provider_id}
    )
