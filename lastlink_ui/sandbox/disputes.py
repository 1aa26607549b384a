"""Disputes: the payer's bank takes the money back, and perhaps returns it."""

from . import payments
from .books import Books
from .clock import DAY
from .errors import InvalidRequest
from .ids import new_id
from .params import Group, ListParams, Metadata, Params, merged
from .shapes import shaped
from .types import Obj

ANSWER_WITHIN = 7 * DAY
_OPEN = frozenset({"needs_response", "under_review"})
_VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}
_FEE = 5_500  # centavos; kept by the provider even when the dispute is won


class Evidence(Group):
    """What speaks for the seller."""

    access_activity_log: str | None = None
    customer_email_address: str | None = None
    customer_name: str | None = None
    product_description: str | None = None
    service_date: str | None = None
    uncategorized_text: str | None = None


class DisputeUpdate(Params):
    """POST /v1/disputes/{dispute}."""

    evidence: Evidence | None = None
    metadata: Metadata | None = None
    submit: bool = True


class DisputeList(ListParams):
    """GET /v1/disputes."""

    charge: str | None = None
    payment_intent: str | None = None


def new_dispute(dispute_id: str, charge: Obj, *, created: int, status: str) -> Obj:
    """Return a dispute of a whole charge."""
    details = charge["payment_method_details"]
    brand = details["card"]["brand"] if details["type"] == "card" else "visa"
    return shaped(
        "dispute",
        id=dispute_id,
        amount=charge["amount"],
        balance_transactions=[],
        charge=charge["id"],
        created=created,
        currency="brl",
        evidence_details={
            "due_by": created + ANSWER_WITHIN,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        payment_intent=charge["payment_intent"],
        payment_method_details={
            "card": {
                "brand": brand,
                "case_type": "chargeback",
                "network": brand,
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        reason="fraudulent",
        status=status,
    )


def open_dispute(books: Books, charge: Obj, now: int) -> Obj:
    """Let the payer's bank take a charge back. Raises: InvalidRequest for a boleto or a second dispute."""
    if charge["payment_method_details"]["type"] != "card" or charge["status"] != "succeeded":
        raise InvalidRequest("Only a captured card charge can be disputed.", param="charge")
    if charge["disputed"]:
        raise InvalidRequest("The charge is disputed already.", param="charge")
    dispute = new_dispute(new_id("dp"), charge, created=now, status="needs_response")
    withdrawal = payments.add_transaction(books, "adjustment", dispute, -charge["amount"], now, fee=_FEE)
    dispute["balance_transactions"] = [withdrawal]
    books.change(charge, "charge.updated", disputed=True)
    books.add(dispute, "charge.dispute.created")
    books.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close(books: Books, dispute: Obj, verdict: str, now: int) -> Obj:
    """Decide a dispute, ``won`` or ``lost``. Raises: InvalidRequest when it is decided."""
    if dispute["status"] not in _OPEN:
        raise InvalidRequest("This dispute is already closed.", param="dispute")
    changes: Obj = {"status": verdict}
    if verdict == "won":
        returned = payments.add_transaction(books, "adjustment", dispute, dispute["amount"], now)
        changes["balance_transactions"] = [*dispute["balance_transactions"], returned]
    books.change(dispute, "charge.dispute.updated", **changes)
    if verdict == "won":
        books.emit("charge.dispute.funds_reinstated", dispute)
    books.emit("charge.dispute.closed", dispute)
    return dispute


def update(books: Books, params: DisputeUpdate, dispute_id: str) -> Obj:
    """Answer a dispute; ``winning_evidence`` or ``losing_evidence`` as the free text decides it."""
    dispute = books.get("dispute", dispute_id)
    changes: Obj = {}
    if "metadata" in params.model_fields_set:
        changes["metadata"] = merged(dispute["metadata"], params.metadata)
    if params.evidence:
        changes["evidence"] = {**dispute["evidence"], **params.evidence.given()}
        details = {**dispute["evidence_details"], "has_evidence": True}
        if params.submit:
            details["submission_count"] += 1
            changes["status"] = "under_review"
        changes["evidence_details"] = details
    books.change(dispute, "charge.dispute.updated", **changes)
    verdict = _VERDICTS.get(dispute["evidence"]["uncategorized_text"] or "")
    return close(books, dispute, verdict, books.now) if verdict and params.submit else dispute


def accept(books: Books, _params: Params, dispute_id: str) -> Obj:
    """Give a dispute up."""
    return close(books, books.get("dispute", dispute_id), "lost", books.now)
