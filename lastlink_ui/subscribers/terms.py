"""What a subscription is sold for: the plan that is paid for, and the one of the next charge. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from lastlink_ui.core.ids import PlanId
from lastlink_ui.core.period import Period
from lastlink_ui.subscribers.history import Happening, Moment


@dataclass(frozen=True, slots=True)
class Price:
    """What each period of a plan costs one fan. Amount in centavos."""

    plan_id: PlanId
    amount: int
    period: Period = field(compare=False)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is paid for, and what the next charge is for where that is something else."""

    paid: Price
    next: Price | None = None


def terms_after(known: Terms, charged: Price | None, coming: Price | None) -> Terms:
    """The terms after a look at the provider.

    A fan has the plan of the last charge that was paid (`charged`), and nothing of the one that was chosen
    before it is paid for (`coming`: what the next charge is for). None: a product that is no plan of ours,
    or no charge yet. What an older charge of the same plan came to changes nothing.
    """
    paid = known.paid
    if charged and (charged.plan_id != paid.plan_id or charged in {known.next, coming}):
        paid = charged
    return Terms(paid, coming if coming != paid else None)


def moments_of_terms(before: Terms, after: Terms, now: datetime) -> Iterator[Moment]:
    """What the timeline says of a change of plan, once for each step of it."""
    if after.paid != before.paid:
        yield Moment(now, Happening.PLAN_CHANGED, after.paid.amount)
    if after.next and after.next != before.next:
        yield Moment(now, Happening.PLAN_CHOSEN, after.next.amount)
    if before.next and not after.next and after.paid == before.paid:
        yield Moment(now, Happening.PLAN_KEPT, after.paid.amount)
