"""The audit log as its creator reads it: what was done, by whom, about whom; filtered, and as a file."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.accounts.models import AuditEntry
from lastlink_ui.core.actor import ActorKind
from lastlink_ui.core.clock import day_end, day_start
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.models import Fan, ListTask, Subscription

PAGE = 20
EXPORT_PATH = "/exportar/historico.csv"
_AT_A_TIME = 1_000


class Area(StrEnum):
    """What an entry is about."""

    ACCESS = "access"
    MONEY = "money"
    LIST = "list"
    OFFER = "offer"


AREAS: Mapping[Area, frozenset[str]] = {
    Area.ACCESS: frozenset({"creator", "email", "password", "second_step", "session"}),
    Area.MONEY: frozenset(
        {
            "cancel_at_period_end",
            "cancel_now",
            "change_plan",
            "receiving",
            "refund",
            "subscription",
            "undo_cancel",
            "withdrawal",
        }
    ),
    Area.LIST: frozenset({"courtesy", "fan", "list_task", "membership", "retention"}),
    Area.OFFER: frozenset({"page", "plan"}),
}
"""An action's first word, under what it is looked for."""


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """Which entries; None for all. Days are São Paulo's, both included."""

    area: Area | None = None
    actor: ActorKind | None = None
    first: date | None = None
    last: date | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "AuditFilters":
        """What an address says; what cannot be meant is left out."""
        return cls(
            _one_of(Area, query.get("area", "")),
            _one_of(ActorKind, query.get("quem", "")),
            _day(query.get("de", "")),
            _day(query.get("ate", "")),
        )

    def to_query(self) -> dict[str, str]:
        """The same as an address says it."""
        said = {
            "area": self.area,
            "quem": self.actor,
            "de": self.first.isoformat() if self.first else None,
            "ate": self.last.isoformat() if self.last else None,
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One thing that was done."""

    id: UUID
    at: datetime
    action: str
    actor: ActorKind
    subject: str = ""
    """The name of the fan or plan it was done to; "" where there is none, or none any more."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The newest lines, and whether there are older ones."""

    lines: Sequence[AuditLine]
    has_more: bool


class AuditLog:
    """Reads; entries are written where things are done, by accounts/audit.py."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, creator: CreatorId, filters: AuditFilters, limit: int = PAGE) -> AuditPage:
        """The creator's newest lines."""
        async with self._database.reading() as session:
            found = await session.execute(_entries(creator, filters).limit(limit + 1))
            rows = found.all()
            lines = await _named(session, rows[:limit])
        return AuditPage(lines, len(rows) > limit)

    async def all(self, creator: CreatorId, filters: AuditFilters) -> AsyncGenerator[Sequence[AuditLine]]:
        """Every line, the newest first, some at a time. Close the iterator to stop early."""
        async with self._database.reading() as session:
            before: Sequence[Any] | None = None
            while True:
                found = await session.execute(_entries(creator, filters, before).limit(_AT_A_TIME))
                rows = found.all()
                if not rows:
                    return
                yield await _named(session, rows)
                before = rows[-1]


_COLUMNS = (
    col(AuditEntry.id),
    col(AuditEntry.at),
    col(AuditEntry.action),
    col(AuditEntry.actor_kind),
    col(AuditEntry.subject_kind),
    col(AuditEntry.subject_id),
)


def _entries(
    creator: CreatorId, filters: AuditFilters, before: Sequence[Any] | None = None
) -> Select[*tuple[Any, ...]]:
    query = select(*_COLUMNS).where(col(AuditEntry.creator_id) == creator)
    if filters.area:
        words = sorted(AREAS[filters.area])
        query = query.where(
            or_(*(col(AuditEntry.action).startswith(f"{word}.", autoescape=True) for word in words))
        )
    if filters.actor:
        query = query.where(col(AuditEntry.actor_kind) == filters.actor)
    if filters.first:
        query = query.where(col(AuditEntry.at) >= day_start(filters.first))
    if filters.last:
        query = query.where(col(AuditEntry.at) < day_end(filters.last))
    if before is not None:
        at, entry_id = before[1], before[0]
        query = query.where(
            col(AuditEntry.at) <= at, or_(col(AuditEntry.at) < at, col(AuditEntry.id) < entry_id)
        )
    return query.order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())


async def _named(session: AsyncSession, rows: Sequence[Sequence[Any]]) -> list[AuditLine]:
    """The rows as lines, each with the name of whom or what it is about."""
    ids: dict[str, set[UUID]] = {}
    for row in rows:
        if row[5]:
            ids.setdefault(row[4], set()).add(row[5])
    names: dict[UUID, str] = {}
    for kind, query in _NAMES.items():
        if wanted := ids.get(kind):
            key, statement = query
            names.update({row[0]: row[1] for row in await session.execute(statement.where(key.in_(wanted)))})
    return [replace(_line(row), subject=names.get(row[5], "")) for row in rows]


_NAMES: Mapping[str, tuple[Any, Select[*tuple[Any, ...]]]] = {
    "fan": (col(Fan.id), select(col(Fan.id), col(Fan.name))),
    "plan": (col(Plan.id), select(col(Plan.id), col(Plan.name))),
    "subscription": (
        col(Subscription.id),
        select(col(Subscription.id), col(Fan.name)).join(Fan, col(Fan.id) == col(Subscription.fan_id)),
    ),
    "list_task": (
        col(ListTask.id),
        select(col(ListTask.id), col(Fan.name)).join(Fan, col(Fan.id) == col(ListTask.fan_id)),
    ),
}


def _line(row: Sequence[Any]) -> AuditLine:
    return AuditLine(row[0], row[1], row[2], row[3])


def _one_of(kind: Any, text: str) -> Any:  # noqa: ANN401 - any of our codes
    return kind(text) if text in set(kind) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
