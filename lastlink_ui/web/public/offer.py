"""What is said before paying: how much, when next, how to stop. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lastlink_ui.core.period import add_months
from lastlink_ui.plans.service import PublicPlan
from lastlink_ui.text import t
from lastlink_ui.text.formats import day, money


@dataclass(frozen=True, slots=True)
class Offer:
    """The words that follow from the chosen plan; without one, those that hold for all."""

    button: str = ""
    charge: str = ""

    @classmethod
    def of(cls, plan: PublicPlan | None, now: datetime) -> "Offer":
        """What subscribing to `plan` at `now` means."""
        if plan is None:
            return cls(button=t("public.submit.label"))
        price = money(plan.amount)
        return cls(
            button=t("public.submit.label_with_price", price=price),
            charge=t(
                "public.terms.charge",
                price=price,
                every=t(f"public.every.{plan.period}"),
                next=day(add_months(now, plan.period.months)),
            ),
        )


def find_plan(plans: Sequence[PublicPlan], plan_id: str) -> PublicPlan | None:
    """The plan that a browser means by `plan_id`, looked up among those that are sold."""
    return next((plan for plan in plans if str(plan.id) == plan_id), None)
