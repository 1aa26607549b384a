"""The whole selection as a CSV file that spreadsheets in Brazil open as it is."""

import csv
import io
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.ids import CreatorId, PlanId
from lastlink_ui.core.period import Period
from lastlink_ui.db import Database
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.filters import Filters
from lastlink_ui.subscribers.lifecycle import DisputeStatus, Method, PaymentStatus, RefundStatus, Status
from lastlink_ui.subscribers.models import Fan, Payment, Subscription
from lastlink_ui.subscribers.paging import in_order
from lastlink_ui.text import t

_BOM = b"\xef\xbb\xbf"
_CHUNK = 1000
_COLUMNS = (
    "name",
    "handle",
    "email",
    "plan",
    "period",
    "amount",
    "method",
    "payment_status",
    "status",
    "in_list",
    "started_at",
    "canceled_at",
    "access_until",
)
_SELECTED: tuple[Any, ...] = (
    col(Fan.name),
    col(Fan.handle),
    col(Fan.email),
    col(Subscription.plan_id),
    col(Subscription.period),
    col(Subscription.amount),
    col(Subscription.method),
    col(Subscription.status),
    col(Subscription.in_list),
    col(Subscription.started_at),
    col(Subscription.canceled_at),
    col(Subscription.access_until),
    col(Payment.status),
    col(Payment.refund_status),
    col(Payment.dispute_status),
)
_PAYMENT_STATES = (*(status.value for status in PaymentStatus), "refunded", "disputed", "none")
# What a spreadsheet takes for a formula: at the start of a cell or of one of its lines, after spaces too.
_FORMULA = re.compile(
    r"(^|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029])([ \u00a0]*)(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])"
)


def file_name(handle: str, now: datetime) -> str:
    """`assinantes-<handle>-<yyyy-mm-dd>.csv`, with the day in São Paulo."""
    return t("subscribers.export.file_name", handle=handle, day=sao_paulo_day(now).isoformat())


async def export(
    database: Database, creator: CreatorId, filters: Filters, now: datetime
) -> AsyncIterator[bytes]:
    """Every subscription that the filters let through, in their order, as pieces of the file.

    Reads from a cursor at the database, a thousand rows at a time: memory does not grow with the rows. All
    of it is one look at the database, whatever changes meanwhile.
    """
    async with database.reading() as session:
        yield _BOM + _written([[t(f"subscribers.export.column.{name}") for name in _COLUMNS]])
        words = await _words(session, creator)
        for query in in_order(list(_SELECTED), creator, filters, now):
            paid = query.outerjoin(Payment, col(Payment.id) == col(Subscription.last_payment_id))
            records = await session.stream(paid.execution_options(yield_per=_CHUNK))
            async for part in records.partitions():
                yield _written(_cells(record, words) for record in part)


def neutral(cell: str) -> str:
    """`cell` so that no spreadsheet runs it: `=1+1` → `'=1+1`."""
    return _FORMULA.sub(r"\1'\2", cell)


@dataclass(frozen=True, slots=True)
class _Words:
    """What the codes in the rows are called, looked up once for the whole file."""

    plans: Mapping[PlanId, str]
    periods: Mapping[Period, str]
    methods: Mapping[Method, str]
    statuses: Mapping[Status, str]
    payments: Mapping[str, str]
    yes: str
    no: str


async def _words(session: AsyncSession, creator: CreatorId) -> _Words:
    plans = await session.execute(select(col(Plan.id), col(Plan.name)).where(col(Plan.creator_id) == creator))
    return _Words(
        plans={plan: neutral(name) for plan, name in plans},
        periods={each: t(f"period.{each.value}") for each in Period},
        methods={each: t(f"method.{each.value}") for each in Method},
        statuses={each: t(f"status.{each.value}") for each in Status},
        payments={each: t(f"subscribers.export.payment.{each}") for each in _PAYMENT_STATES},
        yes=t("subscribers.export.yes"),
        no=t("subscribers.export.no"),
    )


def _cells(record: Any, words: _Words) -> tuple[str, ...]:  # noqa: ANN401 - a record of _SELECTED
    (
        name,
        handle,
        email,
        plan,
        period,
        amount,
        method,
        status,
        in_list,
        started_at,
        canceled_at,
        access_until,
        *payment,
    ) = record
    return (
        neutral(name),
        neutral(handle),
        neutral(email or ""),
        words.plans[plan],
        words.periods[period],
        f"{amount // 100},{amount % 100:02}",
        words.methods[method],
        words.payments[_payment_state(*payment)],
        words.statuses[status],
        words.yes if in_list else words.no,
        _day(started_at),
        _day(canceled_at),
        _day(access_until),
    )


def _payment_state(
    status: PaymentStatus | None, refund: RefundStatus | None, dispute: DisputeStatus | None
) -> str:
    if status is None:
        return "none"
    if dispute in {DisputeStatus.OPEN, DisputeStatus.LOST}:
        return "disputed"
    if refund is RefundStatus.SUCCEEDED:
        return "refunded"
    return status.value


def _day(instant: datetime | None) -> str:
    if instant is None:
        return ""
    day = sao_paulo_day(instant)
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def _written(rows: Iterable[Iterable[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()
