"""Which subscriptions are looked at, and how this is written in an address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self, TypeVar, cast
from urllib.parse import urlencode

from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.ids import PlanId, SubscriptionId, parse_id
from lastlink_ui.subscribers.lifecycle import Method, Status

PATH = "/assinantes"
EXPORT_PATH = "/exportar/assinantes.csv"
PAST_PATH = "/exportar/lista.csv"
SEARCH_LIMIT = 200
_CURSOR_LIMIT = 1000
_VALUE_LIMIT = 64
# Nobody subscribed outside these days; the calendar's own ends cannot be moved to another time zone.
_EARLIEST, _LATEST = date(1970, 1, 2), date(2199, 12, 31)

_Code = TypeVar("_Code", bound=StrEnum)


class Since(StrEnum):
    """The ready-made stretches of days, each ending today."""

    WEEK = "7d"
    MONTH = "30d"

    @property
    def days(self) -> int:
        """How many days it covers, today included."""
        return 7 if self is Since.WEEK else 30


class Sheet(StrEnum):
    """The tabs above the table."""

    ALL = "all"
    ACTIVE = "active"
    """Active subscriptions that are in the list and so have the content."""
    INACTIVE = "inactive"
    """What will not renew: cancelled, refunded or charged back."""


class InList(StrEnum):
    """Whether the fan is in the list."""

    IN = "in"
    OUT = "out"


class SortKey(StrEnum):
    """The columns by which the table can be sorted."""

    STARTED = "started"
    NAME = "name"
    AMOUNT = "amount"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Sort:
    """A column and a direction, written `name` or `-name`."""

    key: SortKey = SortKey.STARTED
    descending: bool = True

    @classmethod
    def parse(cls, written: str) -> Self:
        """The order that `written` names; newest first for anything unknown."""
        key = _code(SortKey, written.removeprefix("-"))
        return cls(key, written.startswith("-")) if key else cls()

    def __str__(self) -> str:
        return f"{'-' if self.descending else ''}{self.key.value}"


@dataclass(frozen=True, slots=True)
class Filters:
    """One view of the subscribers page. Every value is bounded: none comes unchecked from an address."""

    q: str = ""
    status: Status | None = None
    since: Since | None = None
    first_day: date | None = None
    """`from` in the address, inclusive; empty while `since` is set."""
    last_day: date | None = None
    """`to` in the address, inclusive; empty while `since` is set."""
    sheet: Sheet = Sheet.ALL
    plan: PlanId | None = None
    method: Method | None = None
    in_list: InList | None = None
    sort: Sort = Sort()
    after: str = ""
    """The cursor behind which the page begins; never set together with `before`."""
    before: str = ""
    """The cursor in front of which the page ends."""
    open: SubscriptionId | None = None
    """`assinatura` in the address: whose drawer is open."""

    @classmethod
    def from_query(cls, query: Mapping[str, object]) -> Self:
        """The view that an address asks for; what cannot be understood is as if it were not there."""
        since = _code(Since, _value(query, "since"))
        first, last = (None, None) if since else _in_order(_day(query, "from"), _day(query, "to"))
        after = _cursor(query, "after")
        plan, opened = parse_id(_value(query, "plan")), parse_id(_value(query, "assinatura"))
        return cls(
            q=_search(_raw(query, "q")),
            status=_code(Status, _value(query, "status")),
            since=since,
            first_day=first,
            last_day=last,
            sheet=_code(Sheet, _value(query, "sheet")) or Sheet.ALL,
            plan=PlanId(plan) if plan else None,
            method=_code(Method, _value(query, "method")),
            in_list=_code(InList, _value(query, "list")),
            sort=Sort.parse(_value(query, "sort")),
            after=after,
            before="" if after else _cursor(query, "before"),
            open=SubscriptionId(opened) if opened else None,
        )

    @property
    def query_string(self) -> str:
        """What stands behind the `?`; only what differs from the plain page, always in one order."""
        written = {
            "q": self.q,
            "status": self.status,
            "since": self.since,
            "from": self.first_day,
            "to": self.last_day,
            "sheet": None if self.sheet is Sheet.ALL else self.sheet,
            "plan": self.plan,
            "method": self.method,
            "list": self.in_list,
            "sort": None if self.sort == Sort() else self.sort,
            "after": self.after,
            "before": self.before,
            "assinatura": self.open,
        }
        return urlencode({name: str(value) for name, value in written.items() if value})

    @property
    def url(self) -> str:
        """The address of this view."""
        return _address(PATH, self.query_string)

    @property
    def export_url(self) -> str:
        """The address of the file with everything that the view has, on whatever page."""
        return _address(EXPORT_PATH, self.whole().query_string)

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out: a sheet counts, an order or a page does not."""
        return replace(self, after="", before="", sort=Sort(), open=None) != Filters()

    @property
    def is_first_page(self) -> bool:
        """Whether nothing can come before what is shown."""
        return not (self.after or self.before)

    def days(self, now: datetime) -> tuple[date | None, date | None]:
        """First and last São Paulo day of subscribing that are shown, both inclusive; None: no limit."""
        if self.since:
            today = sao_paulo_day(now)
            return today - timedelta(days=self.since.days - 1), None
        return self.first_day, self.last_day

    def searching(self, text: str) -> Self:
        """With another text in the search box."""
        return self._with(q=_search(text))

    def with_status(self, status: Status | None) -> Self:
        """With one account status, or all."""
        return self._with(status=status)

    def with_since(self, since: Since | None) -> Self:
        """With a ready-made stretch of days, or any day."""
        return self._with(since=since, first_day=None, last_day=None)

    def between(self, first: date | None, last: date | None) -> Self:
        """With the days from `first` to `last`, both inclusive, in whichever order they come."""
        first, last = _in_order(_bounded(first), _bounded(last))
        return self._with(since=None, first_day=first, last_day=last)

    def on_sheet(self, sheet: Sheet) -> Self:
        """On another tab."""
        return self._with(sheet=sheet)

    def with_plan(self, plan: PlanId | None) -> Self:
        """With one plan, or all."""
        return self._with(plan=plan)

    def with_method(self, method: Method | None) -> Self:
        """With one way to pay, or all."""
        return self._with(method=method)

    def with_list(self, in_list: InList | None) -> Self:
        """Only who is in the list, only who is not, or both."""
        return self._with(in_list=in_list)

    def sorted_by(self, key: SortKey) -> Self:
        """By `key`: the other way round where it already is, else dates and money from the top."""
        descending = not self.sort.descending if self.sort.key is key else key is not SortKey.NAME
        return self._with(sort=Sort(key, descending))

    def page_after(self, cursor: str) -> Self:
        """The page that begins behind `cursor`."""
        return replace(self, after=cursor[:_CURSOR_LIMIT], before="")

    def page_before(self, cursor: str) -> Self:
        """The page that ends in front of `cursor`."""
        return replace(self, before=cursor[:_CURSOR_LIMIT], after="")

    def on_first_page(self) -> Self:
        """The page with which the view begins."""
        return replace(self, after="", before="")

    def opening(self, subscription: SubscriptionId | None) -> Self:
        """With the drawer of `subscription` open, or none; the page stays where it is."""
        return replace(self, open=subscription)

    def whole(self) -> Self:
        """Everything that the view has: no page, no drawer."""
        return replace(self, after="", before="", open=None)

    def without_filters(self) -> Self:
        """Everybody, in the same order."""
        return type(self)(sort=self.sort)

    def _with(self, **changes: Any) -> Self:  # noqa: ANN401 - the fields named above
        # Another selection has other pages: a cursor of this one means nothing in it.
        return replace(self, after="", before="", **changes)


