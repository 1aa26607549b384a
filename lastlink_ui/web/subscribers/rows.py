"""One subscription as the page shows it: words alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zlib import crc32

from lastlink_ui.core.clock import SAO_PAULO, sao_paulo_day
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.lifecycle import DisputeStatus, Method, PaymentFacts, PaymentStatus, RefundStatus
from lastlink_ui.subscribers.lifecycle import Status as AccountStatus
from lastlink_ui.subscribers.rows import Row
from lastlink_ui.text import t
from lastlink_ui.text.formats import ago, day, days_left, money, profile
from lastlink_ui.text.initials import initials
from lastlink_ui.web.components.badges import tone_of


class Busy(StrEnum):
    """Which of the row's actions is under way."""

    NOTHING = ""
    REMOVE = "remove"
    READD = "readd"
    REFUND = "refund"
    CANCEL = "cancel"
    UNDO_CANCEL = "undo_cancel"


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """A row of the table, ready for the screen; a refusal is "" where the action is allowed."""

    id: str
    href: str
    """This view with the row's drawer open."""
    name: str
    handle: str
    """With its @."""
    initials: str
    tone: str
    plan: str
    amount: str
    method: str
    payment: str
    status: str
    status_label: str
    note: str
    list_note: str
    started: str
    started_ago: str
    access: str
    access_note: str
    remove_refusal: str
    readd_refusal: str
    refund_refusal: str
    cancel_refusal: str
    """Of cancelling at once, the wider of the two."""
    can_undo: bool
    """Whether a cancellation waits for the period's end and may be taken back."""
    more: str
    """The accessible name of the row's menu."""
    version: str
    """Another one when something worth a look changed; not what passing time alone changes."""
    busy: str = Busy.NOTHING

    @classmethod
    def of(cls, row: Row, filters: Filters, now: datetime, *, busy: Busy = Busy.NOTHING) -> "SubscriberRow":
        """`row` in words, as they are at `now`; `busy` with what this page is about to ask for."""
        actions = row.actions(now)
        return cls(
            id=str(row.subscription_id),
            href=filters.opening(row.subscription_id).url,
            name=row.name,
            handle=profile(row.handle),
            initials=initials(row.name),
            tone=tone_of(row.name),
            plan=row.plan_name,
            amount=money(row.amount),
            method=t(f"method.{row.method}"),
            payment=payment_line(row.payment, now),
            status=row.status,
            status_label=t(f"status.{row.status}"),
            note=" · ".join(_notes(row, now, busy)),
            list_note=_list_note(row),
            started=day(row.started_at),
            started_ago=ago(row.started_at, now),
            access=day(row.access_until) if row.access_until else t("subscribers.nothing"),
            access_note=_access_note(row, now),
            remove_refusal=_words(actions.remove),
            readd_refusal=_words(actions.readd),
            refund_refusal=_words(actions.refund),
            cancel_refusal=_words(actions.cancel_now),
            can_undo=actions.undo is None,
            more=t("subscribers.action.more_of", name=row.name),
            version=_version(row),
            busy=Busy.REFUND if row.refund_under_way else busy,
        )


def payment_line(payment: PaymentFacts | None, now: datetime) -> str:
    """What became of a payment: `Pago hoje, 09:12`, `Vence 25/11/2026`, `Devolvido 19/11/2026`."""
    if payment is None:
        return t("subscribers.nothing")
    return _returned(payment) or _owed(payment, now)


def _returned(payment: PaymentFacts) -> str:
    """Where the money went after it was paid; "" while it is here, or never was."""
    if payment.is_charged_back and payment.disputed_at:
        return t("subscribers.payment.disputed", day=day(payment.disputed_at))
    if payment.refund is RefundStatus.SUCCEEDED and payment.refunded_at:
        return t("subscribers.payment.refunded", day=day(payment.refunded_at))
    if payment.refund is RefundStatus.PENDING:
        return t("subscribers.payment.refund_pending")
    return t("subscribers.payment.dispute_won") if payment.dispute is DisputeStatus.WON else ""


def _owed(payment: PaymentFacts, now: datetime) -> str:
    if payment.is_paid and payment.paid_at:
        if sao_paulo_day(payment.paid_at) == sao_paulo_day(now):
            time = f"{payment.paid_at.astimezone(SAO_PAULO):%H:%M}"
            return t("subscribers.payment.paid_today", time=time)
        return t("subscribers.payment.paid", day=day(payment.paid_at))
    if payment.status in {PaymentStatus.FAILED, PaymentStatus.EXPIRED}:
        return t(f"subscribers.payment.{payment.status}")
    if payment.method is Method.BOLETO and payment.due_at:
        word = "due" if now <= payment.due_at else "overdue"
        return t(f"subscribers.payment.{word}", day=day(payment.due_at))
    return t("subscribers.payment.pending")


def _notes(row: Row, now: datetime, busy: Busy) -> Iterator[str]:
    """What is under way, and that access goes on after a cancellation."""
    for waiting in sorted(row.waits_for):
        yield t(f"subscribers.note.{waiting}")
    if busy in {Busy.REMOVE, Busy.READD}:
        yield t(f"subscribers.note.{busy}")
    has_access = row.access_until is not None and now < row.access_until
    if row.status is AccountStatus.CANCELED and has_access and row.access_until:
        yield t("subscribers.note.access_until", day=day(row.access_until))


def _list_note(row: Row) -> str:
    """What is to be done by hand, and that somebody who pays is out of the list."""
    if row.wish is not None:
        return t(f"subscribers.note.to_{row.wish}")
    if row.status is AccountStatus.ACTIVE and not row.in_list:
        return t("subscribers.note.out_of_list")
    return ""


def _access_note(row: Row, now: datetime) -> str:
    if row.access_until is None:
        return ""
    if row.status is AccountStatus.ACTIVE:
        return t("subscribers.note.renews")
    if row.status is AccountStatus.PAYMENT_PENDING and row.access_until <= now:
        return t("subscribers.note.overdue")
    return days_left(row.access_until, now)


def _version(row: Row) -> str:
    person = (row.name, row.handle, row.in_list, row.wish)
    subscription = (row.plan_name, row.amount, row.status, row.access_until, row.cancel_at_period_end)
    money = (row.payment, row.last_paid, sorted(row.waits_for))
    return f"{crc32(repr((person, subscription, money)).encode()):x}"


def _words(refusal: StrEnum | None) -> str:
    return t(refusal.value) if refusal else ""
