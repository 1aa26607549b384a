"""Makes the demo creator and subscribers: each time everything or nothing, the same for the same seed."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.accounts.models import Creator
from lastlink_ui.accounts.passwords import hash_password
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.ids import CreatorId, PlanId
from lastlink_ui.core.period import Period
from lastlink_ui.db import Database
from lastlink_ui.demo.account import DEMO_EMAIL, DEMO_HANDLE, DEMO_PASSWORD, DEMO_SUBSCRIBERS
from lastlink_ui.demo.at_provider import History
from lastlink_ui.demo.bulk import without_indexes
from lastlink_ui.demo.copies import MOST_COPIES, Copies
from lastlink_ui.demo.names import MadeUp, People
from lastlink_ui.demo.stories import Teller, Terms
from lastlink_ui.demo.writing import TABLES, Deal, Writer, id_at
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.counters import recount
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.subscribers.models import Subscription

_NAME = "Ana Demo"
_ABOUT = "Bastidores, receitas e conversas que não cabem no feed. Todo dia nos melhores amigos."
_AGE = timedelta(days=1100)
_AT_PROVIDER = 500
"""How many subscriptions the sandbox knows; the others are only looked at."""
_CHUNK = 5_000
BLOCK = 10_000
"""How many stories are told at the most; more subscribers than twice as many live them again."""
_BOLETO, _RETURNED = 0.18, 0.03
# Name, centavos, period, how often it is chosen, what it says, whether it is marked.
_PLANS: Sequence[tuple[str, int, Period, int, str, bool]] = (
    ("Mensal", 2990, Period.MONTHLY, 55, "Para experimentar sem pressa.", False),
    ("Trimestral", 7990, Period.QUARTERLY, 20, "Três meses de conteúdo.", True),
    ("Semestral", 14990, Period.SEMIANNUAL, 11, "Meio ano, um pagamento só.", False),
    ("Anual", 24900, Period.ANNUAL, 14, "O ano inteiro pelo menor preço.", False),
)
_ACCESS_TEXT = (
    "Você entra nos melhores amigos do @anademo em até 24 horas. Deixe seu perfil aberto para pedidos e "
    "acompanhe os stories com o anel verde."
)
_ACCESS_LINK = "https://instagram.com/anademo"

Progress = Callable[[int, int | None], None]


async def has_demo(database: Database) -> bool:
    """Whether the demo creator is there."""
    async with database.reading() as session:
        found = await session.scalar(select(col(Creator.id)).where(col(Creator.email) == DEMO_EMAIL))
    return found is not None


@dataclass(frozen=True, slots=True)
class _Found:
    """The demo creator that is there already, with its first plans and how many subscriptions it has."""

    creator: Creator
    plans: list[Plan]
    subscriptions: int


async def _found(database: Database) -> _Found | None:
    async with database.reading() as session:
        creator = await session.scalar(select(Creator).where(col(Creator.email) == DEMO_EMAIL))
        if creator is None:
            return None
        mine = col(Plan.creator_id) == creator.id
        plans = await session.scalars(
            select(Plan)
            .where(mine, col(Plan.provider_product_id).like("prod_demo%"))
            .order_by(col(Plan.position))
        )
        count = select(func.count()).select_from(Subscription)
        known = await session.scalar(count.where(col(Subscription.creator_id) == creator.id))
        by_period = {plan.period: plan for plan in plans}
        return _Found(
            creator, [by_period[period] for _, _, period, *_ in _PLANS if period in by_period], known or 0
        )


async def seed(
    database: Database,
    clock: Clock,
    sandbox_api: str | None,
    subscribers: int = DEMO_SUBSCRIBERS,
    seed: int = 1,
    progress: Progress = lambda _done, _total: None,
    block: int = BLOCK,
) -> int:
    """Give the demo creator that many subscriptions more, making it where it is missing; how many were made.

    The sandbox at `sandbox_api`, where there is one, is told of the creator's first 500. Raises:
    httpx.HTTPError when it does not answer; nothing is written then.
    """
    found = await _found(database)
    known = found.subscriptions if found else 0
    # The first ones repeat for the same seed; those that come to others must not be the same ones again.
    chance = random.Random(f"{seed}:{known}" if known else seed)  # noqa: S311 - made to repeat
    now = clock.now().replace(microsecond=0)
    creator = found.creator if found else _creator(chance, await hash_password(DEMO_PASSWORD), now)
    plans = found.plans if found else _plans(chance, creator.id, creator.created_at)
    people = People(chance, known)
    history = History()
    for plan in plans:
        history.add_plan(plan)
    prices: dict[Any, str] = {plan.id: plan.provider_price_id or "" for plan in plans}

    at_provider = max(0, min(subscribers, block, _AT_PROVIDER - known)) if sandbox_api else 0
    first = known + 1
    told = [(people.next(), deals) for deals in _deals(chance, plans, now, at_provider, first=first)]
    for person, deals in told:
        history.add_fan(person, deals, prices)
    if sandbox_api and told:
        await history.load(sandbox_api)

    # One transaction: a demo that was cut short would look like a whole one the next time.
    async with database.unit_of_work() as uow:
        if found is None:
            uow.session.add(creator)
            await uow.session.flush()
            uow.session.add_all(plans)
            await uow.session.flush()
        writer = _Scribe(uow.session, Writer(chance, CreatorId(creator.id), now), subscribers, progress)
        copies = min(max(subscribers // block - 1, 0), MOST_COPIES)
        everybody = partial(_everybody, people=people, chance=chance, plans=plans, now=now)
        if copies:
            async with without_indexes(uow.session, TABLES):
                written = await writer.write(everybody(told, block, first))
                await writer.copy(written, first, block, copies)
                rest = subscribers - writer.done
                await writer.write(everybody((), rest, first + writer.done))
        else:
            await writer.write(everybody(told, subscribers, first))
        await recount(uow, creator.id)
    progress(writer.done, writer.done)
    return writer.done


class _Scribe:
    """Brings people and their deals into the database, and says how far it is."""

    def __init__(self, session: AsyncSession, writer: Writer, total: int, progress: Progress) -> None:
        self.done = 0
        self._session = session
        self._writer = writer
        self._total = total
        self._progress = progress

    async def write(self, everybody: Iterable[tuple[MadeUp, list[Deal]]]) -> list[MadeUp]:
        """Write them; who they were."""
        written: list[MadeUp] = []
        for person, deals in everybody:
            self._writer.fan(person, deals)
            written.append(person)
            self.done += len(deals)
            if self.done % _CHUNK < len(deals):
                await self._writer.sheaf.write(self._session)
                self._progress(self.done, self._total)
        await self._writer.sheaf.write(self._session)
        return written

    async def copy(self, people: Sequence[MadeUp], first: int, size: int, times: int) -> None:
        """Write `size` subscriptions, from number `first` on and of `people`, that many times more."""
        copies = Copies(self._session, first, size)
        await copies.prepare(people)
        for number in range(1, times + 1):
            await copies.make(number)
            self.done += size
            self._progress(self.done, self._total)
        await copies.finish()


def _everybody(
    told: Sequence[tuple[MadeUp, list[Deal]]],
    subscribers: int,
    first: int,
    *,
    people: People,
    chance: random.Random,
    plans: Sequence[Plan],
    now: datetime,
) -> Iterator[tuple[MadeUp, list[Deal]]]:
    yield from told
    made = sum(len(deals) for _, deals in told)
    for deals in _deals(chance, plans, now, subscribers - made, first=first + made):
        yield people.next(), deals


def _deals(
    chance: random.Random, plans: Sequence[Plan], now: datetime, count: int, *, first: int
) -> Iterator[list[Deal]]:
    """What each of the next fans agreed to, `count` subscriptions together."""
    teller = Teller(chance, now)
    weights = [
        weight for _, _, period, weight, _, _ in _PLANS if any(plan.period is period for plan in plans)
    ]
    number, last = first, first + count - 1

    def deal(tell: Callable[[Terms], Any]) -> Deal:
        nonlocal number
        (plan,) = chance.choices(plans, weights)
        method = Method.BOLETO if chance.random() < _BOLETO else Method.CARD
        terms = Terms(plan.amount, plan.period, method)
        made = Deal(PlanId(plan.id), terms, tell(terms), number)
        number += 1
        return made

    while number <= last:
        if number < last and chance.random() < _RETURNED:
            before, after = deal(teller.canceled_ended), deal(teller.active)
            if (before.story.facts.ended_at or now) < after.story.started_at:
                yield [before, after]
                continue
            yield [before]
            yield [after]
            continue
        yield [deal(teller.tell)]


def _creator(chance: random.Random, password_hash: str, now: datetime) -> Creator:
    created = now - _AGE
    return Creator(
        id=CreatorId(id_at(created, chance)),
        email=DEMO_EMAIL,
        email_confirmed_at=created,
        password_hash=password_hash,
        name=_NAME,
        handle=DEMO_HANDLE,
        about=_ABOUT,
        created_at=created,
    )


def _plans(chance: random.Random, creator: CreatorId, created: datetime) -> list[Plan]:
    return [
        Plan(
            id=PlanId(id_at(created, chance)),
            creator_id=creator,
            name=name,
            description=description,
            amount=amount,
            period=period,
            access_text=_ACCESS_TEXT,
            access_link=_ACCESS_LINK,
            position=position,
            highlighted=highlighted,
            created_at=created,
            provider_product_id=f"prod_demo{period.value}",
            provider_price_id=f"price_demo{period.value}",
        )
        for position, (name, amount, period, _, description, highlighted) in enumerate(_PLANS)
    ]
