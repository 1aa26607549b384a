"""How often something may be tried: a sliding window for each key, kept in this process."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lastlink_ui.core.clock import Clock

_MAX_KEYS = 50_000


@dataclass(slots=True)
class AttemptLimit:
    """At most `attempts` for one key within `window`; other keys are not touched by it."""

    clock: Clock
    attempts: int
    window: timedelta
    _tried: dict[Hashable, deque[datetime]] = field(default_factory=dict[Hashable, "deque[datetime]"])

    def take(self, key: Hashable) -> bool:
        """Count one attempt of `key`; False, and nothing counted, when there have been too many."""
        now = self.clock.now()
        tried = self._tried.get(key) or deque()
        while tried and tried[0] <= now - self.window:
            tried.popleft()
        if len(tried) >= self.attempts:
            return False
        tried.append(now)
        # Last tried, last in line: what goes first when there are too many keys is the oldest.
        self._tried.pop(key, None)
        self._tried[key] = tried
        while len(self._tried) > _MAX_KEYS:
            del self._tried[next(iter(self._tried))]
        return True

    def forget(self, key: Hashable) -> None:
        """Give `key` all its attempts back."""
        self._tried.pop(key, None)
