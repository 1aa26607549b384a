"""The whole selection as a CSV file that spreadsheets in Brazil open as it is."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String, Text, case, cast, literal
from sqlalchemy import func as sql
from sqlalchemy.sql.expression import ColumnElement
from sqlmodel import col

from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.csv_cells import line
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.period import Period
from lastlink_ui.db import Database
from lastlink_ui.db.csv_lines import cell_of, csv_lines, day_of
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.lifecycle import DisputeStatus, Method, PaymentStatus, RefundStatus, Status
from lastlink_ui.subscribers.models import Fan, Payment, Subscription
from lastlink_ui.subscribers.paging import in_order
from lastlink_ui.text import t

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the file, and how many rows of the table it has."""

    content: bytes
    rows: int


def file_name(handle: str, now: datetime) -> str:
    """`assinantes-<handle>-<yyyy-mm-dd>.csv`, with the day in São Paulo."""
    return t("subscribers.export.file_name", handle=handle, day=sao_paulo_day(now).isoformat())


async def export(
    database: Database, creator: CreatorId, filters: Filters, now: datetime
) -> AsyncGenerator[Piece]:
    """Every subscription that the filters let through, in their order, as pieces of the file.

    Reads from a cursor at the database: memory does not grow with the rows. All of it is one look at the
    database, whatever changes meanwhile. Close the iterator to stop early.
    """
    columns = _columns()
    async with database.reading() as session:
        yield Piece(BOM + line(t(f"subscribers.export.column.{name}") for name in columns).encode(), 0)
        for query in in_order(list(columns.values()), creator, filters, now):
            whole = query.outerjoin(Plan, col(Plan.id) == col(Subscription.plan_id)).outerjoin(
                Payment, col(Payment.id) == col(Subscription.last_payment_id)
            )
            # Closed before the transaction is: a cursor that is still open would hold on to it.
            async with aclosing(csv_lines(session, whole, as_found=not filters.q)) as lines:
                async for content, rows in lines:
                    yield Piece(content, rows)


def _columns() -> dict[str, ColumnElement[str]]:
    """The cells of a row, by the names of their columns in the catalogue."""
    amount = col(Subscription.amount)
    return {
        "name": cell_of(col(Fan.name)),
        "handle": cell_of(col(Fan.handle)),
        "email": cell_of(col(Fan.email)),
        "plan": cell_of(col(Plan.name)),
        "period": _word(Period, col(Subscription.period), "period"),
        "amount": cast(amount // 100, Text).concat(",").concat(sql.substr(cast(100 + amount % 100, Text), 2)),
        "method": _word(Method, col(Subscription.method), "method"),
        "payment_status": _payment_word(),
        "status": _word(Status, col(Subscription.status), "status"),
        "in_list": case(
            (col(Subscription.in_list), _text("subscribers.export.yes")),
            else_=_text("subscribers.export.no"),
        ),
        "started_at": day_of(col(Subscription.started_at)),
        "canceled_at": day_of(col(Subscription.canceled_at)),
        "access_until": day_of(col(Subscription.access_until)),
    }


def _payment_word() -> ColumnElement[str]:
    """What became of the last payment; where the money is now says more than that it was paid."""
    dispute, refund = col(Payment.dispute_status), col(Payment.refund_status)
    word: Callable[[str], str] = "subscribers.export.payment.{}".format
    return case(
        (dispute.in_([DisputeStatus.OPEN, DisputeStatus.LOST]), _text(word("disputed"))),
        (refund == RefundStatus.SUCCEEDED, _text(word("refunded"))),
        *((col(Payment.status) == status, _text(word(status.value))) for status in PaymentStatus),
    )


def _word(kind: type[StrEnum], column: Any, catalogue: str) -> ColumnElement[str]:  # noqa: ANN401 - a mapped column
    return case(*((column == code, _text(f"{catalogue}.{code.value}")) for code in kind))


def _text(key: str) -> ColumnElement[str]:
    return literal(t(key), String())
