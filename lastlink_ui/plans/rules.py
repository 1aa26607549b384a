"""What a plan may be, and what its price amounts to beside the monthly one. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.money import Centavos, parse_reais
from lastlink_ui.core.period import Period
from lastlink_ui.core.typed import line, paragraphs

PRICE_FLOOR = Centavos(500)
"""A price is above it, never equal to it."""
PRICE_CEILING = Centavos(4_999_999)
"""The most that a boleto can ask for: https://docs.stripe.com/payments/boleto"""

NAME_MAX = 60
DESCRIPTION_MAX = 200
BENEFITS_MOST = 8
BENEFIT_MAX = 80
ACCESS_TEXT_MAX = 1000
ACCESS_LINK_MAX = 500


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan as it stands in the form, every field as it was typed."""

    name: str = ""
    price: str = ""
    period: str = Period.MONTHLY
    description: str = ""
    access_text: str = ""
    access_link: str = ""
    highlighted: bool = False
    benefits: str = ""
    """A line each."""


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """A plan that may be: what a draft means. `amount` in centavos for each `period`."""

    name: str
    amount: Centavos
    period: Period
    description: str
    access_text: str
    access_link: str
    highlighted: bool
    benefits: tuple[str, ...]


class InvalidPlan(InvalidInput):
    """Some fields of the draft cannot be used: for each, the key of the sentence beside it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("plan.invalid")
        self.errors = dict(errors)


def read(draft: PlanDraft) -> PlanTerms:
    """What the draft means.

    Raises: InvalidPlan, with every field that cannot be used.
    """
    if errors := problems(draft):
        raise InvalidPlan(errors)
    return PlanTerms(
        name=line(draft.name),
        amount=parse_reais(draft.price),
        period=Period(draft.period),
        description=line(draft.description),
        access_text=paragraphs(draft.access_text),
        access_link=draft.access_link.strip(),
        highlighted=draft.highlighted,
        benefits=benefits_of(draft.benefits),
    )


def problems(draft: PlanDraft) -> dict[str, str]:
    """For each field that cannot be used, the key of the sentence that says how to write it."""
    found = {
        "name": _name_problem(draft.name),
        "price": price_problem(draft.price),
        "period": None if draft.period in set(Period) else "plan.period_missing",
        "description": _length_problem(line(draft.description), DESCRIPTION_MAX, "plan.description_length"),
        "benefits": _benefits_problem(benefits_of(draft.benefits)),
        "access_text": _length_problem(paragraphs(draft.access_text), ACCESS_TEXT_MAX, "plan.access_length"),
        "access_link": link_problem(draft.access_link),
    }
    return {field: key for field, key in found.items() if key}


def benefits_of(typed: str) -> tuple[str, ...]:
    """Each line that says something."""
    return tuple(each for each in map(line, paragraphs(typed).split("\n")) if each)


def price_problem(typed: str) -> str | None:
    """The key of what is wrong with a typed price: above R$ 5,00, and no more than a boleto can ask for."""
    if not typed.strip():
        return "plan.price_missing"
    try:
        amount = parse_reais(typed)
    except InvalidInput as unreadable:
        return unreadable.message_key
    if amount <= PRICE_FLOOR:
        return "plan.price_too_low"
    return "plan.price_too_high" if amount > PRICE_CEILING else None


def link_problem(typed: str) -> str | None:
    """The key of what is wrong with a typed link. None is needed; one that is given opens a web page."""
    link = typed.strip()
    if not link:
        return None
    if len(link) > ACCESS_LINK_MAX:
        return "plan.link_length"
    try:
        parts = urlsplit(link)
        is_web = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return "plan.link_unreadable"
    # A name before the host makes a link look like it leads to somebody else's site.
    readable = link.isprintable() and " " not in link and "\\" not in link and "@" not in parts.netloc
    return None if is_web and readable else "plan.link_unreadable"


class Priced(Protocol):
    """Whatever has a price for a period."""

    @property
    def amount(self) -> int:
        """In centavos."""
        ...

    @property
    def period(self) -> Period:
        """What the amount is for."""
        ...


def monthly_price(plans: Iterable[Priced]) -> int | None:
    """What savings are measured against: the cheapest monthly plan, in centavos; None without one."""
    return min((plan.amount for plan in plans if plan.period is Period.MONTHLY), default=None)


def per_month(amount: int, period: Period) -> int:
    """The price of one month in centavos, to the nearest."""
    return (2 * amount + period.months) // (2 * period.months)


def saving(amount: int, period: Period, monthly: int | None) -> int | None:
    """How many percent cheaper than paying `monthly` centavos each month, to the nearest; None below one."""
    if monthly is None or period is Period.MONTHLY:
        return None
    full = monthly * period.months
    percent = (200 * (full - amount) + full) // (2 * full)
    return percent if percent >= 1 else None


def _name_problem(typed: str) -> str | None:
    name = line(typed)
    return "plan.name_missing" if not name else _length_problem(name, NAME_MAX, "plan.name_length")


def _benefits_problem(benefits: tuple[str, ...]) -> str | None:
    if len(benefits) > BENEFITS_MOST:
        return "plan.benefits_many"
    return "plan.benefit_length" if any(len(each) > BENEFIT_MAX for each in benefits) else None


def _length_problem(text: str, longest: int, key: str) -> str | None:
    return key if len(text) > longest else None
