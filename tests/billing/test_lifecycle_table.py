"""docs/lifecycle.md, lived through row by row: what it says of each story is what becomes of it."""

import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing.checkouts import Form
from lastlink_ui.billing.events import subject_of
from lastlink_ui.billing.gateway import ProviderEvent
from lastlink_ui.billing.stripe_gateway import StripeGateway
from lastlink_ui.billing.stripe_reading import instant
from lastlink_ui.billing.withdrawal_terms import WithdrawalTerms
from lastlink_ui.billing.withdrawals import Withdrawals
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.clock import FollowingClock, SystemClock
from lastlink_ui.core.ids import OperationId, new_id
from lastlink_ui.db import Database
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.expiry import Expiry
from lastlink_ui.subscribers.fans import Person
from lastlink_ui.subscribers.history import Happening
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.subscribers.models import Fan, ListTask, Membership, Subscription
from lastlink_ui.subscribers.queries import Subscribers
from tests.billing.conftest import Billing
from tests.sandbox.provider import Provider
from tests.support.rows import rows
from tests.support.sandbox import KEY, running_sandbox
from tests.support.world import World

DOCUMENT = Path(__file__).parents[2] / "docs" / "lifecycle.md"
MINUTE = 1 / 1440
PAYS, REFUNDS_SLOWLY, REFUND_FAILS = "4242424242424242", "4000000000007726", "4000000000005126"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the document."""

    steps: tuple[str, ...]
    status: str
    place: str
    task: str
    timeline: str


def documented() -> Iterator[Row]:
    """Every row of every table."""
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 5 and cells[0] not in {"what happens", "---"}:
            yield Row(tuple(cells[0].split(" → ")), *cells[1:])


@dataclass
class Life:
    """One fan of one creator, lived in the sandbox's time."""

    billing: Billing
    provider: Provider
    creator: Creator
    plans: list[Plan]
    number: str = field(default_factory=lambda: new_id().hex[-8:])
    bought: list[str] = field(default_factory=list[str])
    """The provider's subscriptions, in the order they were bought."""
    told: set[str] = field(default_factory=set[str])

    async def do(self, step: str) -> None:
        """Let one step happen a minute after the one before, and all news of it arrive."""
        self.provider.sandbox.advance(MINUTE)
        await _STEPS[step](self)
        await self._hear()
        await Expiry(self.billing.database, self.billing.clock, self.billing.feed).act()

    async def buy(self, method: Method, card: str = PAYS) -> None:
        # By this address the provider decides nothing by itself: nobody pays unless the story says so.
        person = Person("Beatriz Ribeiro", f"bia{self.number}", f"{self.number}+fill_never@example.com")
        plan = self.plans[len(self.bought)]
        form = Form(plan.id, method, person, new_id().hex)
        url = await self.billing.service.start_checkout(self.creator.id, form)
        by_card = method is Method.CARD
        answer = self.provider.pay(url, card) if by_card else self.provider.pay_by_boleto(url)
        assert answer.status_code == 303, answer.text
        session = self.provider.api.checkout.sessions.list({"limit": 1}).data[0]
        self.bought.append(str(session.subscription))

    async def cancel(self, which: int = 0, *, at_once: bool = False) -> None:
        row = await self.row(which)
        await self.billing.service.cancel(self.creator.id, row.id, self.actor, at_once=at_once)
        await self.billing.carry_out()

    async def undo(self) -> None:
        await self.billing.service.undo_cancel(self.creator.id, (await self.row()).id, self.actor)
        await self.billing.carry_out()

    async def refund(self) -> None:
        await self.billing.service.refund(self.creator.id, (await self.row()).id, self.actor)
        await self.billing.carry_out()

    async def remove(self) -> None:
        await self.billing.service.remove(self.creator.id, (await self.row()).id, self.actor)

    async def readd(self) -> None:
        await self.billing.service.readd(self.creator.id, (await self.row()).id, self.actor)

    async def withdraw(self) -> None:
        row = await self.row()
        fan = Actor(ActorKind.FAN, str(row.fan_id))
        await self.withdrawals.withdraw(self.creator.id, row.id, fan, "beatriz@pix.example")
        await self.billing.carry_out()

    async def cover_renewals(self) -> None:
        terms = WithdrawalTerms(self.billing.database, self.billing.clock, self.billing.feed)
        await terms.cover_renewals(self.creator.id, self.actor, on=True)

    async def change_plan(self, plan: int) -> None:
        row = await self.row()
        fan = Actor(ActorKind.FAN, str(row.fan_id))
        await self.billing.service.change_plan(self.creator.id, row.id, self.plans[plan].id, fan)
        await self.billing.carry_out()

    async def transfer(self) -> None:
        (owed,) = await self.withdrawals.transfers(self.creator.id)
        await self.withdrawals.transferred(self.creator.id, owed.id, self.actor)

    async def act(self, verb: str, kind: str) -> None:
        """Let something happen to the newest object of a kind."""
        self.provider.act(verb, self.newest(kind)["id"])

    async def act_on_boleto(self, verb: str) -> None:
        self.provider.act(verb, self.newest("payment_intents")["id"])

    async def use_card(self, token: str) -> None:
        self.provider.sandbox.use_card(self.bought[0], token)

    async def reach_period_end(self) -> None:
        """Two hours past it: the provider charges a renewal an hour after it is due."""
        subscription = self.provider.api.subscriptions.retrieve(self.bought[0])
        left = instant(subscription["items"].data[0].current_period_end) - self.billing.clock.now()
        self.provider.sandbox.advance(left.total_seconds() / 86_400 + 2 / 24)

    async def pass_due_date(self) -> None:
        due = self.newest("payment_intents")["next_action"]["boleto_display_details"]["expires_at"]
        left = instant(due) - self.billing.clock.now()
        self.provider.sandbox.advance(left.total_seconds() / 86_400 + MINUTE)

    async def give_up(self) -> None:
        """The third and fourth attempt, as far apart as the provider makes them."""
        await self.wait(5)
        await self._hear()
        await self.wait(7)

    async def wait(self, days: float) -> None:
        self.provider.sandbox.advance(days)

    def newest(self, kind: str) -> dict[str, Any]:
        return self.provider.sandbox.get(f"/v1/{kind}", limit="1")["data"][0]

    async def row(self, which: int = 0) -> Subscription:
        return await self.billing.subscription(self.bought[which])

    @property
    def withdrawals(self) -> Withdrawals:
        async def nowhere(_: OperationId) -> None:
            """It is carried out by `carry_out`."""

        return Withdrawals(self.billing.database, self.billing.clock, self.billing.feed, nowhere)

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.CREATOR, str(self.creator.id))

    async def outcome(self, steps: tuple[str, ...]) -> Row:
        """What has become of it, in the document's words."""
        database = self.billing.database
        statuses = [(await self.row(which)).status.value for which in range(len(self.bought))]
        memberships, fans = await rows(database, Membership), await rows(database, Fan)
        (fan,) = fans
        place = "never"
        if memberships:
            (there,) = memberships
            place = f"{'in' if there.in_list else 'out'}: {there.reason.value}"
            assert {(await self.row(which)).in_list for which in range(len(self.bought))} == {there.in_list}
        tasks = [task for task in await rows(database, ListTask) if task.done_at is None]
        assert {task.fan_id for task in tasks} <= {fan.id}
        detail = await Subscribers(database, self.billing.clock).detail(
            self.creator.id, (await self.row()).id
        )
        timeline = ", ".join(entry.what.value for entry in reversed(detail.timeline))
        task = ", ".join(task.wish.value for task in tasks) or "none"
        return Row(steps, ", ".join(statuses), place, task, timeline)

    async def _hear(self) -> None:
        """Take in everything that is new, twice and in any order."""
        fresh = [event for event in self.provider.events() if event["id"] not in self.told]
        self.told.update(event["id"] for event in fresh)
        news = [
            ProviderEvent(
                event["id"], event["type"], instant(event["created"]), subject_of(event["data"]["object"])
            )
            for event in fresh
        ] * 2
        random.Random(len(self.told)).shuffle(news)  # noqa: S311 - a fixed order, not a secret
        for event in news:
            await self.billing.inbox.take(event)


