"""One plan as the page shows it."""

from collections.abc import Collection
from dataclasses import dataclass

from lastlink_ui.plans.service import OwnPlan
from lastlink_ui.text import plural, t
from lastlink_ui.text.formats import money


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan, in words."""

    id: str
    name: str
    description: str
    price: str
    every: str
    saving: str
    subscribers: str
    popular: str
    draft: str
    """Said of one that is being written, "" of others."""
    is_first: bool
    is_last: bool

    @classmethod
    def of(cls, plan: OwnPlan, drafts: Collection[str], *, is_first: bool, is_last: bool) -> "PlanRow":
        """`plan` in words; `drafts`: those that have one. `is_first` and `is_last` of those offered."""
        return cls(
            id=str(plan.id),
            name=plan.name,
            description=plan.description,
            price=money(plan.amount),
            every=t(f"period_price.{plan.period}"),
            saving=t("plans.saving", percent=plan.saving) if plan.saving else "",
            subscribers=(
                plural("plans.subscribers", plan.subscriptions)
                if plan.subscriptions
                else t("plans.no_subscribers")
            ),
            popular=t("public.most_popular") if plan.highlighted else "",
            draft=t("plans.draft") if str(plan.id) in drafts else "",
            is_first=is_first,
            is_last=is_last,
        )
