"""The plan that is being written: what was typed, what is wrong with it, and how the page would look."""

from dataclasses import replace
from typing import Any

import reflex as rx
from reflex_base.event import EventType

from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.ids import CreatorId, PlanId
from lastlink_ui.core.money import parse_reais
from lastlink_ui.core.who import Who
from lastlink_ui.plans import rules
from lastlink_ui.plans.drafts import NEW
from lastlink_ui.plans.preview import with_draft
from lastlink_ui.plans.rules import InvalidPlan, PlanDraft
from lastlink_ui.plans.service import OwnPlan
from lastlink_ui.plans.storefront import Storefront
from lastlink_ui.text import plural, t
from lastlink_ui.text.formats import money
from lastlink_ui.web.events import event
from lastlink_ui.web.plans.state import PlansState, plan_of
from lastlink_ui.web.signed_in import SignedIn, SignedInCreator
from lastlink_ui.web.typed import field_of, id_of, text_of
from lastlink_ui.wiring import services

# The names of the text fields in the page, in order, and what each is in the draft.
FIELDS = {
    "nome": "name",
    "preco": "price",
    "periodo": "period",
    "descricao": "description",
    "beneficios": "benefits",
    "acesso": "access_text",
    "link": "access_link",
}
POPULAR = "mais_popular"


