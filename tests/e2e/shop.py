"""A creator with plans on sale, made through the services in the running program's database."""

import asyncio
import itertools
import re
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from lastlink_ui.accounts.models import Creator as CreatorRow
from lastlink_ui.accounts.service import Accounts
from lastlink_ui.billing.checkouts import Checkouts, Form
from lastlink_ui.billing.gateway import Address, Payer
from lastlink_ui.billing.stripe_gateway import StripeGateway
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.clock import SystemClock
from lastlink_ui.core.ids import CreatorId, ListTaskId, PlanId
from lastlink_ui.db import Database
from lastlink_ui.live import MemoryFeed
from lastlink_ui.plans.rules import PlanDraft
from lastlink_ui.plans.service import Plans
from lastlink_ui.subscribers.fans import Person
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.subscribers.lists import Lists
from lastlink_ui.subscribers.models import Subscription
from tests.sandbox.provider import Provider
from tests.support.accounts import connect_to_sandbox
from tests.support.one_account import OneAccount
from tests.support.processes import eventually
from tests.support.rows import rows
from tests.support.sandbox import KEY
from tests.support.server import Server

PASSWORD = "uma-senha-bem-comprida"
ABOUT = "Bastidores, treinos e receitas que não vão para o feed."
PLANS = (
    PlanDraft("Mensal", "29,90", "monthly"),
    PlanDraft(
        "Trimestral",
        "79,90",
        "quarterly",
        access_text="Peça para seguir @ana.vip\ne avise por mensagem.",
        access_link="https://t.me/exemplo",
        highlighted=True,
    ),
    PlanDraft("Anual", "249,00", "annual"),
)

