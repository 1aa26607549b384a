"""What a creator does with plans, and what the public page shows of them."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.accounts import audit
from lastlink_ui.accounts.models import Creator
from lastlink_ui.core.actor import Actor
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId, PlanId
from lastlink_ui.core.period import Period
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.live import Change, Feed, creator_channel
from lastlink_ui.plans import rules
from lastlink_ui.plans.models import Plan
from lastlink_ui.plans.rules import PlanDraft, PlanTerms

__all__ = ["EditedPlan", "OwnPlan", "Plans", "PublicPage", "PublicPlan"]

LiveSubscriptions = Callable[[AsyncSession, CreatorId], Awaitable[Mapping[PlanId, int]]]
"""How many subscriptions of each plan renew or may still be paid; the packages above know."""


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """A plan as its creator sees it."""

    id: PlanId
    name: str
    description: str
    benefits: tuple[str, ...]
    amount: int
    """In centavos, for each period."""
    period: Period
    access_text: str
    access_link: str
    highlighted: bool
    is_archived: bool
    subscriptions: int
    """Those that renew or may still be paid, at whatever price."""
    saving: int | None
    """Percent against the monthly plan."""


@dataclass(frozen=True, slots=True)
class PublicPlan:
    """A plan as anyone may see it. Amounts in centavos."""

    id: PlanId
    name: str
    description: str
    amount: int
    period: Period
    per_month: int
    highlighted: bool
    saving: int | None
    benefits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicPage:
    """What `/<handle>` shows."""

    creator_id: CreatorId
    name: str
    handle: str
    about: str
    accent: str
    plans: tuple[PublicPlan, ...]
    picture: str = ""
    """The id of the creator's picture, "" for none."""
    covers_renewals: bool = False
    """Whether a fan may withdraw from each renewal too."""


@dataclass(frozen=True, slots=True)
class EditedPlan:
    """What an edit came to."""

    id: PlanId
    keeping: int
    """How many subscriptions go on at the price they had; 0 when the price is as it was."""


async def _nobody(_session: AsyncSession, _creator: CreatorId) -> Mapping[PlanId, int]:
    return {}


class Plans:
    """The plans of each creator, in the order in which the public page shows them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        feed: Feed,
        live_subscriptions: LiveSubscriptions = _nobody,
    ) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed
        self._live_subscriptions = live_subscriptions

    async def list(self, creator: CreatorId) -> Sequence[OwnPlan]:
        """Every plan of the creator, archived ones too, in order."""
        async with self._database.reading() as session:
            plans = (await session.scalars(_in_order(creator))).all()
            live = await self._live_subscriptions(session, creator)
            monthly = rules.monthly_price(plan for plan in plans if plan.archived_at is None)
            return [_own(plan, live.get(plan.id, 0), monthly) for plan in plans]

    async def public(self, handle: str) -> PublicPage | None:
        """What the public page at `/<handle>` shows; None when nobody has that handle."""
        async with self._database.reading() as session:
            creator = await session.scalar(select(Creator).where(col(Creator.handle) == handle))
            if creator is None:
                return None
            offered = _in_order(creator.id).where(col(Plan.archived_at).is_(None))
            plans = (await session.scalars(offered)).all()
            monthly = rules.monthly_price(plans)
            return PublicPage(
                creator_id=creator.id,
                name=creator.name,
                handle=creator.handle,
                about=creator.about,
                accent=creator.accent,
                plans=tuple(_public(plan, monthly) for plan in plans),
                picture=creator.picture,
                covers_renewals=creator.covers_renewals,
            )

    async def published(self, most: int) -> Sequence[str]:
        """The handles of the pages on which something is sold, at most so many, in their order."""
        sells = select(col(Plan.id)).where(
            col(Plan.creator_id) == col(Creator.id), col(Plan.archived_at).is_(None)
        )
        handles = select(col(Creator.handle)).where(sells.exists()).order_by(col(Creator.handle)).limit(most)
        async with self._database.reading() as session:
            return (await session.scalars(handles)).all()

    async def create(self, creator: CreatorId, draft: PlanDraft, actor: Actor) -> PlanId:
        """Offer a new plan, after the others.

        Raises: InvalidPlan.
        """
        terms = rules.read(draft)
        async with self._changing(creator) as uow:
            plan = Plan(
                creator_id=creator,
                name=terms.name,
                amount=terms.amount,
                period=terms.period,
                position=await _next_position(uow, creator),
                created_at=self._clock.now(),
            )
            await _apply(uow, plan, terms)
            plan.catalogue_due_at = plan.created_at
            uow.session.add(plan)
            await self._record(uow, plan, actor, "plan.created", amount=plan.amount, period=plan.period)
        return plan.id

    async def edit(self, creator: CreatorId, plan_id: PlanId, draft: PlanDraft, actor: Actor) -> EditedPlan:
        """Change what new subscribers get; whoever subscribes already keeps price and period.

        Raises: InvalidPlan, NotFound.
        """
        terms = rules.read(draft)
        async with self._changing(creator) as uow:
            plan = await _owned(uow, creator, plan_id)
            before = plan.amount, plan.period
            await _apply(uow, plan, terms)
            plan.catalogue_due_at = self._clock.now()
            keeping = 0
            if (plan.amount, plan.period) != before:
                plan.provider_price_id = None
                keeping = (await self._live_subscriptions(uow.session, creator)).get(plan_id, 0)
            details: dict[str, audit.Detail] = {"amount_before": before[0], "period_before": before[1]}
            await self._record(
                uow, plan, actor, "plan.edited", amount=plan.amount, period=plan.period, **details
            )
        return EditedPlan(plan_id, keeping)

    async def archive(self, creator: CreatorId, plan_id: PlanId, actor: Actor) -> None:
        """Stop offering the plan; its subscriptions go on. Nothing happens to one that is archived.

        Raises: NotFound.
        """
        async with self._changing(creator) as uow:
            plan = await _owned(uow, creator, plan_id)
            if plan.archived_at is None:
                plan.archived_at = plan.catalogue_due_at = self._clock.now()
                plan.highlighted = False
                await self._record(uow, plan, actor, "plan.archived")

    async def restore(self, creator: CreatorId, plan_id: PlanId, actor: Actor) -> None:
        """Offer an archived plan again, after the others. Nothing happens to one that is offered.

        Raises: NotFound.
        """
        async with self._changing(creator) as uow:
            plan = await _owned(uow, creator, plan_id)
            if plan.archived_at is not None:
                plan.archived_at, plan.catalogue_due_at = None, self._clock.now()
                plan.position = await _next_position(uow, creator)
                await self._record(uow, plan, actor, "plan.restored")

    async def reorder(self, creator: CreatorId, order: Sequence[PlanId], actor: Actor) -> None:
        """Show the offered plans in this order.

        Raises: NotFound when `order` is not exactly the plans that are offered now.
        """
        async with self._changing(creator) as uow:
            found = await uow.session.scalars(
                _in_order(creator).where(col(Plan.archived_at).is_(None)).with_for_update()
            )
            plans = {plan.id: plan for plan in found}
            if len(order) != len(plans) or set(order) != set(plans):
                raise NotFound
            for position, plan_id in enumerate(order):
                plans[plan_id].position = position
            if order:
                await self._record(uow, plans[order[0]], actor, "plan.reordered")

    @asynccontextmanager
    async def _changing(self, creator: CreatorId) -> AsyncGenerator[UnitOfWork]:
        """A transaction after which whoever shows the creator's plans hears of it."""
        async with self._database.unit_of_work() as uow:
            uow.after_commit(lambda: self._feed.publish(creator_channel(creator), Change(plans=True)))
            yield uow

    async def _record(
        self, uow: UnitOfWork, plan: Plan, actor: Actor, action: str, **details: audit.Detail
    ) -> None:
        await audit.record(
            uow,
            plan.creator_id,
            actor,
            action,
            at=self._clock.now(),
            subject_kind="plan",
            subject_id=plan.id,
            details=details,
        )


