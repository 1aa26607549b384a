"""What a creator typed into the plan editor and has not published, kept for the next time it opens."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import col

from lastlink_ui.core.clock import Clock
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database
from lastlink_ui.plans.models import PlanDraftRow
from lastlink_ui.plans.rules import PlanDraft

NEW = ""
"""What a plan that is not there yet is called."""


class Drafts:
    """One draft for each plan of a creator, and one for a new plan. Whoever asks has checked whose it is."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def find(self, creator: CreatorId, plan: str) -> PlanDraft | None:
        """What was typed for `plan` (an id, or NEW); None when all of it is published."""
        async with self._database.reading() as session:
            row = await session.get(PlanDraftRow, (creator, plan))
        return _read(json.loads(row.fields)) if row else None

    async def waiting(self, creator: CreatorId) -> frozenset[str]:
        """The plans that have a draft."""
        mine = select(col(PlanDraftRow.plan)).where(col(PlanDraftRow.creator_id) == creator)
        async with self._database.reading() as session:
            return frozenset(await session.scalars(mine))

    async def keep(self, creator: CreatorId, plan: str, draft: PlanDraft) -> None:
        """Keep what stands in the editor now."""
        row = PlanDraftRow(
            creator_id=creator,
            plan=plan,
            fields=json.dumps(asdict(draft), ensure_ascii=False),
            saved_at=self._clock.now(),
        )
        async with self._database.unit_of_work() as uow:
            await uow.session.merge(row)

    async def forget(self, creator: CreatorId, plan: str) -> None:
        """It is published, or nobody wants it any more."""
        mine = (col(PlanDraftRow.creator_id) == creator, col(PlanDraftRow.plan) == plan)
        async with self._database.unit_of_work() as uow:
            await uow.session.execute(delete(PlanDraftRow).where(*mine))


def _read(kept: Mapping[str, Any]) -> PlanDraft:
    """Fields that an older or a newer version kept and this one does not know are left out."""
    known = {field.name for field in fields(PlanDraft)}
    return PlanDraft(**{name: kept[name] for name in known & kept.keys()})
