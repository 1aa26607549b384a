"""What of a person must stay when they ask to be forgotten, and what stands against it for now. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lastlink_ui.core.errors import Refused
from lastlink_ui.core.period import add_months

# LGPD art. 16 I lets what another law requires be kept: amounts, dates and ids of sales, for the tax office.
# Everything that says who it was goes: name, profile, e-mail, tax id, account, notes.
KEPT = ("subscriptions", "payments", "withdrawals", "operations", "timeline")


RETENTION_MONTHS = (6, 12, 24, 60)
"""How long a creator may keep people who left, in calendar months; the law asks for no longer than it serves
(LGPD art. 15 and 16), and claims about what was bought end after five years (CDC art. 27)."""


def kept_since(now: datetime, months: int) -> datetime:
    """Whoever's last thing ended before this instant is not kept any longer."""
    return add_months(now, -months)


class ErasureRefusal(StrEnum):
    """Why a person's data cannot be deleted yet; the values name the sentences in the catalogue."""

    MONEY_MOVING = "privacy.money_moving"
    TRANSFER_OPEN = "privacy.transfer_open"


class ErasureRefused(Refused):
    """It has to wait; `reason` says for what."""

    def __init__(self, reason: ErasureRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Dues:
    """What is still open between a fan and a creator."""

    money_moving: bool
    """Whether a refund or a dispute has no end yet."""
    transfers_open: bool
    """Whether the creator still owes the fan a transfer, whose account would be lost."""


def why_not_erasable(dues: Dues) -> ErasureRefusal | None:
    """Only the fan's own money stands against it. What renews is no obstacle: it is ended with it."""
    if dues.transfers_open:
        return ErasureRefusal.TRANSFER_OPEN
    return ErasureRefusal.MONEY_MOVING if dues.money_moving else None


def keeps_handle(*, in_list: bool, open_tasks: Collection[object]) -> bool:
    """The profile alone outlives the rest, until the hand that has to take it out of the list has done so."""
    return in_list or bool(open_tasks)
