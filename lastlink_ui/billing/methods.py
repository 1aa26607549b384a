"""How a fan may pay one creator: the one place that says so."""

from lastlink_ui.core.ids import CreatorId
from lastlink_ui.subscribers.lifecycle import Method


def offered(_creator: CreatorId) -> tuple[Method, ...]:
    """The methods on the creator's page, the one chosen beforehand first."""
    return (Method.CARD,)
