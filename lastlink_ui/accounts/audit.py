"""The audit log: one entry for each thing that was done, in the transaction that does it."""

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from lastlink_ui.accounts.models import AuditEntry
from lastlink_ui.core.actor import Actor
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db.unit_of_work import UnitOfWork

Detail = str | int | bool | None

# Ids, codes and dates: a name has a space or an accent, an address an @.
_CODE = re.compile(r"[A-Za-z0-9_.:+-]{0,64}")


async def record(
    uow: UnitOfWork,
    creator: CreatorId,
    actor: Actor,
    action: str,
    *,
    at: datetime,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    details: Mapping[str, Detail] | None = None,
) -> None:
    """Add an entry for `action` (`area.verb`, in the past) on `subject_id`, done at `at` (aware UTC).

    Raises: ValueError when a detail is not an id, a code, a number or a date: personal data lives
    elsewhere and must be gone when it is deleted there.
    """
    for name, value in (details or {}).items():
        if isinstance(value, str) and _CODE.fullmatch(value) is None:
            raise ValueError(f"the audit log takes no free text: {name}")
    uow.session.add(
        AuditEntry(
            creator_id=creator,
            at=at,
            actor_kind=actor.kind,
            actor_id=actor.id,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            details=dict(details or {}),
        )
    )
