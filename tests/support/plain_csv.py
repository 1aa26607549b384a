"""The file of the subscribers page written in the plainest way, to hold the fast one against."""

import csv
import io
from datetime import datetime

from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.csv_cells import neutral
from lastlink_ui.subscribers.lifecycle import DisputeStatus, RefundStatus
from lastlink_ui.subscribers.models import Payment
from lastlink_ui.text import t
from tests.support.world import Subscriber


def line(subscriber: Subscriber, plan: str) -> bytes:
    """The subscriber's row, on the plan called `plan`."""
    fan, of = subscriber.fan, subscriber.subscription
    cells = (
        neutral(fan.name),
        neutral(fan.handle),
        neutral(fan.email or ""),
        neutral(plan),
        t(f"period.{of.period}"),
        f"{of.amount // 100},{of.amount % 100:02}",
        t(f"method.{of.method}"),
        _payment(subscriber.payments[-1] if subscriber.payments else None),
        t(f"status.{of.status}"),
        "Sim" if of.in_list else "Não",
        _day(of.started_at),
        _day(of.canceled_at),
        _day(of.access_until),
    )
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().encode()


def _payment(payment: Payment | None) -> str:
    if payment is None:
        return ""
    word = payment.status.value
    if payment.refund_status is RefundStatus.SUCCEEDED:
        word = "refunded"
    if payment.dispute_status in {DisputeStatus.OPEN, DisputeStatus.LOST}:
        word = "disputed"
    return t(f"subscribers.export.payment.{word}")


def _day(instant: datetime | None) -> str:
    if instant is None:
        return ""
    day = sao_paulo_day(instant)
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