def _in_order(creator: CreatorId) -> Select[Plan]:
    return select(Plan).where(col(Plan.creator_id) == creator).order_by(col(Plan.position), col(Plan.id))


async def _owned(uow: UnitOfWork, creator: CreatorId, plan_id: PlanId) -> Plan:
    found = await uow.session.scalar(
        select(Plan).where(col(Plan.id) == plan_id, col(Plan.creator_id) == creator).with_for_update()
    )
    if found is None:
        raise NotFound
    return found


async def _next_position(uow: UnitOfWork, creator: CreatorId) -> int:
    last = await uow.session.scalar(
        select(func.max(col(Plan.position))).where(col(Plan.creator_id) == creator)
    )
    return 0 if last is None else last + 1


async def _apply(uow: UnitOfWork, plan: Plan, terms: PlanTerms) -> None:
    plan.name, plan.description = terms.name, terms.description
    plan.benefits = "\n".join(terms.benefits)
    plan.amount, plan.period = terms.amount, terms.period
    plan.access_text, plan.access_link = terms.access_text, terms.access_link
    plan.highlighted = terms.highlighted and plan.archived_at is None
    if plan.highlighted:
        # Only one plan is the most popular.
        await uow.session.execute(
            update(Plan)
            .where(col(Plan.creator_id) == plan.creator_id, col(Plan.id) != plan.id)
            .values(highlighted=False)
        )


def _own(plan: Plan, subscriptions: int, monthly: int | None) -> OwnPlan:
    return OwnPlan(
        id=plan.id,
        name=plan.name,
        description=plan.description,
        benefits=rules.benefits_of(plan.benefits),
        amount=plan.amount,
        period=plan.period,
        access_text=plan.access_text,
        access_link=plan.access_link,
        highlighted=plan.highlighted,
        is_archived=plan.archived_at is not None,
        subscriptions=subscriptions,
        saving=rules.saving(plan.amount, plan.period, monthly),
    )


def _public(plan: Plan, monthly: int | None) -> PublicPlan:
    return PublicPlan(
        id=plan.id,
        name=plan.name,
        description=plan.description,
        amount=plan.amount,
        period=plan.period,
        per_month=rules.per_month(plan.amount, plan.period),
        highlighted=plan.highlighted,
        saving=rules.saving(plan.amount, plan.period, monthly),
        benefits=rules.benefits_of(plan.benefits),
    )