class PlanEditorState(SignedIn, rx.State):
    """One open editor. What was typed is kept until it is published, whatever happens to the browser."""

    open: bool = False
    opened: int = 0
    """How often it was filled: each time its fields begin anew."""
    title: str = ""
    first: dict[str, str] = dict.fromkeys(FIELDS, "")
    """What the fields begin with. What is typed lives in the browser; this follows it for a page that is
    loaded again."""
    first_popular: bool = False
    is_draft: bool = False
    """Whether it opened with what was typed earlier."""
    errors: dict[str, str] = dict.fromkeys(FIELDS, "")
    trouble: str = ""
    keeping: str = ""
    """Who goes on at the old price, while the typed one differs."""
    preview: Storefront = Storefront()

    _plan: str = NEW
    _saved: PlanDraft = PlanDraft()
    """The plan as it is stored; an empty draft for a new one."""
    _subscriptions: int = 0
    _draft: PlanDraft = PlanDraft()

    @event(Who.CREATOR)
    async def write_new(self) -> None:
        """Open the editor for a new plan."""
        await self._begin(await self._creator(), None)

    @event(Who.CREATOR)
    async def edit(self, plan_id: str) -> None:
        """Open the editor for a plan."""
        creator = await self._creator()
        await self._begin(creator, await plan_of(creator.creator_id, plan_id))

    @event(Who.CREATOR)
    async def dismiss(self) -> EventType[()]:
        """Close the editor; what was typed is there when it opens again."""
        await self._creator()
        self.open = False
        return PlansState.refresh

    @event(Who.CREATOR)
    async def discard(self) -> None:
        """Begin again from the plan as it is published, or from nothing."""
        creator = await self._creator()
        if not self.open:
            return
        await services().drafts.forget(creator.creator_id, self._plan)
        plan = await plan_of(creator.creator_id, self._plan) if self._plan != NEW else None
        await self._begin(creator, plan)

    @event(Who.CREATOR)
    async def check(self, name: str, text: str) -> None:
        """Keep what stands in a field and say what is wrong with it; one never filled is left alone."""
        creator = await self._creator()
        if name not in FIELDS or not self.open:
            return
        typed = text_of(text)
        untouched = not typed.strip() and not getattr(self._draft, FIELDS[name])
        self._draft = replace(self._draft, **{FIELDS[name]: typed})
        self.first = {**self.first, name: typed}
        problem = rules.problems(self._draft).get(FIELDS[name])
        self.errors = {**self.errors, name: t(problem) if problem and not untouched else ""}
        await self._keep(creator.creator_id)
        await self._show(creator.handle)

    @event(Who.CREATOR)
    async def mark_popular(self, popular: bool) -> None:  # noqa: FBT001 - what a check box sends
        """Keep whether it is the most popular one."""
        creator = await self._creator()
        if not self.open:
            return
        self.first_popular = popular is True
        self._draft = replace(self._draft, highlighted=self.first_popular)
        await self._keep(creator.creator_id)
        await self._show(creator.handle)

    @event(Who.CREATOR)
    async def save(self, form: dict[str, Any]) -> EventType[()] | None:
        """Store the plan, or say what is missing."""
        creator = (await self._creator()).creator_id
        if not self.open:
            return None
        typed = {field: field_of(form, name) for name, field in FIELDS.items()}
        self._draft = PlanDraft(**typed, highlighted=POPULAR in form)
        try:
            sentence = await self._store(creator)
        except InvalidPlan as invalid:
            await self._keep(creator)
            self.errors = {
                name: t(invalid.errors[field]) if field in invalid.errors else ""
                for name, field in FIELDS.items()
            }
            self.trouble = t(invalid.message_key)
            return rx.set_focus(next(name for name in FIELDS if self.errors[name]))
        self.open = False
        await services().drafts.forget(creator, self._plan)
        (await self.get_state(PlansState)).result = sentence
        return PlansState.refresh

    async def _store(self, creator: CreatorId) -> str:
        actor = Actor(ActorKind.CREATOR, str(creator))
        if self._plan == NEW:
            await services().plans.create(creator, self._draft, actor)
            return t("plans.created_now")
        edited = await services().plans.edit(creator, PlanId(id_of(self._plan)), self._draft, actor)
        if not edited.keeping:
            return t("plans.saved_now")
        return plural("plans.saved_keeping", edited.keeping, price=_price_of(self._saved))

    async def _keep(self, creator: CreatorId) -> None:
        if self._draft == self._saved:
            await services().drafts.forget(creator, self._plan)
        else:
            await services().drafts.keep(creator, self._plan, self._draft)

    async def _begin(self, creator: SignedInCreator, plan: OwnPlan | None) -> None:
        self._plan = str(plan.id) if plan else NEW
        self._saved = _draft_of(plan) if plan else PlanDraft()
        self._subscriptions = plan.subscriptions if plan else 0
        kept = await services().drafts.find(creator.creator_id, self._plan)
        self._draft = kept or self._saved
        self.is_draft = self._draft != self._saved
        self.opened += 1
        self.first = {name: getattr(self._draft, field) for name, field in FIELDS.items()}
        self.first_popular = self._draft.highlighted
        self.errors, self.trouble = dict.fromkeys(FIELDS, ""), ""
        self.title = t("plans.editor.edit", name=plan.name) if plan else t("plans.new")
        await self._show(creator.handle)
        self.open = True

    async def _show(self, handle: str) -> None:
        page = await services().plans.public(handle)
        if page is None:
            return
        plan_id = PlanId(id_of(self._plan)) if self._plan != NEW else None
        self.preview = Storefront.of(with_draft(page, self._draft, plan_id))
        changed = self._plan != NEW and not _same_price(self._draft, self._saved)
        self.keeping = (
            plural("plans.editor.keeping", self._subscriptions, price=_price_of(self._saved))
            if changed and self._subscriptions
            else ""
        )


def _draft_of(plan: OwnPlan) -> PlanDraft:
    return PlanDraft(
        name=plan.name,
        price=money(plan.amount).replace("\N{NO-BREAK SPACE}", " ").removeprefix("R$ "),
        period=plan.period.value,
        description=plan.description,
        benefits="\n".join(plan.benefits),
        access_text=plan.access_text,
        access_link=plan.access_link,
        highlighted=plan.highlighted,
    )


def _same_price(one: PlanDraft, other: PlanDraft) -> bool:
    """Whether both cost the same for the same period; a price that cannot be read yet changes nothing."""
    if rules.price_problem(one.price):
        return one.period == other.period
    return (parse_reais(one.price), one.period) == (parse_reais(other.price), other.period)


def _price_of(draft: PlanDraft) -> str:
    return f"R$ {draft.price}"
