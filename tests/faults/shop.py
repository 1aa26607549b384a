"""A creator's shop on real parts, to which everything may happen: services here, the sandbox over HTTP."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing.checkouts import Checkouts, Form
from lastlink_ui.billing.events import subject_of
from lastlink_ui.billing.gateway import Address, Gateway, Payer, ProviderError, ProviderEvent
from lastlink_ui.billing.inbox import HANDLED, Inbox
from lastlink_ui.billing.known_news import said_of
from lastlink_ui.billing.models import InboxEvent
from lastlink_ui.billing.operations import OperationRunner
from lastlink_ui.billing.reconcile import Reconciler, Report
from lastlink_ui.billing.service import BillingService
from lastlink_ui.billing.stripe_gateway import StripeGateway
from lastlink_ui.billing.stripe_reading import instant
from lastlink_ui.billing.sync import StillMoving, Synchroniser
from lastlink_ui.billing.withdrawals import Withdrawals
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.clock import FollowingClock, SystemClock
from lastlink_ui.core.crash import CrashPoints
from lastlink_ui.core.ids import CreatorId, OperationId, new_id
from lastlink_ui.core.period import Period
from lastlink_ui.db import Database
from lastlink_ui.live import Feed, MemoryFeed
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.expiry import Expiry
from lastlink_ui.subscribers.fans import Person
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.subscribers.models import Payment, Subscription
from tests.support.sandbox import KEY, Sandbox
from tests.support.world import World

_PAYER = Payer("52998224725", Address("Rua A, 1", "Centro", "São Paulo", "SP", "01310100"))


class Died(BaseException):
    """The process is gone: nothing catches it, and what was not committed is not there."""


class Deaths(CrashPoints):
    """What befalls the program at named points, each once; for tests within one process."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[str, Callable[[], object]] = {}

    def reach(self, name: str) -> None:
        if befalls := self.at.pop(name, None):
            befalls()

    @staticmethod
    def die() -> None:
        """End here, as the program would."""
        raise Died


@dataclass(frozen=True)
class Accounts:
    """The `Gateways` port: everybody shares the sandbox's account."""

    database: Database
    gateway: Gateway

    async def for_creator(self, creator: CreatorId, reading: AsyncConnection | None = None) -> Gateway:  # noqa: ARG002
        return self.gateway

    async def shared(self) -> Gateway:
        return self.gateway

    async def every(self) -> Sequence[tuple[CreatorId | None, Gateway]]:
        return [(None, self.gateway)]

    async def sharing(self, reading: AsyncConnection | None = None) -> Sequence[CreatorId]:  # noqa: ARG002
        async with self.database.reading() as session:
            return list(await session.scalars(select(col(Creator.id))))


