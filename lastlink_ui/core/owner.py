"""Whose rows a task may see. Queries say so themselves; where they forget, PostgreSQL does (`db.wall`)."""

from contextvars import ContextVar

from lastlink_ui.core.ids import CreatorId

_owner: ContextVar[CreatorId | None] = ContextVar("owner", default=None)


def see_only(creator: CreatorId | None) -> None:
    """From here on this task works for `creator`, and sees nobody else's rows; for None, everybody's."""
    _owner.set(creator)


def seen_owner() -> CreatorId | None:
    """Whom this task works for; None where it works for the installation, or for a fan."""
    return _owner.get()
