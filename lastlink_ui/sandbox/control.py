"""The sandbox's own addresses under ``/_sandbox/``: load, reset, faults, requests, mails, deliveries."""

import json
import time
from collections.abc import Callable
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import actions, jobs, load, webhooks
from .books import Books
from .clock import Clock
from .database import Database
from .errors import StripeError
from .events import webhook_switch
from .faults import Fault, Faults
from .store import Store
from .types import Obj

_DEFAULT_LIMIT = 100
Wish = TypeVar("Wish")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WebhookSwitch(_Body):
    """How webhooks are treated from now on.

    ``drop`` never sends what happens meanwhile; ``duplicate`` sends everything ``copies`` times; ``delay``
    sends ``seconds`` late; ``shuffle`` sends each at a random moment of the next ``seconds``; ``deliver`` is
    normal.
    """

    webhooks: Literal["deliver", "drop", "duplicate", "shuffle", "delay"]
    copies: int = Field(default=2, ge=1, le=20)
    seconds: float = Field(default=0.5, ge=0)


class Clear(_Body):
    """Forget planned faults and deliver webhooks again."""

    clear: Literal[True]


class Mail(_Body):
    """A mail that the product would have sent."""

    sender: str = Field(alias="from")
    to: str
    subject: str
    text: str
    html: str | None = None


class Redelivery(_Body):
    """Which event to send again, to which endpoint (all when not said)."""

    event: str
    endpoint: str | None = None


class Advance(_Body):
    """How many seconds to move the account's clock forward."""

    seconds: int = Field(gt=0)


_FAULTS: TypeAdapter[Fault | WebhookSwitch | Clear] = TypeAdapter(Fault | WebhookSwitch | Clear)


class Control:
    """Answers ``/_sandbox/*``."""

    def __init__(
        self, database: Database, faults: Faults, clock: Clock, origin: str, after: Callable[[], None]
    ) -> None:
        self._database, self._faults, self._clock, self._origin = database, faults, clock, origin
        self._after = after

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/_sandbox/load", self.load, methods=["POST"]),
            Route("/_sandbox/reset", self.reset, methods=["POST"]),
            Route("/_sandbox/faults", self.faults, methods=["GET", "POST"]),
            Route("/_sandbox/requests", self.requests),
            Route("/_sandbox/mails", self.mails, methods=["GET", "POST"]),
            Route("/_sandbox/deliveries", self.deliveries),
            Route("/_sandbox/redeliver", self.redeliver, methods=["POST"]),
            Route("/_sandbox/clock", self.clock, methods=["GET", "POST"]),
            Route("/_sandbox/act/{verb}/{object_id}", self.act, methods=["POST"]),
        ]

    async def load(self, request: Request) -> Response:
        """Load a history; see `lastlink_ui.sandbox.load`."""
        body = await request.body()
        return await self._answer(lambda: load.History.model_validate_json(body), load.load)

    async def reset(self, _request: Request) -> Response:
        """Forget everything, planned faults too."""
        self._faults.clear()
        await self._database.run(lambda store: store.clear())
        return JSONResponse({"reset": True})

    async def faults(self, request: Request) -> Response:
        """Plan a fault, turn the webhook switch, or show both."""
        if request.method == "POST":
            try:
                wish = _FAULTS.validate_json(await request.body())
            except ValidationError as refusal:
                return _invalid(refusal)
            if isinstance(wish, Fault):
                self._faults.plan(wish)
            else:
                switch = wish.model_dump() if isinstance(wish, WebhookSwitch) else {}
                await self._database.run(lambda store: store.remember({"webhooks": json.dumps(switch)}))
                if isinstance(wish, Clear):
                    self._faults.clear()
        switch = await self._database.run(webhook_switch)
        return JSONResponse({"planned": [fault.model_dump() for fault in self._faults.planned], **switch})

    async def requests(self, request: Request) -> Response:
        """List the API requests received, newest first; ``?match=POST /v1/refunds&limit=`` narrows it."""
        wanted, limit = request.query_params.get("match"), _limit(request)

        def read(store: Store) -> list[Obj]:
            rows = store.connection.execute("SELECT entry FROM requests ORDER BY seq DESC").fetchall()
            entries: list[Obj] = [json.loads(row["entry"]) for row in rows]
            chosen = [entry for entry in entries if wanted in {None, f"{entry['method']} {entry['path']}"}]
            return chosen[:limit]

        return JSONResponse({"data": await self._database.run(read)})

    async def mails(self, request: Request) -> Response:
        """Store a mail, or list those ``?to=`` somebody, newest first."""
        if request.method == "POST":
            body = await request.body()
            return await self._answer(lambda: Mail.model_validate_json(body), _keep_mail)
        to, limit = request.query_params.get("to"), _limit(request)
        mails = await self._database.run(lambda store: list_mails(store, to, limit))
        return JSONResponse({"data": mails})

    async def deliveries(self, request: Request) -> Response:
        """List webhook deliveries, newest first; ``?event=`` narrows it."""
        event, limit = request.query_params.get("event"), _limit(request)
        return JSONResponse(
            {"data": await self._database.run(lambda store: list_deliveries(store, event, limit))}
        )

    async def redeliver(self, request: Request) -> Response:
        """Send an event again."""
        body = await request.body()

        def again(books: Books, wish: Redelivery) -> Obj:
            books.get("event", wish.event)
            return {"queued": webhooks.resend(books.store, wish.event, wish.endpoint)}

        return await self._answer(lambda: Redelivery.model_validate_json(body), again)

    async def clock(self, request: Request) -> Response:
        """Say what time it is, or move the account's clock forward; what becomes due happens in order."""
        if request.method == "GET":
            return await self._answer(lambda: None, lambda books, _none: clock_of(books))
        body = await request.body()
        return await self._answer(
            lambda: Advance.model_validate_json(body), lambda books, wish: advance(books, wish.seconds)
        )

    async def act(self, request: Request) -> Response:
        """Let something happen to an object: see `lastlink_ui.sandbox.actions`."""
        verb, object_id = request.path_params["verb"], request.path_params["object_id"]
        return await self._answer(lambda: None, lambda books, _none: actions.act(books, verb, object_id))

    async def _answer(self, read: Callable[[], Wish], work: Callable[[Books, Wish], Obj]) -> Response:
        try:
            wish = read()
            result = await self._database.run(
                lambda store: work(Books(store, self._clock, self._origin), wish)
            )
        except ValidationError as refusal:
            return _invalid(refusal)
        except StripeError as refusal:
            return JSONResponse(refusal.body(), refusal.status)
        self._after()
        return JSONResponse(result)