class Shop:
    """The billing services as the program puts them together, and a creator with two plans."""

    creator: Creator
    plan: Plan
    other_plan: Plan

    def __init__(
        self,
        database: Database,
        sandbox: Sandbox,
        clock_file: Path,
        api: str = "",
        feed: Feed | None = None,
    ) -> None:
        self.database = database
        self.sandbox = sandbox
        self.clock_file = clock_file
        self.clock = FollowingClock(SystemClock(), clock_file)
        self.deaths = Deaths()
        feed = feed or MemoryFeed()
        self.gateway = StripeGateway(KEY, api or sandbox.origin)
        accounts = Accounts(database, self.gateway)
        self.synchroniser = Synchroniser(database, self.clock, feed, accounts)
        self.runner = OperationRunner(database, self.clock, feed, accounts, self.synchroniser, self.deaths)
        self.inbox = Inbox(database, self.clock, accounts, self.synchroniser, self.deaths)
        self.checkouts = Checkouts(database, self.clock, accounts, "secret", "http://localhost:3000")
        self.service = BillingService(database, self.clock, feed, _left_to_the_sweep, self.checkouts)
        self.withdrawals = Withdrawals(database, self.clock, feed, _left_to_the_sweep)
        self.reconciler = Reconciler(database, self.clock, accounts, self.inbox, self.synchroniser)
        self.expiry = Expiry(database, self.clock, feed)

    async def open(self) -> "Shop":
        """Make the creator and the plans."""
        world = World(self.database, self.clock)
        self.creator = await world.creator()
        self.plan = await world.plan(self.creator)
        self.other_plan = await world.plan(self.creator, "Trimestral", amount=7990, period=Period.QUARTERLY)
        self.actor = Actor(ActorKind.CREATOR, str(self.creator.id))
        return self

    async def move_in(self, other: "Shop") -> "Shop":
        """Sell what that shop sells: the same creator, served from another place."""
        self.creator, self.plan, self.other_plan = other.creator, other.plan, other.other_plan
        self.actor = other.actor
        return self

    async def sell(self, *, email: str = "") -> str:
        """A fan pays by card, and nobody here hears of it; the provider's subscription."""
        return await self._pay(await self.form(email))

    async def issue_boleto(self, email: str) -> str:
        """A fan chooses boleto and gets a voucher, which nobody has paid; the provider's subscription."""
        page = await self.form(email, Method.BOLETO)
        assert self.sandbox.pay_by_boleto(page).is_redirect
        (session,) = self.sandbox.get("/v1/checkout/sessions", limit="1")["data"]
        return str(session["subscription"])

    async def sell_twice(self, email: str) -> list[str]:
        """A fan pays on two payment pages that were open at the same time."""
        pages = [await self.form(email), await self.form(email)]
        return [await self._pay(page) for page in pages]

    async def form(self, email: str = "", method: Method = Method.CARD) -> str:
        """A fan fills the form in; the payment page."""
        number = new_id().hex[-8:]
        person = Person("Beatriz Ribeiro", f"bia{number}", email or f"bia{number}@example.com")
        payer = _PAYER if method is Method.BOLETO else None
        wanted = Form(self.plan.id, method, person, number, payer)
        return await self.service.start_checkout(self.creator.id, wanted)

    async def _pay(self, page: str) -> str:
        token = self.sandbox.pay(page).headers["location"].rsplit("/", 1)[1]
        provider_id = await self.checkouts.provider_subscription(token)
        assert provider_id
        return provider_id

    def events(self) -> list[ProviderEvent]:
        """Everything that the provider would tell, the oldest first."""
        told = list(self._all("/v1/events"))
        return [_told(event) for event in reversed(told) if event["type"] in HANDLED]

    def _all(self, path: str) -> Iterator[dict[str, Any]]:
        after: dict[str, str] = {}
        while True:
            page = self.sandbox.get(path, limit="100", **after)
            yield from page["data"]
            if not page["has_more"]:
                return
            after = {"starting_after": page["data"][-1]["id"]}

    async def hear(self, events: Sequence[ProviderEvent]) -> None:
        """Be told these, in this order."""
        for event in events:
            await self.inbox.take(event)

    async def carry_out(self) -> None:
        """What the worker's sweep does, once."""
        for operation_id in await self.runner.unfinished():
            await self.runner.attempt(operation_id)
        await self.expiry.act()

    async def reconcile(self) -> Report:
        """What the worker does every ten minutes; all of it."""
        return await self.reconciler.run(whole=True)

    async def row(self, provider_id: str) -> Subscription:
        """The row as it is now."""
        async with self.database.reading() as session:
            found = await session.scalars(
                select(Subscription).where(col(Subscription.provider_subscription_id) == provider_id)
            )
            return found.one()

    async def intent(self, provider_id: str) -> str:
        """The provider's payment intent of the last payment."""
        row = await self.row(provider_id)
        async with self.database.reading() as session:
            payment = await session.get_one(Payment, row.last_payment_id)
        assert payment.provider_payment_intent_id
        return payment.provider_payment_intent_id

    async def cancelled(self) -> str:
        """A paid subscription that the creator cancelled, so that it may be refunded."""
        provider_id = await self.sell()
        await self.hear(self.events())
        await self.service.cancel(self.creator.id, (await self.row(provider_id)).id, self.actor)
        await self.carry_out()
        return provider_id

    async def ask_refund(self, provider_id: str) -> OperationId:
        """The creator asks for the refund; the worker has not begun."""
        row = await self.row(provider_id)
        return (await self.service.refund(self.creator.id, row.id, self.actor)).id

    def stored(self, event: ProviderEvent) -> Select[InboxEvent]:
        """The inbox's row of an event."""
        return select(InboxEvent).where(col(InboxEvent.provider_event_id) == event.id)

    def refund_keys(self, intent: str) -> set[str]:
        """The different keys under which the provider was asked for it."""
        asked = self.sandbox.requests("POST /v1/refunds")
        return {each["idempotency_key"] for each in asked if each["params"]["payment_intent"] == intent}


def shuffled(events: Sequence[ProviderEvent], seed: int, *, times: int = 1) -> list[ProviderEvent]:
    """The same events, each so many times, in an order of its own for each seed."""
    mixed = list(events) * times
    random.Random(seed).shuffle(mixed)  # noqa: S311 - a fixed order, not a secret
    return mixed


async def _left_to_the_sweep(_operation: OperationId) -> None:
    """As if the process had died between commit and enqueue."""


def _told(event: dict[str, Any]) -> ProviderEvent:
    return ProviderEvent(
        event["id"],
        event["type"],
        instant(event["created"]),
        subject_of(event["data"]["object"]),
        says=said_of(event["type"], event["data"]["object"]),
    )


ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""For what does not depend on the database."""
SURVIVABLE = (Died, ProviderError, StillMoving)
