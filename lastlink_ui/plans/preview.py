"""The public page as it would be with a draft in it. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from lastlink_ui.core.ids import PlanId, new_id
from lastlink_ui.core.money import Centavos, parse_reais
from lastlink_ui.core.period import Period
from lastlink_ui.core.typed import line
from lastlink_ui.plans import rules
from lastlink_ui.plans.rules import PlanDraft
from lastlink_ui.plans.service import PublicPage, PublicPlan


def with_draft(page: PublicPage, draft: PlanDraft, plan_id: PlanId | None) -> PublicPage:
    """`page` with `draft` in the place of the plan `plan_id`, or after the others.

    A draft without a name or a price yet keeps those of the plan it changes; a new one without a price
    is left out.
    """
    before = next((plan for plan in page.plans if plan.id == plan_id), None)
    drafted = _drafted(draft, before)
    if drafted is None:
        return page
    plans = [drafted if plan is before else plan for plan in page.plans]
    if before is None:
        plans.append(drafted)
    if drafted.highlighted:
        plans = [replace(plan, highlighted=plan is drafted) for plan in plans]
    return replace(page, plans=_with_savings(plans))


def _drafted(draft: PlanDraft, before: PublicPlan | None) -> PublicPlan | None:
    amount = _amount(draft, before)
    if amount is None:
        return None
    known = draft.period in set(Period)
    period = Period(draft.period) if known else before.period if before else Period.MONTHLY
    return PublicPlan(
        id=before.id if before else PlanId(new_id()),
        name=line(draft.name)[: rules.NAME_MAX] or (before.name if before else ""),
        description=line(draft.description)[: rules.DESCRIPTION_MAX],
        amount=amount,
        period=period,
        per_month=rules.per_month(amount, period),
        highlighted=draft.highlighted,
        saving=None,
        benefits=tuple(
            each[: rules.BENEFIT_MAX] for each in rules.benefits_of(draft.benefits)[: rules.BENEFITS_MOST]
        ),
    )


def _amount(draft: PlanDraft, before: PublicPlan | None) -> int | None:
    if rules.price_problem(draft.price) is None:
        return parse_reais(draft.price)
    return Centavos(before.amount) if before else None


def _with_savings(plans: Sequence[PublicPlan]) -> tuple[PublicPlan, ...]:
    monthly = rules.monthly_price(plans)
    return tuple(replace(plan, saving=rules.saving(plan.amount, plan.period, monthly)) for plan in plans)
