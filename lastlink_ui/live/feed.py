"""What a change feed is: channels on which changes are told to whoever follows."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from lastlink_ui.core.ids import CheckoutId, CreatorId, SubscriptionId


@dataclass(frozen=True, slots=True)
class Change:
    """That something changed; ids only, for whoever follows looks up what may be shown."""

    subscriptions: frozenset[SubscriptionId] = frozenset()
    """The rows that changed."""
    new: frozenset[SubscriptionId] = frozenset()
    """Those of them that appeared."""
    list_tasks: bool = False
    """Whether "Para fazer na lista" changed."""
    plans: bool = False
    """Whether the plans or the public page changed."""
    missed: bool = False
    """Whether there may have been changes that nobody can tell any more: everything has to be looked at."""

    def __or__(self, other: "Change") -> "Change":
        """Both changes as one: what a follower that was busy gets."""
        return Change(
            self.subscriptions | other.subscriptions,
            self.new | other.new,
            self.list_tasks or other.list_tasks,
            self.plans or other.plans,
            self.missed or other.missed,
        )


ANYTHING = Change(list_tasks=True, plans=True, missed=True)
"""What a follower hears that was cut off for a while."""


class Feed(Protocol):
    """Tells changes to followers; a follower that is busy gets what it missed as one change."""

    async def publish(self, channel: str, change: Change) -> None:
        """Tell everybody who follows `channel`. Never waits for them."""
        ...

    def follow(self, channel: str) -> AbstractAsyncContextManager[AsyncIterator[Change]]:
        """The changes on `channel` from the moment the block is entered, without end."""
        ...

    async def stop(self) -> None:
        """Let go of whatever the feed holds on to; nothing is published or followed afterwards."""
        ...


def creator_channel(creator: CreatorId) -> str:
    """Where everything that a creator's dashboard shows is told."""
    return f"creator:{creator}"


def checkout_channel(checkout: CheckoutId) -> str:
    """Where one fan's return page hears of its payment."""
    return f"checkout:{checkout}"