_PAYER = Payer("52998224725", Address("Rua A, 1", "Centro", "São Paulo", "SP", "01310100"))
Result = TypeVar("Result")
_serial = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Shop:
    """One creator's page, and the sandbox behind it."""

    server: Server
    creator: CreatorId
    handle: str
    email: str
    plans: tuple[PlanId, ...]

    @classmethod
    def opened(
        cls,
        server: Server,
        *,
        name: str = "Ana Demo",
        about: str = ABOUT,
        connected: bool = True,
        boleto: bool = False,
        proved: bool = True,
    ) -> "Shop":
        """A new creator with `PLANS`, who is paid through the sandbox by card, and by boleto where asked.

        `proved`: whether the account's e-mail has answered.
        """
        number = next(_serial)
        handle, email = f"ana.demo{number}", f"ana{number}@example.com"

        async def make(database: Database) -> tuple[CreatorId, tuple[PlanId, ...]]:
            clock = SystemClock()
            creator = await Accounts(database, clock).create_creator(
                email, PASSWORD, name, handle, about=about
            )
            if proved:
                async with database.unit_of_work() as uow:
                    (await uow.session.get_one(CreatorRow, creator)).email_confirmed_at = clock.now()
            plans = Plans(database, clock, MemoryFeed())
            if connected:
                await connect_to_sandbox(database, server.sandbox, creator, boleto=boleto)
            return creator, tuple([await plans.create(creator, draft, SYSTEM) for draft in PLANS])

        creator, plans = _in_database(server, make)
        return cls(server, creator, handle, email, plans)

    @property
    def address(self) -> str:
        """Where the public page is."""
        return f"{self.server.origin}/{self.handle}"

    def sell(self, email: str, *, boleto: bool = False) -> None:
        """Have a fan subscribe to the second plan: a card pays at once, a boleto waits."""

        async def start(database: Database) -> str:
            gateways = OneAccount(StripeGateway(KEY, self.server.sandbox.origin))
            checkouts = Checkouts(database, SystemClock(), gateways, "secret", self.server.origin)
            payer = _PAYER if boleto else None
            method = Method.BOLETO if boleto else Method.CARD
            person = Person("Beatriz Ribeiro", f"fa.{self.handle}"[:30], email)
            return await checkouts.start(self.creator, Form(self.plans[1], method, person, email, payer))

        url, sandbox = _in_database(self.server, start), self.server.sandbox
        assert (sandbox.pay_by_boleto(url) if boleto else sandbox.pay(url)).is_redirect
        self.expect_row("payment_pending" if boleto else "active")

    def offer(self, draft: PlanDraft) -> None:
        """One plan more, heard of by nobody yet."""

        async def create(database: Database) -> None:
            await Plans(database, SystemClock(), MemoryFeed()).create(self.creator, draft, SYSTEM)

        _in_database(self.server, create)

    def archive_unheard(self, plan: PlanId) -> None:
        """Take the plan off sale behind the program's back: pages that are open hear nothing of it."""

        async def archive(database: Database) -> None:
            await Plans(database, SystemClock(), MemoryFeed()).archive(self.creator, plan, SYSTEM)

        _in_database(self.server, archive)

    def open_task(self) -> ListTaskId:
        """The one thing that is to be done by hand in the creator's list."""

        async def find(database: Database) -> ListTaskId:
            page = await Lists(database, SystemClock(), MemoryFeed()).open_tasks(self.creator)
            (task,) = page.tasks
            return task.id

        return _in_database(self.server, find)

    def rows(self) -> list[Subscription]:
        """The creator's subscriptions, as they are in the database."""

        async def find(database: Database) -> list[Subscription]:
            return [row for row in await rows(database, Subscription) if row.creator_id == self.creator]

        return _in_database(self.server, find)

    def expect_row(self, status: str) -> None:
        """The one subscription comes to that status."""
        eventually(lambda: [row.status for row in self.rows()] == [status], what=f"the row's {status}")

    def _voucher(self) -> dict[str, Any]:
        (checkout,) = (each for each in self.checkouts() if each["status"] == "complete")
        payments = self.server.sandbox.get("/v1/invoice_payments", invoice=checkout["invoice"])["data"]
        return self.server.sandbox.get(f"/v1/payment_intents/{payments[0]['payment']['payment_intent']}")

    def end_at_provider(self) -> None:
        """End the one subscription there, as the creator may do in the provider's own dashboard."""
        (row,) = self.rows()
        assert row.provider_subscription_id
        Provider(self.server.sandbox).api.subscriptions.cancel(row.provider_subscription_id)

    def voucher_line(self) -> str:
        """The digits that pay the boleto, as the provider has them."""
        return self._voucher()["next_action"]["boleto_display_details"]["number"]

    def act_on_voucher(self, verb: str) -> None:
        """`pay_boleto` or `expire_boleto`: what the voucher page's buttons do."""
        url = f"{self.server.sandbox.origin}/_sandbox/act/{verb}/{self._voucher()['id']}"
        httpx.post(url, timeout=10).raise_for_status()

    def mail(self, to: str, subject: str) -> dict[str, Any]:
        """The one mail whose subject begins like that, as soon as it is there."""

        def found() -> list[dict[str, Any]]:
            return [each for each in self.server.sandbox.mails(to) if each["subject"].startswith(subject)]

        eventually(lambda: bool(found()), what=f"the mail {subject}")
        (mail,) = found()
        return mail

    def sign_in_link(self, email: str) -> str:
        """The link to the fan's own page that was mailed."""
        found = re.search(r"http\S+/minha-assinatura/entrar/\w+", self.mail(email, "Seu link")["text"])
        assert found
        return found.group()

    def checkouts(self) -> list[dict[str, Any]]:
        """The provider's payment pages for this creator's fans."""
        sessions = self.server.sandbox.get("/v1/checkout/sessions", limit="100")["data"]
        return [session for session in sessions if session["metadata"]["creator_id"] == str(self.creator)]

    def refunds(self) -> list[dict[str, Any]]:
        """What the provider returned to this creator's fans."""
        sold = {
            payment["payment"]["payment_intent"]
            for checkout in self.checkouts()
            if checkout["subscription"]
            for invoice in self.server.sandbox.get("/v1/invoices", subscription=checkout["subscription"])[
                "data"
            ]
            for payment in self.server.sandbox.get("/v1/invoice_payments", invoice=invoice["id"])["data"]
        }
        return [refund for refund in self.server.sandbox.refunds() if refund["payment_intent"] in sold]


def _in_database(server: Server, work: Callable[[Database], Coroutine[Any, Any, Result]]) -> Result:
    """Run `work` in a thread of its own: Playwright's loop holds this one."""

    async def run() -> Result:
        database = Database(server.database_url)
        try:
            return await work(database)
        finally:
            await database.dispose()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()