_STEPS: dict[str, Callable[[Life], Awaitable[None]]] = {
    "pays by card": lambda life: life.buy(Method.CARD),
    "pays by card (slow refunds)": lambda life: life.buy(Method.CARD, REFUNDS_SLOWLY),
    "pays by card (failing refunds)": lambda life: life.buy(Method.CARD, REFUND_FAILS),
    "buys another plan": lambda life: life.buy(Method.CARD),
    "boleto issued": lambda life: life.buy(Method.BOLETO),
    "boleto paid": lambda life: life.act_on_boleto("pay_boleto"),
    "boleto runs out": lambda life: life.act_on_boleto("expire_boleto"),
    "due date passes": lambda life: life.pass_due_date(),
    "card stops working": lambda life: life.use_card("pm_card_chargeCustomerFail"),
    "card works": lambda life: life.use_card("pm_card_visa"),
    "period ends": lambda life: life.reach_period_end(),
    "retried": lambda life: life.act("hurry", "invoices"),
    "grace ends": lambda life: life.wait(3),
    "provider gives up": lambda life: life.give_up(),
    "creator cancels": lambda life: life.cancel(),
    "creator cancels at once": lambda life: life.cancel(at_once=True),
    "creator undoes it": lambda life: life.undo(),
    "creator removes": lambda life: life.remove(),
    "creator readds": lambda life: life.readd(),
    "creator refunds": lambda life: life.refund(),
    "refund settles": lambda life: life.act("hurry", "refunds"),
    "bank disputes": lambda life: life.act("open_dispute", "charges"),
    "dispute won": lambda life: life.act("win_dispute", "disputes"),
    "dispute lost": lambda life: life.act("lose_dispute", "disputes"),
    "fan changes plan": lambda life: life.change_plan(1),
    "fan changes back": lambda life: life.change_plan(0),
    "fan withdraws": lambda life: life.withdraw(),
    "creator covers renewals": lambda life: life.cover_renewals(),
    "creator transfers": lambda life: life.transfer(),
    "first is ended": lambda life: life.cancel(0, at_once=True),
    "second is ended": lambda life: life.cancel(1, at_once=True),
}

