"""The overview at the root: what the sandbox holds, and buttons for what only time and banks can do."""

from collections.abc import Callable, Iterable, Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from lastlink_ui.sandbox import actions, control, webhooks
from lastlink_ui.sandbox.books import Books
from lastlink_ui.sandbox.clock import Clock
from lastlink_ui.sandbox.database import Database
from lastlink_ui.sandbox.errors import StripeError
from lastlink_ui.sandbox.store import Store
from lastlink_ui.sandbox.types import Obj

from . import panel_words as words
from .html import SAFE_HEADERS, button, document, moment, notice, reais
from .words import BACK

_SHOWN = 20
_DISPUTABLE = "succeeded"
_OPEN_DISPUTE = frozenset({"needs_response", "under_review"})


class Panel:
    """Answers ``/`` and its buttons."""

    def __init__(self, database: Database, clock: Clock, origin: str, after: Callable[[], None]) -> None:
        self._database, self._clock, self._origin, self._after = database, clock, origin, after

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/", self.show),
            Route("/panel/act/{verb}/{object_id}", self.act, methods=["POST"]),
            Route("/panel/clock/{seconds:int}", self.advance, methods=["POST"]),
            Route("/panel/resend/{event}", self.resend, methods=["POST"]),
        ]

    async def show(self, _request: Request) -> Response:
        """Show the overview."""
        markup = await self._database.run(lambda store: overview(self._books(store)))
        return HTMLResponse(markup, headers=SAFE_HEADERS)

    async def act(self, request: Request) -> Response:
        """Let something happen to an object."""
        verb, object_id = request.path_params["verb"], request.path_params["object_id"]
        return await self._do(request, lambda books: actions.act(books, verb, object_id))

    async def advance(self, request: Request) -> Response:
        """Move the account's clock."""
        seconds = request.path_params["seconds"]
        return await self._do(request, lambda books: control.advance(books, seconds))

    async def resend(self, request: Request) -> Response:
        """Send an event again."""
        event = request.path_params["event"]
        return await self._do(request, lambda books: webhooks.resend(books.store, event))

    async def _do(self, request: Request, work: Callable[[Books], object]) -> Response:
        # Another site's page must not press the buttons of a sandbox that runs on the visitor's computer.
        if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            return Response(status_code=403)
        try:
            await self._database.run(lambda store: work(self._books(store)))
        except StripeError as refusal:
            page = notice(words.TITLE, refusal.message, (BACK, "/"))
            return HTMLResponse(page, refusal.status, headers=SAFE_HEADERS)
        self._after()
        return RedirectResponse("/", 303)

    def _books(self, store: Store) -> Books:
        return Books(store, self._clock, self._origin)


def overview(books: Books) -> str:
    """Return the page."""
    advance = "".join(button(f"/panel/clock/{step}", label) for step, label in words.ADVANCE.items())
    clock = (
        f'<section class="card"><h2>{words.CLOCK}</h2><p>{words.NOW.format(now=moment(books.now))}</p>'
        f'<div class="row">{advance}</div></section>'
    )
    intro = f'<h1>{words.TITLE}</h1><p class="soft">{words.INTRO}</p>'
    return document(
        words.TITLE,
        "".join((intro, clock, *(show(books) for show in _SECTIONS))),
        wide=True,
    )


def _subscriptions(books: Books) -> str:
    rows = [
        (
            _code(each["id"]),
            _who(books, each),
            each["status"],
            reais(each["items"]["data"][0]["price"]["unit_amount"]),
            moment(each["items"]["data"][0]["current_period_end"]),
            _act("hurry", each, words.RENEW) if each["status"] in {"active", "past_due"} else "",
        )
        for each in books.store.select("subscription", limit=_SHOWN)
    ]
    return _section(
        books,
        words.SUBSCRIPTIONS,
        "subscription",
        ("id", "who", "status", "amount", "until", "actions"),
        rows,
    )


def _boletos(books: Books) -> str:
    waiting = [
        intent
        for intent in books.store.select("payment_intent", [("status", "=", "requires_action")], limit=_SHOWN)
        if intent["next_action"] and "boleto_display_details" in intent["next_action"]
    ]
    rows = [
        (
            f'<a href="/boleto/{each["id"]}">{_code(each["id"])}</a>',
            _who(books, each),
            reais(each["amount"]),
            moment(each["next_action"]["boleto_display_details"]["expires_at"]),
            _act("pay_boleto", each, words.PAY_BOLETO) + _act("expire_boleto", each, words.EXPIRE_BOLETO),
        )
        for each in waiting
    ]
    return _table(words.BOLETOS, ("id", "who", "amount", "until", "actions"), rows)


