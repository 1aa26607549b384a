"""Filter combinations to measure with: drawn from all there are, the same ones each time."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from lastlink_ui.core.ids import PlanId
from lastlink_ui.subscribers.filters import Filters, InList, Sheet, Since, Sort, SortKey
from lastlink_ui.subscribers.lifecycle import Method, Status

NEWEST_FIRST = (Sort(),)
EVERY_OTHER_ORDER = tuple(
    order
    for order in (Sort(key, descending) for key in SortKey for descending in (True, False))
    if order not in NEWEST_FIRST
)


def combinations(
    count: int, plans: Sequence[PlanId], today: date, orders: Sequence[Sort] = NEWEST_FIRST
) -> list[Filters]:
    """That many views: every filter is off about half of the time, so that most views combine a few."""
    chance = random.Random(count)  # noqa: S311 - made to repeat
    views: list[Filters] = []
    for _ in range(count):
        view = Filters(
            status=chance.choice([*[None] * len(Status), *Status]),
            sheet=chance.choice([Sheet.ALL, Sheet.ALL, Sheet.ACTIVE, Sheet.INACTIVE]),
            plan=chance.choice([*[None] * len(plans), *plans]),
            method=chance.choice([None, None, None, *Method]),
            in_list=chance.choice([None, None, *InList]),
            sort=chance.choice(orders),
        )
        days = chance.choice(["any", "any", "since", "between"])
        if days == "since":
            view = view.with_since(chance.choice(list(Since)))
        if days == "between":
            first = today - timedelta(days=chance.randrange(1100))
            view = view.between(first, first + timedelta(days=chance.choice([0, 3, 20, 100, 400])))
        views.append(view)
    return views