def list_mails(store: Store, to: str | None, limit: int) -> list[Obj]:
    """Return stored mails, newest first."""
    rows = store.connection.execute(
        "SELECT received, body FROM mails WHERE ? IS NULL OR recipient = ? ORDER BY seq DESC LIMIT ?",
        (to, to, limit),
    ).fetchall()
    return [{"received": row["received"], **json.loads(row["body"])} for row in rows]


def list_deliveries(store: Store, event: str | None, limit: int) -> list[Obj]:
    """Return webhook deliveries, newest first, with the type of their event."""
    rows = store.connection.execute(
        "SELECT d.*, json_extract(o.body, '$.type') AS type"
        " FROM deliveries d LEFT JOIN objects o ON o.id = d.event"
        " WHERE ? IS NULL OR d.event = ? ORDER BY d.seq DESC LIMIT ?",
        (event, event, limit),
    ).fetchall()
    return [dict(row) for row in rows]


def _keep_mail(books: Books, mail: Mail) -> Obj:
    books.store.connection.execute(
        "INSERT INTO mails (received, recipient, body) VALUES (?, ?, ?)",
        (int(time.time()), mail.to, mail.model_dump_json(by_alias=True)),
    )
    return {"stored": True}


def advance(books: Books, seconds: int) -> Obj:
    """Move the account's clock forward; the background then runs what is due."""
    books.store.move_clock(books.store.advanced + seconds)
    return clock_of(books)


def clock_of(books: Books) -> Obj:
    """Return the account's time, and how many jobs that are due by it wait to be run."""
    return {"advanced": books.store.advanced, "now": books.now, "due": jobs.count_due(books)}


def _limit(request: Request) -> int:
    given = request.query_params.get("limit", "")
    return int(given) if given.isdecimal() else _DEFAULT_LIMIT


def _invalid(refusal: ValidationError) -> Response:
    return JSONResponse({"error": {"message": str(refusal), "type": "invalid_request_error"}}, 422)