def _charges(books: Books) -> str:
    def pressed(charge: Obj) -> str:
        card = charge["payment_method_details"]["type"] == "card"
        possible = card and charge["status"] == _DISPUTABLE and not charge["disputed"]
        return _act("open_dispute", charge, words.OPEN_DISPUTE) if possible else ""

    rows = [
        (_code(each["id"]), _who(books, each), each["status"], reais(each["amount"]), pressed(each))
        for each in books.store.select("charge", limit=_SHOWN)
    ]
    return _section(books, words.CHARGES, "charge", ("id", "who", "status", "amount", "actions"), rows)


def _disputes(books: Books) -> str:
    def pressed(dispute: Obj) -> str:
        if dispute["status"] not in _OPEN_DISPUTE:
            return ""
        return _act("win_dispute", dispute, words.WIN) + _act("lose_dispute", dispute, words.LOSE)

    rows = [
        (_code(each["id"]), _code(each["charge"]), each["status"], reais(each["amount"]), pressed(each))
        for each in books.store.select("dispute", limit=_SHOWN)
    ]
    return _section(books, words.DISPUTES, "dispute", ("id", "charge", "status", "amount", "actions"), rows)


def _refunds(books: Books) -> str:
    rows = [
        (
            _code(each["id"]),
            _code(each["charge"]),
            each["status"],
            reais(each["amount"]),
            _act("hurry", each, words.SETTLE) if each["status"] == "pending" else "",
        )
        for each in books.store.select("refund", limit=_SHOWN)
    ]
    return _section(books, words.REFUNDS, "refund", ("id", "charge", "status", "amount", "actions"), rows)


def _mails(books: Books) -> str:
    rows = [
        (
            escape(mail["to"]),
            moment(mail["received"]),
            f"<strong>{escape(mail['subject'])}</strong>",
            f'<pre class="mail">{escape(mail["text"])}</pre>',
        )
        for mail in control.list_mails(books.store, None, _SHOWN)
    ]
    return _table(words.MAILS, ("who", "when", "subject", "text"), rows)


def _events(books: Books) -> str:
    rows = [
        (
            _code(each["id"]),
            escape(each["type"]),
            moment(each["created"]),
            _code(str(each["data"]["object"].get("id", ""))),
            button(f"/panel/resend/{each['id']}", words.RESEND, quiet=True),
        )
        for each in books.store.select("event", limit=_SHOWN)
    ]
    return _section(books, words.EVENTS, "event", ("id", "type", "when", "object", "actions"), rows)


def _deliveries(books: Books) -> str:
    rows = [
        (
            _code(each["event"]),
            escape(each["type"] or ""),
            each["state"],
            str(each["attempts"]),
            escape(str(each["status"] or each["error"] or "")),
        )
        for each in control.list_deliveries(books.store, None, _SHOWN)
    ]
    return _table(words.DELIVERIES, ("id", "type", "status", "attempts", "answer"), rows)


def _section(
    books: Books, title: str, kind: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> str:
    listed = list(rows)
    total = words.TOTALS.format(shown=len(listed), total=books.store.count(kind))
    return _table(title, columns, listed, total)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> str:
    """Return a titled table of ready markup."""
    if not rows:
        return f'<section class="card"><h2>{title}</h2><p class="soft">{words.NONE}</p></section>'
    head = "".join(f'<th scope="col">{words.COLUMNS[name]}</th>' for name in columns)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    heading = f'<h2>{title} <small class="soft">{note}</small></h2>'
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    region = f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">{table}</div>'
    return f'<section class="card">{heading}{region}</section>'


def _who(books: Books, obj: Obj) -> str:
    customer = books.store.find("customer", obj["customer"] or "")
    return escape((customer["name"] or customer["email"] or customer["id"]) if customer else "")


def _act(verb: str, obj: Obj, label: str) -> str:
    return button(f"/panel/act/{verb}/{obj['id']}", label, quiet=True)


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


_SECTIONS = (
    _boletos,
    _subscriptions,
    _charges,
    _disputes,
    _refunds,
    _mails,
    _events,
    _deliveries,
)
