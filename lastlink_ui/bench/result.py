"""What a bench found: ours, the limit, and whether the target is met."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lastlink_ui.core.memory import settle

P95 = 0.95


@dataclass(frozen=True, slots=True)
class Times:
    """How long the calls of one kind took, in milliseconds, each measured by itself."""

    milliseconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Half of the calls took no longer."""
        return self._at(0.5)

    @property
    def p95(self) -> float:
        """Nineteen of twenty calls took no longer."""
        return self._at(P95)

    @property
    def worst(self) -> float:
        """The slowest call."""
        return max(self.milliseconds)

    def _at(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing measured. `ours_ms` and `limit_ms` are medians, in `unit`."""

    what: str
    ours_ms: float
    limit_ms: float
    p95_ms: float
    target: str
    """In words, as the table shows it: `p95 ≤ 10 ms`."""
    met: bool
    unit: str = "ms"

    @classmethod
    def within(cls, what: str, ours: Times, limit: Times, target_ms: float) -> "Line":
        """A line whose target is that the 95th percentile stays within `target_ms`."""
        target = f"p95 ≤ {target_ms:g} ms"
        return cls(what, ours.median, limit.median, ours.p95, target, ours.p95 <= target_ms)

    @classmethod
    def seen(cls, what: str, ours: Times, limit: Times) -> "Line":
        """A line that has no target of its own."""
        return cls(what, ours.median, limit.median, ours.p95, "", met=True)

    @property
    def ratio(self) -> float:
        """How many times the limit ours takes."""
        return self.ours_ms / self.limit_ms if self.limit_ms else 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a bench measured, the line that the target is about first."""

    lines: tuple[Line, ...]

    @property
    def met(self) -> bool:
        """Whether every target is met."""
        return all(line.met for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """The first line's figures, and every line's below `lines`."""
        lines = [{**asdict(line), "ratio": line.ratio} for line in self.lines]
        rounded = [
            {name: round(value, 3) if isinstance(value, float) else value for name, value in line.items()}
            for line in lines
        ]
        return {**rounded[0], "met": self.met, "lines": rounded}


async def timed(calls: Iterable[Callable[[], Awaitable[object]]]) -> Times:
    """How long each call takes, one after the other, in a program that has started."""
    settle()
    found: list[float] = []
    for call in calls:
        began = time.perf_counter()
        await call()
        found.append((time.perf_counter() - began) * 1000)
    return Times(tuple(found))


def timed_here(calls: Sequence[Callable[[], object]]) -> Times:
    """How long each call takes that blocks, one after the other."""
    found: list[float] = []
    for call in calls:
        began = time.perf_counter()
        call()
        found.append((time.perf_counter() - began) * 1000)
    return Times(tuple(found))