def _address(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _raw(query: Mapping[str, object], name: str) -> str:
    value = query.get(name, "")
    if isinstance(value, list | tuple):
        value = next(iter(cast("Iterable[object]", value)), "")
    return value if isinstance(value, str) else ""


def _value(query: Mapping[str, object], name: str) -> str:
    return _raw(query, name)[:_VALUE_LIMIT]


def _cursor(query: Mapping[str, object], name: str) -> str:
    cursor = _raw(query, name)
    return cursor if len(cursor) <= _CURSOR_LIMIT and cursor.isascii() and cursor.isprintable() else ""


def _search(text: str) -> str:
    # Neither database stores a null, and no address a half of a letter.
    text = text[:SEARCH_LIMIT].replace("\0", "").encode("utf-8", "ignore").decode()
    return text if text.strip() else ""


def _code(kind: type[_Code], written: str) -> _Code | None:
    return next((member for member in kind if member.value == written), None)


def _day(query: Mapping[str, object], name: str) -> date | None:
    try:
        return _bounded(date.fromisoformat(_value(query, name)))
    except ValueError:
        return None


def _bounded(day: date | None) -> date | None:
    return day and min(max(day, _EARLIEST), _LATEST)


def _in_order(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    return (last, first) if first and last and last < first else (first, last)
