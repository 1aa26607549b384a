"""What was done in the account: by whom, to whom and when."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from lastlink_ui.core.actor import ActorKind
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.who import Who
from lastlink_ui.subscribers.audit_log import EXPORT_PATH, PAGE, Area, AuditFilters, AuditLine
from lastlink_ui.text import t
from lastlink_ui.text.formats import day_and_time
from lastlink_ui.web.components import (
    button,
    cell,
    choice,
    filter_bar,
    header_cell,
    link_button,
    row,
    table,
)
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.typed import day_of, text_of
from lastlink_ui.wiring import services

_ALL = "todos"
_MOST_SHOWN = 1_000


def _options(kind: type[StrEnum], words: str) -> list[dict[str, str]]:
    everything = {"value": _ALL, "label": t("audit.filter.all")}
    return [everything, *({"value": each.value, "label": t(f"{words}.{each}")} for each in kind)]


_AREAS, _ACTORS = _options(Area, "audit.area"), _options(ActorKind, "audit.actor")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that was done, in words."""

    id: str
    when: str
    what: str
    whom: str
    who: str

    @classmethod
    def of(cls, line: AuditLine) -> "HistoryLine":
        """`line` in words."""
        return cls(
            id=str(line.id),
            when=day_and_time(line.at),
            what=t(f"audit.action.{line.action}"),
            whom=line.subject,
            who=t(f"audit.actor.{line.actor}"),
        )


class HistoryState(SignedIn, rx.State):
    """The newest lines under the filters; what is older comes on demand, and all of it as a file."""

    ready: bool = False
    lines: list[HistoryLine] = []
    has_more: bool = False
    area: str = _ALL
    actor: str = _ALL
    first: str = ""
    last: str = ""
    download: str = EXPORT_PATH

    _filters: AuditFilters = AuditFilters()
    _shown: int = PAGE

    @event(Who.CREATOR)
    async def load(self) -> None:
        """Show the newest of everything."""
        creator = await self._creator()
        await self._choose(creator.creator_id, AuditFilters())

    @event(Who.CREATOR)
    async def choose_area(self, area: str) -> None:
        """Only what is about this."""
        creator = await self._creator()
        chosen = AuditFilters.from_query({"area": text_of(area)}).area
        await self._choose(creator.creator_id, replace(self._filters, area=chosen))

    @event(Who.CREATOR)
    async def choose_actor(self, actor: str) -> None:
        """Only what was done by these."""
        creator = await self._creator()
        chosen = AuditFilters.from_query({"quem": text_of(actor)}).actor
        await self._choose(creator.creator_id, replace(self._filters, actor=chosen))

    @event(Who.CREATOR)
    async def choose_first(self, day: str) -> None:
        """From this day on."""
        creator = await self._creator()
        await self._choose(creator.creator_id, replace(self._filters, first=day_of(day)))

    @event(Who.CREATOR)
    async def choose_last(self, day: str) -> None:
        """Until this day."""
        creator = await self._creator()
        await self._choose(creator.creator_id, replace(self._filters, last=day_of(day)))

    @event(Who.CREATOR)
    async def show_more(self) -> None:
        """Show older lines too."""
        creator = await self._creator()
        self._shown = min(self._shown + PAGE, _MOST_SHOWN)
        await self._look(creator.creator_id)

    async def _choose(self, creator: CreatorId, filters: AuditFilters) -> None:
        self._filters, self._shown = filters, PAGE
        query = filters.to_query()
        self.area, self.actor = filters.area or _ALL, filters.actor or _ALL
        self.first, self.last = query.get("de", ""), query.get("ate", "")
        self.download = f"{EXPORT_PATH}?{urlencode(query)}" if query else EXPORT_PATH
        await self._look(creator)

    async def _look(self, creator: CreatorId) -> None:
        page = await services().audit_log.newest(creator, self._filters, self._shown)
        self.lines = [HistoryLine.of(line) for line in page.lines]
        self.has_more = page.has_more and self._shown < _MOST_SHOWN
        self.ready = True


def history_section() -> rx.Component:
    """The filters, the lines, and the file."""
    return rx.el.section(
        rx.el.h2(t("audit.title"), id="historico", class_name="page-section"),
        rx.el.p(t("audit.what"), class_name="muted"),
        filter_bar(
            choice(t("audit.filter.area"), HistoryState.area, _AREAS, HistoryState.choose_area),
            choice(t("audit.filter.actor"), HistoryState.actor, _ACTORS, HistoryState.choose_actor),
            _day(t("audit.filter.first"), HistoryState.first, HistoryState.choose_first),
            _day(t("audit.filter.last"), HistoryState.last, HistoryState.choose_last),
            link_button(
                t("audit.export"),
                HistoryState.download,
                icon_name="download",
                reload_document=True,
                # The page stays: without this the browser would leave it for the file, and begin it anew.
                download=True,
            ),
        ),
        rx.cond(HistoryState.ready, rx.cond(HistoryState.lines, _lines(), rx.el.p(t("audit.empty")))),
        aria_labelledby="historico",
    )


def _day(label: str, value: Any, choose: Any) -> rx.Component:
    field = rx.el.input(type="date", default_value=value, on_change=choose, key=value)
    return rx.el.label(rx.el.span(label), field, class_name="choice day-choice")


def _lines() -> rx.Component:
    names = ("what", "whom", "who", "when")
    return rx.fragment(
        table(
            t("audit.title"),
            [header_cell(t(f"audit.column.{name}")) for name in names],
            rx.foreach(HistoryState.lines, _line),
        ),
        rx.cond(
            HistoryState.has_more,
            rx.el.div(button(t("audit.more"), on_click=HistoryState.show_more), class_name="page-more"),
        ),
    )


def _line(line: rx.vars.ObjectVar[HistoryLine]) -> rx.Component:
    return row(
        rx.el.th(line.what, scope="row"),
        cell(line.whom),
        cell(line.who),
        cell(line.when),
        key=line.id,
    )
