"""Webhook endpoints and the log of events, as the API shows them."""

from .books import Books
from .errors import InvalidParameter
from .ids import new_id, new_secret
from .params import ListParams, Metadata, Params, merged
from .shapes import public, shaped
from .store import Condition
from .types import Obj


class EndpointCreate(Params):
    """POST /v1/webhook_endpoints."""

    enabled_events: list[str]
    url: str
    api_version: str | None = None
    connect: bool | None = None
    description: str | None = None
    metadata: Metadata | None = None


class EndpointUpdate(Params):
    """POST /v1/webhook_endpoints/{webhook_endpoint}."""

    description: str | None = None
    disabled: bool | None = None
    enabled_events: list[str] | None = None
    metadata: Metadata | None = None
    url: str | None = None


class EventList(ListParams):
    """GET /v1/events."""

    type: str | None = None
    types: list[str] | None = None
    delivery_success: bool | None = None

    def conditions(self) -> list[Condition]:
        """Return the filters; a type may end in ``*``."""
        if self.type and self.types:
            raise InvalidParameter("You may only specify one of these parameters: type, types.")
        conditions: list[Condition] = self.created.conditions("created")
        if self.type:
            conditions.append(("type", "GLOB", self.type))
        if self.types:
            conditions.append(("type", "IN", tuple(self.types)))
        if self.delivery_success is not None:
            conditions.append(("pending_webhooks", "=" if self.delivery_success else ">", 0))
        return conditions


def create(books: Books, params: EndpointCreate) -> Obj:
    """Create an endpoint; only this answer carries its secret."""
    if not params.url.startswith(("http://", "https://")):
        raise InvalidParameter(
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            code="url_invalid",
            param="url",
        )
    secret = new_secret()
    endpoint = shaped(
        "webhook_endpoint",
        id=new_id("we"),
        api_version=params.api_version,
        created=books.now,
        description=params.description,
        enabled_events=params.enabled_events,
        metadata=merged({}, params.metadata or {}),
        url=params.url,
        _secret=secret,
    )
    return {**public(books.add(endpoint)), "secret": secret}


def update(books: Books, params: EndpointUpdate, endpoint_id: str) -> Obj:
    """Change an endpoint."""
    endpoint = books.get("webhook_endpoint", endpoint_id)
    changes = params.given("disabled")
    if "metadata" in changes:
        changes["metadata"] = merged(endpoint["metadata"], params.metadata)
    if params.disabled is not None:
        changes["status"] = "disabled" if params.disabled else "enabled"
    return books.change(endpoint, **changes)


def delete(books: Books, _params: Params, endpoint_id: str) -> Obj:
    """Delete an endpoint; what waits for it is not sent."""
    books.get("webhook_endpoint", endpoint_id)
    books.store.remove(endpoint_id)
    books.store.connection.execute("DELETE FROM deliveries WHERE endpoint = ?", (endpoint_id,))
    return {"id": endpoint_id, "object": "webhook_endpoint", "deleted": True}
