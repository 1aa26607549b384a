"""What the return page says of one checkout, in words ready to show. Pure."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from lastlink_ui.billing.checkouts import Confirmation
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.text import t
from lastlink_ui.text.formats import day, money

Stage = Literal["waiting", "confirmed", "over", "unknown"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the summary."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The page's words."""

    stage: Stage
    heading: str
    sentence: str
    facts: tuple[Fact, ...] = ()
    access_text: str = ""
    access_link: str = ""
    """An address that is safe to follow, or nothing."""
    back: str = ""
    back_label: str = ""

    @classmethod
    def of(cls, confirmation: Confirmation) -> "Receipt":
        """What `confirmation` comes to."""
        stage = stage_of(confirmation.status)
        name = confirmation.creator_name
        is_confirmed = stage == "confirmed"
        return cls(
            stage=stage,
            heading=t(f"thanks.{stage}"),
            sentence=t(f"thanks.{stage}_sentence", name=name),
            facts=tuple(_facts(confirmation)),
            access_text=_access_text(confirmation) if is_confirmed else "",
            access_link=safe_link(confirmation.access_link) if is_confirmed else "",
            back=f"/{confirmation.creator_handle}",
            back_label=t("thanks.back", name=name),
        )

    @classmethod
    def unknown(cls) -> "Receipt":
        """For a link that is no longer one, or never was: nothing says which."""
        return cls("unknown", t("thanks.unknown.heading"), t("thanks.unknown.sentence"))


def stage_of(status: Status | None) -> Stage:
    """How far the subscription came; None is one that the provider has not told us of."""
    if status is None or status is Status.PAYMENT_PENDING:
        return "waiting"
    return "confirmed" if status is Status.ACTIVE else "over"


def safe_link(link: str) -> str:
    """`link` when it opens a web page over https, else nothing: it is not ours, and it becomes an anchor."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return link if parts.scheme.lower() == "https" and parts.hostname else ""


def _access_text(confirmation: Confirmation) -> str:
    if confirmation.access_text or confirmation.access_link:
        return confirmation.access_text
    return t("thanks.access_by_hand", name=confirmation.creator_name)


def _facts(confirmation: Confirmation) -> list[Fact]:
    price = t(
        "thanks.amount_every",
        price=money(confirmation.amount),
        every=t(f"period_price.{confirmation.period}"),
    )
    facts = [
        Fact(t("thanks.creator"), confirmation.creator_name),
        Fact(t("thanks.plan"), confirmation.plan_name),
        Fact(t("thanks.amount"), price),
        Fact(t("thanks.method"), t(f"method.{confirmation.method}")),
    ]
    if confirmation.renews_at:
        facts.append(Fact(t("thanks.next_charge"), day(confirmation.renews_at)))
    return facts
