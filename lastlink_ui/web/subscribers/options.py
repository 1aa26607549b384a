"""What the selects and tabs above the table offer, each with its count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from lastlink_ui.core.ids import PlanId
from lastlink_ui.subscribers.counting import FilterCounts
from lastlink_ui.subscribers.filters import Filters, InList, Sheet, Since
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.text import t
from lastlink_ui.text.formats import number

ALL = "all"
"""The value of every first option: no limit."""
CUSTOM = "custom"

Option = dict[str, str]
_Key = TypeVar("_Key")
# Pix has its words, but nobody can choose it yet.
_METHODS = (Method.CARD, Method.BOLETO)


@dataclass(frozen=True, slots=True)
class FilterView:
    """The controls above the table: what is chosen, and what could be."""

    q: str = ""
    status: str = ALL
    statuses: list[Option] = field(default_factory=list[Option])
    since: str = ALL
    dates: list[Option] = field(default_factory=list[Option])
    first_day: str = ""
    last_day: str = ""
    sheet: str = Sheet.ALL
    sheets: dict[str, str] = field(default_factory=dict[str, str])
    plan: str = ALL
    plans: list[Option] = field(default_factory=list[Option])
    method: str = ALL
    methods: list[Option] = field(default_factory=list[Option])
    in_list: str = ALL
    lists: list[Option] = field(default_factory=list[Option])
    is_filtered: bool = False
    export_url: str = ""
    export_rows: int = 0
    """How many rows the file will have; 0 where a search has not been counted."""


def filter_view(filters: Filters, counts: FilterCounts, plans: Sequence[tuple[PlanId, str]]) -> FilterView:
    """The controls for `filters`; `plans` are the creator's, by id and name."""
    custom = filters.first_day is not None or filters.last_day is not None
    known = counts if counts.is_known else None
    return FilterView(
        q=filters.q,
        status=filters.status or ALL,
        statuses=[
            _option(ALL, t("subscribers.status.all"), known and known.any_status),
            *(_option(each, t(f"status.{each}"), _count(known and known.statuses, each)) for each in Status),
        ],
        since=CUSTOM if custom else filters.since or ALL,
        dates=[
            _option(ALL, t("subscribers.since.any"), known and known.any_day),
            *(
                _option(each, t(f"subscribers.since.{each}"), _count(known and known.since, each))
                for each in Since
            ),
            _option(CUSTOM, t("subscribers.since.custom"), known.total if known and custom else None),
        ],
        first_day=filters.first_day.isoformat() if filters.first_day else "",
        last_day=filters.last_day.isoformat() if filters.last_day else "",
        sheet=filters.sheet,
        sheets={each.value: "" if known is None else number(known.sheets.get(each, 0)) for each in Sheet},
        plan=str(filters.plan) if filters.plan else ALL,
        plans=[
            _option(ALL, t("subscribers.plan.all"), known and known.any_plan),
            *(_option(str(plan), name, _count(known and known.plans, plan)) for plan, name in plans),
        ],
        method=filters.method or ALL,
        methods=[
            _option(ALL, t("subscribers.method.all"), known and known.any_method),
            *(_option(each, t(f"method.{each}"), _count(known and known.methods, each)) for each in _METHODS),
        ],
        in_list=filters.in_list or ALL,
        lists=[
            _option(ALL, t("subscribers.list.all"), known and known.in_or_out),
            *(
                _option(each, t(f"subscribers.list.{each}"), _count(known and known.in_list, each))
                for each in InList
            ),
        ],
        is_filtered=filters.is_filtered,
        export_url=filters.export_url,
        export_rows=counts.total if counts.is_known else 0,
    )


def _count(counts: Mapping[_Key, int] | None, option: _Key) -> int | None:
    return None if counts is None else counts.get(option, 0)


def _option(value: str, label: str, count: int | None) -> Option:
    if count is not None:
        label = t("subscribers.option", label=label, count=number(count))
    return {"value": str(value), "label": label}
