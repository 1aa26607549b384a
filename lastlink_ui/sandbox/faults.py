"""Faults on request: what goes wrong with which API request, how often."""

from fnmatch import fnmatchcase
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["status_429", "status_500", "lose_answer", "hang", "refuse", "slow"]


class Fault(BaseModel):
    """One planned fault.

    ``match`` is a method and a path, in which ``*`` stands for anything: ``POST /v1/refunds``, ``* /v1/*``.
    ``kind``: ``status_429`` and ``status_500`` answer so without working (a 500 is remembered by the
    idempotency key, as at Stripe); ``lose_answer`` does the work and cuts the connection; ``refuse`` cuts it
    without working; ``hang`` never answers nor works; ``slow`` waits ``seconds``, then works and answers.
    """

    model_config = ConfigDict(extra="forbid")

    match: str = "* /v1/*"
    kind: Kind
    times: int = Field(default=1, ge=1)
    seconds: float = Field(default=1.0, ge=0)


class Faults:
    """The faults that are still to happen, oldest first. Kept in memory: a restart heals."""

    def __init__(self) -> None:
        self.planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        """Let a fault happen from now on."""
        self.planned.append(fault)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self.planned.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that a request meets, counting it down."""
        for fault in self.planned:
            if fnmatchcase(f"{method} {path}", fault.match):
                fault.times -= 1
                if not fault.times:
                    self.planned.remove(fault)
                return fault
        return None
