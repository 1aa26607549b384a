"""Billing portal sessions: a link for a customer to manage the own subscriptions."""

from typing import Literal

from .books import Books
from .errors import InvalidParameter
from .ids import new_id
from .params import Group, Params
from .shapes import shaped
from .types import Obj

_CONFIGURATION = "bpc_sandbox"


class Redirect(Group):
    """Where the portal leads afterwards."""

    return_url: str


class AfterCompletion(Group):
    """What follows a finished flow."""

    type: Literal["portal_homepage", "redirect"]
    redirect: Redirect | None = None


class SubscriptionCancelFlow(Group):
    """The subscription to cancel."""

    subscription: str


class Flow(Group):
    """The one thing that the link is for."""

    type: Literal["payment_method_update", "subscription_cancel"]
    after_completion: AfterCompletion | None = None
    subscription_cancel: SubscriptionCancelFlow | None = None


class PortalCreate(Params):
    """POST /v1/billing_portal/sessions."""

    customer: str
    configuration: str | None = None
    flow_data: Flow | None = None
    locale: str | None = None
    return_url: str | None = None


def create(books: Books, params: PortalCreate) -> Obj:
    """Create a link to the portal. Raises: NotFound, InvalidParameter for a flow without its subscription."""
    customer = books.get("customer", params.customer, "customer")
    configuration = default_configuration(books)
    session_id = new_id("bps")
    session = shaped(
        "billing_portal.session",
        id=session_id,
        configuration=params.configuration or configuration["id"],
        created=books.time_of(customer),
        customer=customer["id"],
        flow=_flow(books, params.flow_data, customer) if params.flow_data else None,
        locale=params.locale,
        return_url=params.return_url,
        url=f"{books.origin}/p/session/{session_id}",
    )
    if params.configuration:
        books.get("billing_portal.configuration", params.configuration, "configuration")
    return books.add(session, "billing_portal.session.created")


def default_configuration(books: Books) -> Obj:
    """Return the account's configuration of the portal, made when first asked for."""
    found = books.store.find("billing_portal.configuration", _CONFIGURATION)
    return found or books.add(_configuration(books.now))


def _flow(books: Books, flow: Flow, customer: Obj) -> Obj:
    after = flow.after_completion
    shape: Obj = {
        "type": flow.type,
        "after_completion": {
            "hosted_confirmation": None,
            "redirect": after.redirect.model_dump() if after and after.redirect else None,
            "type": after.type if after else "portal_homepage",
        },
        "subscription_cancel": None,
        "subscription_update": None,
        "subscription_update_confirm": None,
    }
    if flow.type == "subscription_cancel":
        if flow.subscription_cancel is None:
            raise InvalidParameter(
                "Missing required param: flow_data[subscription_cancel].",
                code="parameter_missing",
                param="flow_data[subscription_cancel]",
            )
        subscription = books.get("subscription", flow.subscription_cancel.subscription)
        if subscription["customer"] != customer["id"]:
            raise InvalidParameter("The subscription belongs to another customer.", param="flow_data")
        shape["subscription_cancel"] = {"retention": None, "subscription": subscription["id"]}
    return shape


def _configuration(now: int) -> Obj:
    return shaped(
        "billing_portal.configuration",
        id=_CONFIGURATION,
        created=now,
        updated=now,
        features={
            "customer_update": {"allowed_updates": [], "enabled": False},
            "invoice_history": {"enabled": True},
            "payment_method_update": {"enabled": True, "payment_method_configuration": None},
            "subscription_cancel": {
                "cancellation_reason": {"enabled": False, "options": []},
                "enabled": True,
                "mode": "at_period_end",
                "proration_behavior": "none",
            },
            "subscription_update": {
                "billing_cycle_anchor": None,
                "default_allowed_updates": [],
                "enabled": False,
                "proration_behavior": "none",
                "schedule_at_period_end": {"conditions": []},
                "trial_update_behavior": "end_trial",
            },
        },
    )
