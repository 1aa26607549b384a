"""News that say nothing new: recognised from the event alone, so that nobody has to be asked.

Why that converges is in docs/decisions/0602-news-that-say-nothing-new.md.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.billing.gateway import ProviderEvent
from lastlink_ui.core.ids import CreatorId, FanId, SubscriptionId
from lastlink_ui.subscribers.lifecycle import PaymentStatus
from lastlink_ui.subscribers.models import Fan, Payment, Subscription

PAID = "invoice.paid"


def said_of(kind: str, thing: Mapping[str, Any]) -> dict[str, Any]:
    """What an event of this type says of its object, as far as that alone can be held against what is known.

    Only of a paid invoice: paid is its last word, and all that follows from the invoice itself is in it.
    """
    if kind != PAID or thing.get("object") != "invoice" or thing.get("status") != "paid":
        return {}
    when = cast("Mapping[str, int | None]", thing.get("status_transitions") or {})
    return {
        "invoice": str(thing["id"]),
        "amount": int(thing["total"]),
        "paid_at": int(when.get("paid_at") or 0),
    }


async def settle_known(
    session: AsyncSession, events: Sequence[ProviderEvent], sharing: Sequence[CreatorId]
) -> set[str]:
    """The ids of those events that say what is written down already.

    Their subscriptions count as written again: a look that was begun before, and may not have seen what they
    say, is not written over them.
    """
    invoices = {str(event.says["invoice"]) for event in events if event.says}
    if not invoices:
        return set()
    owners = {event.account for event in events if event.account} | set(sharing)
    found = await session.execute(
        select(col(Payment.subscription_id), col(Subscription.fan_id))
        .join(Subscription, col(Subscription.id) == col(Payment.subscription_id))
        .where(col(Payment.creator_id).in_(owners), col(Payment.provider_invoice_id).in_(invoices))
    )
    rows = [(row[0], row[1]) for row in found]
    await _lock({fan for _, fan in rows}, session)
    payments = await session.scalars(
        select(Payment)
        .where(
            col(Payment.subscription_id).in_({subscription for subscription, _ in rows}),
            col(Payment.provider_invoice_id).in_(invoices),
        )
        .execution_options(populate_existing=True)
    )
    by_invoice: dict[str, list[Payment]] = {}
    for payment in payments:
        by_invoice.setdefault(payment.provider_invoice_id, []).append(payment)
    shared = set(sharing)
    known, touched = set[str](), set[SubscriptionId]()
    for event in events:
        # Those of its own account alone.
        owners = {event.account} if event.account else shared
        for payment in by_invoice.get(str(event.says.get("invoice")), ()):
            if payment.creator_id in owners and _is_known(event, payment):
                known.add(event.id)
                touched.add(payment.subscription_id)
    if touched:
        await session.execute(
            update(Subscription)
            .where(col(Subscription.id).in_(touched))
            .values(revision=col(Subscription.revision) + 1)
            .execution_options(synchronize_session=False)
        )
    return known


def _is_known(event: ProviderEvent, payment: Payment) -> bool:
    return (
        payment.status is PaymentStatus.PAID
        and payment.amount == event.says["amount"]
        and payment.paid_at is not None
        and int(payment.paid_at.timestamp()) == event.says["paid_at"]
    )


async def _lock(fans: set[FanId], session: AsyncSession) -> None:
    """Hold the fans, as whoever writes a look does; always in one order, so that two never wait in a ring."""
    await session.execute(
        select(col(Fan.id)).where(col(Fan.id).in_(fans)).order_by(col(Fan.id)).with_for_update()
    )
