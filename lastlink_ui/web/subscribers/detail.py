"""One subscription's drawer as the page shows it: words alone."""

from dataclasses import dataclass, field
from datetime import datetime

from lastlink_ui.subscribers.lifecycle import PaymentFacts
from lastlink_ui.subscribers.queries import Detail
from lastlink_ui.subscribers.rows import Row
from lastlink_ui.subscribers.timeline import Entry
from lastlink_ui.text import t
from lastlink_ui.text.formats import day, day_and_time, money, profile
from lastlink_ui.text.initials import initials
from lastlink_ui.web.components.badges import tone_of
from lastlink_ui.web.subscribers.rows import payment_line


@dataclass(frozen=True, slots=True)
class Line:
    """Two words that belong together, and a fainter third."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class DetailView:
    """What the drawer shows; empty `name`: there is no such subscription."""

    id: str = ""
    name: str = ""
    handle: str = ""
    initials: str = ""
    tone: str = ""
    status: str = "active"
    status_label: str = ""
    can_cancel: bool = False
    data: list[Line] = field(default_factory=list[Line])
    payments: list[Line] = field(default_factory=list[Line])
    timeline: list[Line] = field(default_factory=list[Line])

    @classmethod
    def of(cls, detail: Detail, now: datetime) -> "DetailView":
        """`detail` in words, as they are at `now`."""
        row = detail.row
        return cls(
            id=str(row.subscription_id),
            name=row.name,
            handle=profile(row.handle),
            initials=initials(row.name),
            tone=tone_of(row.name),
            status=row.status,
            status_label=t(f"status.{row.status}"),
            can_cancel=row.actions(now).cancel_now is None,
            data=_data(row),
            payments=[_payment(payment, now) for payment in detail.payments],
            timeline=[_happened(entry) for entry in detail.timeline],
        )


def _data(row: Row) -> list[Line]:
    nothing = t("subscribers.nothing")
    lines = [
        ("email", row.email or nothing),
        ("plan", row.plan_name),
        ("amount", f"{money(row.amount)} {t(f'period_price.{row.period}')}"),
        ("method", t(f"method.{row.method}")),
        ("started", day_and_time(row.started_at)),
        ("access", day(row.access_until) if row.access_until else nothing),
        ("list", _place(row)),
    ]
    if row.canceled_at:
        lines.append(("canceled", day_and_time(row.canceled_at)))
    return [Line(t(f"subscribers.detail.{name}"), value) for name, value in lines]


def _place(row: Row) -> str:
    if row.member_since is None or row.membership_reason is None:
        return t("subscribers.detail.never_in_list")
    if row.in_list:
        return t("subscribers.detail.in_list", day=day(row.member_since))
    reason = t(f"membership_reason.{row.membership_reason}")
    return t("subscribers.detail.out_of_list", day=day(row.member_since), reason=reason)


def _payment(payment: PaymentFacts, now: datetime) -> Line:
    period = t("subscribers.detail.period", first=day(payment.period_start), last=day(payment.period_end))
    what = f"{t(f'method.{payment.method}')} · {payment_line(payment, now)}"
    return Line(money(payment.amount), what, period)


def _happened(entry: Entry) -> Line:
    words = {
        "amount": money(entry.amount or 0),
        "reason": t(f"membership_reason.{entry.reason}") if entry.reason else "",
    }
    actor = t(f"subscribers.actor.{entry.actor}") if entry.actor else ""
    return Line(t(f"subscribers.happening.{entry.what}", **words), day_and_time(entry.at), actor)
