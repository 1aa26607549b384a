"""A shop to which anything may happen, in any order: the invariants hold after every step, and at the end
everything is as it is at the provider.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lastlink_ui.accounts.models import AuditEntry
from lastlink_ui.billing.models import InboxEvent, Operation, OperationStatus, ProviderCall, Withdrawal
from lastlink_ui.core.errors import LastlinkError
from lastlink_ui.core.ids import FanId, PlanId
from lastlink_ui.db import Database
from lastlink_ui.subscribers import counters, membership
from lastlink_ui.subscribers.lifecycle import DisputeStatus, PaymentStatus, Status
from lastlink_ui.subscribers.models import (
    Membership,
    MembershipChange,
    MembershipReason,
    Payment,
    Subscription,
)
from tests.faults import unguarded
from tests.faults.conftest import Provider
from tests.faults.shop import ON_SQLITE, SURVIVABLE, Shop, shuffled
from tests.support.rows import rows

POINTS = (
    "inbox.recorded",
    "inbox.done",
    "refund.refund.before",
    "refund.refund.answered",
    "refund.cancel.answered",
    "cancel_now.cancel.answered",
)
FAULTS = (
    ("POST /v1/refunds", "lose_answer"),
    ("POST /v1/refunds", "status_500"),
    ("DELETE /v1/subscriptions/*", "lose_answer"),
    ("GET /v1/invoices", "refuse"),
    ("GET /v1/invoice*", "status_429"),
)
some = st.integers(0, 99)
_FOUND = Path(__file__).parent / "found"


Result = TypeVar("Result")


@dataclass(frozen=True)
class Around:
    """Where each run takes place."""

    new_database: Callable[[], str]
    provider: Provider


class Machine(RuleBasedStateMachine):
    """One run: a database and a provider that are new, and everything that may happen to them."""

    around: ClassVar[Around]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.sold: list[str] = []
        self.kept: dict[str, set[str]] = {}

    def run(self, work: Coroutine[Any, Any, Result]) -> Result | None:
        """What `work` comes to; a death or a silent provider is survived."""
        try:
            return self.runner.run(work)
        except SURVIVABLE:
            return None

    @initialize()
    def opens(self) -> None:
        self.around.provider.sandbox.reset()
        self.database = Database(self.around.new_database())
        self.shop = Shop(self.database, self.around.provider.sandbox, self.around.provider.clock_file)
        self.runner.run(self.shop.open())

    def one(self, number: int) -> str:
        return self.sold[number % len(self.sold)]

    has_sold = precondition(lambda self: self.sold)

    @rule(number=some)
    def somebody_subscribes(self, number: int) -> None:
        if sold := self.run(self.subscribe(f"fa{number % 3}@example.com")):
            self.sold.append(sold)

    @rule(number=some)
    def somebody_pays_on_two_pages(self, number: int) -> None:
        for sold in self.run(self.pay_twice(f"fa{number % 3}@example.com")) or ():
            self.sold.append(sold)

    @rule(number=some)
    def somebody_takes_a_boleto(self, number: int) -> None:
        if sold := self.run(self.issue_boleto(f"fa{number % 3}@example.com")):
            self.sold.append(sold)

    async def issue_boleto(self, email: str) -> str | None:
        try:
            return await self.shop.issue_boleto(email)
        except LastlinkError:
            return None  # has it already, or still has one to pay

    @has_sold
    @rule(number=some, verb=st.sampled_from(["pay_boleto", "expire_boleto"]))
    def a_boleto_is_settled(self, number: int, verb: str) -> None:
        sandbox = self.around.provider.sandbox
        # A bad line is there for the bank as well.
        with contextlib.suppress(httpx.HTTPError):
            for invoice in sandbox.get("/v1/invoices", subscription=self.one(number), limit="1")["data"]:
                for payment in sandbox.get("/v1/invoice_payments", invoice=invoice["id"])["data"]:
                    sandbox.try_to_act(verb, payment["payment"]["payment_intent"])

    @has_sold
    @rule(number=some, token=st.sampled_from(["pm_card_chargeCustomerFail", "pm_card_visa"]))
    def a_card_changes(self, number: int, token: str) -> None:
        """One that is refused from the next renewal on, or one that is good again."""
        with contextlib.suppress(httpx.HTTPError):
            self.around.provider.sandbox.use_card(self.one(number), token)

    @has_sold
    @rule(number=some)
    def the_fan_changes_plan(self, number: int) -> None:
        self.run(self.act("change_plan", number, self.shop.other_plan.id))

    async def pay_twice(self, email: str) -> list[str]:
        try:
            return await self.shop.sell_twice(email)
        except LastlinkError:
            return []

    async def subscribe(self, email: str) -> str | None:
        try:
            return await self.shop.sell(email=email)
        except LastlinkError:
            return None  # has it already

    @has_sold
    @rule(number=some, at_once=st.booleans())
    def the_creator_cancels(self, number: int, at_once: bool) -> None:  # noqa: FBT001
        self.run(self.act("cancel", number, at_once=at_once))

    @has_sold
    @rule(number=some)
    def the_creator_refunds(self, number: int) -> None:
        self.run(self.act("refund", number))

    @has_sold
    @rule(number=some)
    def the_fan_withdraws(self, number: int) -> None:
        self.run(self.act("withdraw", number))

    @has_sold
    @rule(number=some)
    def the_creator_removes(self, number: int) -> None:
        self.run(self.act("remove", number))

    @has_sold
    @rule(number=some)
    def the_creator_readds(self, number: int) -> None:
        self.run(self.act("readd", number))

    async def act(self, what: str, number: int, *more: PlanId, **options: bool) -> None:
        known = {row.provider_subscription_id: row for row in await rows(self.database, Subscription)}
        row = known.get(self.one(number))
        if row is None:
            return
        # Where a rule says no, the invariants tell that nothing came of it.
        service = self.shop.withdrawals if what == "withdraw" else self.shop.service
        with contextlib.suppress(LastlinkError):
            await getattr(service, what)(self.shop.creator.id, row.id, *more, self.shop.actor, **options)

    @has_sold
    @rule(number=some)
    def it_is_cancelled_at_the_provider(self, number: int) -> None:
        provider_id = self.one(number)
        self.run(self.shop.gateway.cancel(provider_id, at_once=False, key=f"{provider_id}:{len(self.sold)}"))

    @has_sold
    @rule(number=some, verdict=st.sampled_from(["open_dispute", "win_dispute", "lose_dispute"]))
    def the_bank_speaks(self, number: int, verdict: str) -> None:
        customer = self.around.provider.sandbox.get(f"/v1/subscriptions/{self.one(number)}")["customer"]
        for charge in self.around.provider.sandbox.get("/v1/charges", customer=customer)["data"][:1]:
            if verdict == "open_dispute":
                self.around.provider.sandbox.try_to_act(verdict, charge["id"])
            else:
                for dispute in self.around.provider.sandbox.get("/v1/disputes", charge=charge["id"])["data"]:
                    self.around.provider.sandbox.try_to_act(verdict, dispute["id"])

    @rule(days=st.sampled_from([1.1, 4, 32]))
    def time_passes(self, days: float) -> None:
        self.around.provider.sandbox.advance(days=days)

    @rule(seed=some, share=st.integers(1, 4))
    def some_news_arrive(self, seed: int, share: int) -> None:
        news = shuffled(self.shop.events(), seed)
        for event in news[: len(news) // share][:6]:
            self.run(self.shop.inbox.take(event))

    @rule()
    def the_worker_comes_by(self) -> None:
        self.run(self.shop.carry_out())

    @rule(point=st.sampled_from(POINTS))
    def death_waits(self, point: str) -> None:
        self.shop.deaths.at = {point: self.shop.deaths.die}

    @rule(fault=st.sampled_from(FAULTS))
    def the_line_is_bad(self, fault: tuple[str, str]) -> None:
        self.around.provider.sandbox.fail(*fault)

    @rule()
    def it_is_reconciled(self) -> None:
        self.run(self.shop.reconciler.run())

    @invariant()
    def all_is_well(self) -> None:
        if hasattr(self, "shop"):
            self.runner.run(self.check())

    async def check(self) -> None:
        database = self.database
        payments = await rows(database, Payment)
        assert all(payment.refunded_amount <= payment.amount for payment in payments)
        operations = await rows(database, Operation)
        refunds = Counter(each.payment_id for each in operations if each.payment_id and each.unique_key)
        assert all(count == 1 for count in refunds.values())
        calls = await rows(database, ProviderCall)
        assert all(call.idempotency_key == f"{call.operation_id}:{call.step}" for call in calls)
        asked = self.around.provider.sandbox.requests("POST /v1/refunds")
        keys = {(each["params"]["payment_intent"], each["idempotency_key"]) for each in asked}
        assert all(count == 1 for count in Counter(intent for intent, _ in keys).values())
        made = {each["metadata"].get("operation_id") for each in self.around.provider.sandbox.refunds()}
        refused = {str(each.id) for each in operations if each.status is OperationStatus.REFUSED}
        assert not made & refused
        async with database.unit_of_work() as uow:
            assert await counters.recount(uow, self.shop.creator.id) == []
        await self.check_lists()
        for table in (AuditEntry, MembershipChange, InboxEvent):
            ids = {str(row.id) for row in await rows(database, table)}
            assert ids >= self.kept.get(table.__name__, set())
            self.kept[table.__name__] = ids

    async def check_lists(self) -> None:
        subscriptions = await rows(self.database, Subscription)
        listed = {row.fan_id: row for row in await rows(self.database, Membership)}
        for row in subscriptions:
            member = listed.get(row.fan_id)
            assert row.in_list == bool(member and member.in_list)

    def teardown(self) -> None:
        try:
            if hasattr(self, "shop"):
                self.around.provider.sandbox.heal()
                self.shop.deaths.at.clear()
                self.runner.run(self.comes_to_rest())
        finally:
            if hasattr(self, "database"):
                self.runner.run(self.database.dispose())
            self.runner.close()

    async def comes_to_rest(self) -> None:
        """No more news arrive: reconciliation and the sweep alone bring everything to its end."""
        await self.settles()
        if await self.shop.runner.unfinished():
            # The provider repeats an answer under its key for a day, an error too; then it is asked anew.
            self.around.provider.sandbox.advance(days=1.1)
            await self.settles()
        assert await self.shop.runner.unfinished() == []
        await self.check()
        known = {str(row.provider_subscription_id): row for row in await rows(self.database, Subscription)}
        assert set(known) == set(self.sold)
        payments = {each.provider_invoice_id: each for each in await rows(self.database, Payment)}
        operations = {each.id: each for each in await rows(self.database, Operation)}
        for withdrawal in await rows(self.database, Withdrawal):
            (paid,) = (each for each in payments.values() if each.id == withdrawal.payment_id)
            was_refused = operations[withdrawal.operation_id].status is OperationStatus.REFUSED
            assert was_refused or paid.refunded_amount == withdrawal.amount
        live = Counter[FanId]()
        for provider_id, row in known.items():
            self.compare(self.around.provider.sandbox.get(f"/v1/subscriptions/{provider_id}"), row)
            for invoice in self.around.provider.sandbox.get(
                "/v1/invoices", subscription=provider_id, limit="100"
            )["data"]:
                if invoice["status"] == "paid":
                    assert invoice["id"] in payments
                    self.compare_money(invoice, payments[invoice["id"]])
            live[row.fan_id] += row.ended_at is None and row.access_until is not None
        assert all(count <= 1 for count in live.values())
        await self.check_access()

    async def settles(self) -> None:
        for _ in range(2):
            await self.shop.carry_out()
            assert (await self.shop.reconcile()).failures == []
        assert (await self.shop.reconcile()).repairs == []

    def compare(self, there: dict[str, Any], row: Subscription) -> None:
        assert (there["ended_at"] is None) == (row.ended_at is None)
        if row.ended_at is None:
            assert there["cancel_at_period_end"] == row.cancel_at_period_end
        assert (row.status in {Status.ACTIVE, Status.PAYMENT_PENDING}) <= (
            not there["cancel_at_period_end"] and there["ended_at"] is None
        )

    def compare_money(self, invoice: dict[str, Any], payment: Payment) -> None:
        assert payment.status is PaymentStatus.PAID
        assert payment.amount == invoice["total"]
        intent = str(payment.provider_payment_intent_id)
        returned = [
            each for each in self.around.provider.sandbox.refunds(intent) if each["status"] == "succeeded"
        ]
        assert payment.refunded_amount == sum(each["amount"] for each in returned) <= payment.amount
        disputes = self.around.provider.sandbox.get("/v1/disputes", payment_intent=intent)["data"]
        said = {"needs_response": DisputeStatus.OPEN, "under_review": DisputeStatus.OPEN}
        said |= {"won": DisputeStatus.WON, "lost": DisputeStatus.LOST}
        assert payment.dispute_status == (said[disputes[0]["status"]] if disputes else None)

    async def check_access(self) -> None:
        """Who is in the list is entitled; who is entitled is in it, unless the creator said otherwise."""
        async with self.database.unit_of_work() as uow:
            for member in list(await rows(self.database, Membership)):
                entitled = await membership.is_entitled(uow, member.fan_id, self.shop.clock.now())
                removed = member.reason is MembershipReason.REMOVED_BY_CREATOR
                readded = member.reason is MembershipReason.READDED_BY_CREATOR
                assert member.in_list == (entitled and not removed) or readded


@pytest.fixture
def runs(request: pytest.FixtureRequest, database_kind: str) -> settings:
    """How much is tried: the same each time, and much more with `--long`."""
    is_long = bool(request.config.getoption("--long"))
    few = 6 if database_kind == "sqlite" else 3
    return settings(
        max_examples=400 if is_long else few,
        stateful_step_count=60 if is_long else 16,
        derandomize=not is_long,
        # What a long run finds is tried first by the next one.
        database=DirectoryBasedExampleDatabase(_FOUND) if is_long else None,
        print_blob=True,
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        phases=tuple(Phase) if is_long else (Phase.generate,),
    )


def test_whatever_happens_the_invariants_hold(
    new_database_url: Callable[[], str], provider: Provider, runs: settings
) -> None:
    _try_everything(new_database_url, provider, runs)


def _try_everything(new_database: Callable[[], str], provider: Provider, runs: settings) -> None:
    here = type("Here", (Machine,), {"around": Around(new_database, provider)})
    run_state_machine_as_test(here, settings=runs)


@ON_SQLITE
@pytest.mark.parametrize("guard", ["reconciliation", "one_live_subscription"])
def test_with_a_guard_off_the_machine_finds_it(
    new_database_url: Callable[[], str],
    provider: Provider,
    runs: settings,
    guard: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative controls: what holds the invariants up, switched off one at a time."""
    monkeypatch.setattr(*unguarded.GUARDS[guard])
    with pytest.raises(AssertionError):
        _try_everything(new_database_url, provider, runs)
