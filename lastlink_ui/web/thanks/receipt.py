"""What the return page says of one checkout, in words ready to show. Pure."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from lastlink_ui.billing.checkouts import Confirmation
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.text import t
from lastlink_ui.text.formats import day, money

_LINE_DIGITS = 47

Stage = Literal["waiting", "boleto", "confirmed", "expired", "over", "unknown"]


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
    line: str = ""
    """The digits that pay the boleto, in groups."""
    line_digits: str = ""
    """The same as a bank's field takes them."""
    voucher: str = ""
    """The provider's page of the boleto."""
    back: str = ""
    back_label: str = ""

    @classmethod
    def of(cls, confirmation: Confirmation) -> "Receipt":
        """What `confirmation` comes to."""
        stage = stage_of(confirmation)
        name = confirmation.creator_name
        voucher = confirmation.voucher if stage == "boleto" else None
        due = day(confirmation.due_at) if confirmation.due_at else ""
        is_confirmed = stage == "confirmed"
        return cls(
            stage=stage,
            heading=t("thanks.waiting" if stage == "boleto" else f"thanks.{stage}"),
            sentence=t(f"thanks.{stage}_sentence", name=name, day=due),
            facts=tuple(_facts(confirmation)),
            access_text=_access_text(confirmation) if is_confirmed else "",
            access_link=safe_link(confirmation.access_link) if is_confirmed else "",
            line=grouped(voucher.line) if voucher else "",
            line_digits=voucher.line if voucher else "",
            voucher=voucher.url if voucher else "",
            back=f"/{confirmation.creator_handle}",
            back_label=t("thanks.back", name=name),
        )

    @classmethod
    def unknown(cls) -> "Receipt":
        """For a link that is no longer one, or never was: nothing says which."""
        return cls("unknown", t("thanks.unknown.heading"), t("thanks.unknown.sentence"))


def stage_of(confirmation: Confirmation) -> Stage:
    """How far the subscription came."""
    status = confirmation.status
    if status is None or status is Status.PAYMENT_PENDING:
        return "boleto" if confirmation.voucher else "waiting"
    if confirmation.has_expired:
        return "expired"
    return "confirmed" if status is Status.ACTIVE else "over"


def grouped(line: str) -> str:
    """The 47 digits as a boleto prints them; anything else as it is."""
    if len(line) != _LINE_DIGITS or not line.isdecimal():
        return line
    a, b, c, d, e, f, check, rest = (
        *(line[:5], line[5:10], line[10:15], line[15:21], line[21:26], line[26:32]),
        *(line[32], line[33:]),
    )
    return f"{a}.{b} {c}.{d} {e}.{f} {check} {rest}"


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
    if confirmation.voucher and confirmation.due_at:
        facts.append(Fact(t("thanks.due"), day(confirmation.due_at)))
    if confirmation.renews_at:
        facts.append(Fact(t("thanks.next_charge"), day(confirmation.renews_at)))
    return facts
