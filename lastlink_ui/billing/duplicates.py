"""One live subscription of a fan to a plan: one that is paid for beside it is returned and ended at once.

The form refuses whoever has one already; but two forms may be on their way to be paid at the same time.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import col

from lastlink_ui.billing.models import OperationKind
from lastlink_ui.billing.requesting import new_operation, request
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.ids import PlanId
from lastlink_ui.db import UnitOfWork
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.subscribers.models import Subscription
from lastlink_ui.subscribers.recording import last_paid, payments_of


def is_live_of(plan: PlanId) -> tuple[ColumnElement[bool], ...]:
    """Subscriptions that were paid for and have not ended, to that plan or to be changed to it."""
    return (
        or_(col(Subscription.plan_id) == plan, col(Subscription.next_plan_id) == plan),
        col(Subscription.ended_at).is_(None),
        col(Subscription.access_until).is_not(None),
    )


async def end_if_one_is_live(uow: UnitOfWork, paid_now: Subscription, now: datetime) -> None:
    """Request the end of a subscription whose first payment has come, where the fan has its plan already.

    Its money goes back too, unless it came by boleto, which the provider cannot return. The fan must be
    locked; the worker's sweep carries the request out.
    """
    others = await uow.session.scalars(
        select(col(Subscription.id)).where(
            col(Subscription.fan_id) == paid_now.fan_id,
            col(Subscription.id) != paid_now.id,
            *is_live_of(paid_now.plan_id),
        )
    )
    payment = last_paid(await payments_of(uow, paid_now))
    if payment is None or others.first() is None:
        return
    if payment.method is Method.BOLETO:
        wanted = new_operation(paid_now, OperationKind.CANCEL_NOW, SYSTEM, now)
        wanted.unique_key = f"{OperationKind.CANCEL_NOW.value}:{paid_now.id}"
    else:
        wanted = new_operation(paid_now, OperationKind.REFUND, SYSTEM, now)
        wanted.payment_id, wanted.unique_key = payment.id, f"refund:{payment.id}"
    await request(uow, wanted)
