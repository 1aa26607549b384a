"""The plan that is being written: what was typed, what is wrong with it, and how the page would look."""

from dataclasses import replace
from typing import Any

import reflex as rx
from reflex_base.event import EventType

from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId, PlanId
from lastlink_ui.core.money import parse_reais
from lastlink_ui.core.who import Who
from lastlink_ui.plans import rules
from lastlink_ui.plans.preview import with_draft
from lastlink_ui.plans.rules import InvalidPlan, PlanDraft
from lastlink_ui.plans.service import OwnPlan
from lastlink_ui.plans.storefront import Storefront
from lastlink_ui.text import plural, t
from lastlink_ui.text.formats import money
from lastlink_ui.web.events import event
from lastlink_ui.web.plans.state import PlansState
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.typed import field_of, id_of, text_of
from lastlink_ui.wiring import services

# The names of the text fields in the page, in order, and what each is in the draft.
FIELDS = {
    "nome": "name",
    "preco": "price",
    "periodo": "period",
    "descricao": "description",
    "acesso": "access_text",
    "link": "access_link",
}
POPULAR = "mais_popular"
_NEW = ""


class PlanEditorState(SignedIn, rx.State):
    """One open editor. What was typed stays until it is saved, also when the editor is closed."""

    open: bool = False
    title: str = ""
    first: dict[str, str] = dict.fromkeys(FIELDS, "")
    """What the fields hold when the editor opens; from then on what is typed lives in the browser."""
    first_popular: bool = False
    errors: dict[str, str] = dict.fromkeys(FIELDS, "")
    trouble: str = ""
    keeping: str = ""
    """Who goes on at the old price, while the typed one differs."""
    preview: Storefront = Storefront()

    _plan: str = _NEW
    _saved: PlanDraft = PlanDraft()
    """The plan as it is stored; an empty draft for a new one."""
    _subscriptions: int = 0
    _unsaved: dict[str, PlanDraft] = {}
    """For each plan whose editor was closed, what was typed in it."""
    _draft: PlanDraft = PlanDraft()

    @event(Who.CREATOR)
    async def write_new(self) -> None:
        """Open the editor for a new plan."""
        await self._begin((await self._creator()).handle, None)

    @event(Who.CREATOR)
    async def edit(self, plan_id: str) -> None:
        """Open the editor for a plan."""
        creator = await self._creator()
        wanted = id_of(plan_id)
        plans = await services().plans.list(creator.creator_id)
        plan = next((each for each in plans if each.id == wanted), None)
        if plan is None:
            raise NotFound
        await self._begin(creator.handle, plan)

    @event(Who.CREATOR)
    async def dismiss(self) -> None:
        """Close the editor; what was typed is there when it opens again."""
        await self._creator()
        if self.open:
            self._unsaved = {**self._unsaved, self._plan: self._draft}
        self.open = False

    @event(Who.CREATOR)
    async def check(self, name: str, text: str) -> None:
        """Keep what stands in a field and say what is wrong with it; one never filled is left alone."""
        creator = await self._creator()
        if name not in FIELDS or not self.open:
            return
        typed = text_of(text)
        untouched = not typed.strip() and not getattr(self._draft, FIELDS[name])
        self._draft = replace(self._draft, **{FIELDS[name]: typed})
        problem = rules.problems(self._draft).get(FIELDS[name])
        self.errors = {**self.errors, name: t(problem) if problem and not untouched else ""}
        await self._show(creator.handle)

    @event(Who.CREATOR)
    async def mark_popular(self, popular: bool) -> None:  # noqa: FBT001 - what a check box sends
        """Keep whether it is the most popular one."""
        creator = await self._creator()
        self._draft = replace(self._draft, highlighted=popular is True)
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
            self.errors = {
                name: t(invalid.errors[field]) if field in invalid.errors else ""
                for name, field in FIELDS.items()
            }
            self.trouble = t(invalid.message_key)
            return rx.set_focus(next(name for name in FIELDS if self.errors[name]))
        self.open = False
        self._unsaved = {plan: draft for plan, draft in self._unsaved.items() if plan != self._plan}
        (await self.get_state(PlansState)).result = sentence
        return PlansState.refresh

    async def _store(self, creator: CreatorId) -> str:
        actor = Actor(ActorKind.CREATOR, str(creator))
        if self._plan == _NEW:
            await services().plans.create(creator, self._draft, actor)
            return t("plans.created_now")
        edited = await services().plans.edit(creator, PlanId(id_of(self._plan)), self._draft, actor)
        if not edited.keeping:
            return t("plans.saved_now")
        return plural("plans.saved_keeping", edited.keeping, price=_price_of(self._saved))

    async def _begin(self, handle: str, plan: OwnPlan | None) -> None:
        self._plan = str(plan.id) if plan else _NEW
        self._saved = _draft_of(plan) if plan else PlanDraft()
        self._subscriptions = plan.subscriptions if plan else 0
        self._draft = self._unsaved.get(self._plan, self._saved)
        self.first = {name: getattr(self._draft, field) for name, field in FIELDS.items()}
        self.first_popular = self._draft.highlighted
        self.errors, self.trouble = dict.fromkeys(FIELDS, ""), ""
        self.title = t("plans.editor.edit", name=plan.name) if plan else t("plans.new")
        await self._show(handle)
        self.open = True

    async def _show(self, handle: str) -> None:
        page = await services().plans.public(handle)
        if page is None:
            return
        plan_id = PlanId(id_of(self._plan)) if self._plan != _NEW else None
        self.preview = Storefront.of(with_draft(page, self._draft, plan_id))
        changed = self._plan != _NEW and not _same_price(self._draft, self._saved)
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
