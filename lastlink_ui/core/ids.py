"""Identifiers: UUIDv7, one name for each kind so that a type checker tells them apart."""

import uuid
from typing import NewType

import uuid_utils.compat

CreatorId = NewType("CreatorId", uuid.UUID)
SessionId = NewType("SessionId", uuid.UUID)
PlanId = NewType("PlanId", uuid.UUID)
FanId = NewType("FanId", uuid.UUID)
SubscriptionId = NewType("SubscriptionId", uuid.UUID)
PaymentId = NewType("PaymentId", uuid.UUID)
EntitlementId = NewType("EntitlementId", uuid.UUID)
ListTaskId = NewType("ListTaskId", uuid.UUID)
CheckoutId = NewType("CheckoutId", uuid.UUID)
OperationId = NewType("OperationId", uuid.UUID)
FanLinkId = NewType("FanLinkId", uuid.UUID)
FanSessionId = NewType("FanSessionId", uuid.UUID)
WithdrawalId = NewType("WithdrawalId", uuid.UUID)


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: unique, and later ones sort after earlier ones, which keeps indexes dense."""
    return uuid_utils.compat.uuid7()


def parse_id(text: str) -> uuid.UUID | None:
    """The id written in `text`, or None when it is not one; for whatever a browser sends."""
    try:
        return uuid.UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
