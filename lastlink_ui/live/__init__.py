"""The change feed: what changed is told after commit to every open page that shows it."""

from lastlink_ui.live.feed import ANYTHING, Change, Feed, checkout_channel, creator_channel
from lastlink_ui.live.memory import MemoryFeed
from lastlink_ui.live.revisions import Revisions

__all__ = ["ANYTHING", "Change", "Feed", "MemoryFeed", "Revisions", "checkout_channel", "creator_channel"]
