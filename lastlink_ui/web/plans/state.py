"""The plans of the signed-in creator: their order, and which of them are offered."""

import reflex as rx

from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId, PlanId
from lastlink_ui.core.who import Who
from lastlink_ui.live import creator_channel
from lastlink_ui.plans.service import OwnPlan
from lastlink_ui.text import plural, t
from lastlink_ui.web.events import event
from lastlink_ui.web.plans.rows import PlanRow
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.typed import id_of
from lastlink_ui.wiring import services


class PlansState(SignedIn, rx.State):
    """The list, and the question before a plan is archived or offered again."""

    ready: bool = False
    offered: list[PlanRow] = []
    archived: list[PlanRow] = []
    result: str = ""
    """What the last action came to."""

    asking: bool = False
    archiving: bool = False
    """Whether the question is about archiving; else about offering again."""
    question: str = ""
    consequence: str = ""

    _asked: str = ""

    @event(Who.CREATOR)
    async def load(self) -> None:
        """Show the plans."""
        creator = (await self._creator()).creator_id
        self.asking, self.result = False, ""
        await self._look(creator)

    @event(Who.CREATOR)
    async def refresh(self) -> None:
        """Look again, keeping what is said about the last action."""
        await self._look((await self._creator()).creator_id)

    @event(Who.CREATOR, background=True)
    async def follow(self) -> None:
        """Show what changes, for as long as the page is open."""
        creator = (await self._creator()).creator_id
        async with services().feed.follow(creator_channel(creator)) as changes:
            await self._refresh()
            async for change in changes:
                # New subscriptions count too: each plan shows how many it has.
                if change.plans or change.subscriptions:
                    await self._refresh()

    @event(Who.CREATOR)
    async def move_up(self, plan_id: str) -> None:
        """Show the plan one place earlier."""
        await self._move(plan_id, -1)

    @event(Who.CREATOR)
    async def move_down(self, plan_id: str) -> None:
        """Show the plan one place later."""
        await self._move(plan_id, 1)

    @event(Who.CREATOR)
    async def place(self, plan_id: str, to: int) -> None:
        """Show the plan at the place `to`, counted from 0."""
        creator, moved = (await self._creator()).creator_id, PlanId(id_of(plan_id))
        await self._put(creator, await _order_around(creator, moved), moved, to)

    @event(Who.CREATOR)
    async def ask_to_archive(self, plan_id: str) -> None:
        """Ask before the plan is no longer offered."""
        await self._ask(plan_id, archiving=True)

    @event(Who.CREATOR)
    async def ask_to_restore(self, plan_id: str) -> None:
        """Ask before the plan is offered again."""
        await self._ask(plan_id, archiving=False)

    @event(Who.CREATOR)
    async def dismiss(self) -> None:
        """Leave it as it is."""
        await self._creator()
        self.asking = False

    @event(Who.CREATOR)
    async def confirm(self) -> None:
        """Do what was asked about."""
        creator = (await self._creator()).creator_id
        if not self.asking:
            return
        self.asking = False
        change = services().plans.archive if self.archiving else services().plans.restore
        await change(creator, PlanId(id_of(self._asked)), _actor(creator))
        self.result = t("plans.archived_now" if self.archiving else "plans.restored_now")
        await self._look(creator)

    async def _ask(self, plan_id: object, *, archiving: bool) -> None:
        creator = (await self._creator()).creator_id
        plan = await plan_of(creator, plan_id)
        self._asked, self.archiving, self.result = str(plan.id), archiving, ""
        if archiving:
            self.question = t("plans.archive.question", name=plan.name)
            self.consequence = _archiving(plan.subscriptions)
        else:
            self.question = t("plans.restore.question", name=plan.name)
            self.consequence = t("plans.restore.consequence")
        self.asking = True

    async def _move(self, plan_id: object, by: int) -> None:
        creator, moved = (await self._creator()).creator_id, PlanId(id_of(plan_id))
        order = await _order_around(creator, moved)
        await self._put(creator, order, moved, order.index(moved) + by)

    async def _put(self, creator: CreatorId, order: list[PlanId], moved: PlanId, to: int) -> None:
        to = min(max(to, 0), len(order) - 1)
        order.remove(moved)
        order.insert(to, moved)
        await services().plans.reorder(creator, order, _actor(creator))
        self.result = t("plans.moved", place=to + 1, of=len(order))
        await self._look(creator)

    async def _refresh(self) -> None:
        async with self:
            await self._look((await self._creator()).creator_id)

    async def _look(self, creator: CreatorId) -> None:
        plans = await services().plans.list(creator)
        drafts = await services().drafts.waiting(creator)
        offered = [plan for plan in plans if not plan.is_archived]
        self.offered = [
            PlanRow.of(plan, drafts, is_first=place == 0, is_last=place == len(offered) - 1)
            for place, plan in enumerate(offered)
        ]
        self.archived = [
            PlanRow.of(plan, drafts, is_first=True, is_last=True) for plan in plans if plan.is_archived
        ]
        self.ready = True


async def plan_of(creator: CreatorId, plan_id: object) -> OwnPlan:
    """The creator's plan with that id. Raises: NotFound."""
    wanted = id_of(plan_id)
    found = next((plan for plan in await services().plans.list(creator) if plan.id == wanted), None)
    if found is None:
        raise NotFound
    return found


async def _order_around(creator: CreatorId, moved: PlanId) -> list[PlanId]:
    """The offered plans, in order. Raises: NotFound when `moved` is none of them."""
    order = [plan.id for plan in await services().plans.list(creator) if not plan.is_archived]
    if moved not in order:
        raise NotFound
    return order


def _archiving(subscriptions: int) -> str:
    return (
        plural("plans.archive.consequence", subscriptions)
        if subscriptions
        else t("plans.archive.without_subscribers")
    )


def _actor(creator: CreatorId) -> Actor:
    return Actor(ActorKind.CREATOR, str(creator))
