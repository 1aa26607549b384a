"""The clock of the tests: it stands until it is moved."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
"""Noon in São Paulo, on a Sunday."""


class StoppedClock:
    """A clock that says one instant until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        """The instant at which it stands."""
        return self._now

    def move(self, by: timedelta) -> None:
        """Go forward, or back."""
        self._now += by