ROWS = {row.steps: row for row in documented()}
# Whoever lives through a story has lived through its beginnings, which are rows of their own.
STORIES = [
    steps for steps in ROWS if not any(other != steps and other[: len(steps)] == steps for other in ROWS)
]


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """A sandbox of this module's own: time goes by in it."""
    with running_sandbox(tmp_path_factory.mktemp("lifecycle")) as sandbox:
        yield Provider(sandbox)


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
async def life(database: Database, provider: Provider) -> Life:
    provider.control("reset")
    clock = FollowingClock(SystemClock(), provider.sandbox.clock_file)
    world = World(database, clock)
    creator = await world.creator()
    plans = [await world.plan(creator), await world.plan(creator, "Mensal com extras", amount=4990)]
    billing = Billing(database, StripeGateway(KEY, provider.sandbox.origin), clock)
    return Life(billing, provider, creator, plans)


@pytest.mark.parametrize("steps", STORIES, ids=" → ".join)
async def test_it_becomes_what_the_document_says(life: Life, steps: tuple[str, ...]) -> None:
    for number, step in enumerate(steps, start=1):
        await life.do(step)
        lived = steps[:number]
        if lived in ROWS:
            assert await life.outcome(lived) == ROWS[lived]


def test_the_document_tells_of_everything_that_a_timeline_can_say() -> None:
    told = {word for row in ROWS.values() for word in row.timeline.split(", ")}
    assert told == {happening.value for happening in Happening}
    assert {row.status for row in ROWS.values() if "," not in row.status} == {
        status.value for status in Status
    }
    assert {step for row in ROWS.values() for step in row.steps} == _STEPS.keys()
