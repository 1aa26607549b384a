"""What the overview at the root shows: a table of each sort of object, with the buttons that belong to it."""

import json
from collections.abc import Iterable, Sequence
from html import escape

from lastlink_ui.sandbox import control
from lastlink_ui.sandbox.books import Books
from lastlink_ui.sandbox.types import Obj

from . import panel_words as words
from .html import button, document, every, moment, reais
from .words import BACK

_SHOWN = 20
_DISPUTABLE = "succeeded"
_OPEN_DISPUTE = frozenset({"needs_response", "under_review"})


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


def object_page(obj: Obj) -> str:
    """Return the page of one object."""
    text = escape(json.dumps(obj, indent=2, ensure_ascii=False))
    title = f"{obj['object']} {obj['id']}"
    body = f'<pre class="mail" tabindex="0" role="region" aria-label="{escape(title)}">{text}</pre>'
    return document(
        title,
        f'<p><a href="/">← {BACK}</a></p><h1>{escape(title)}</h1><section class="card">{body}</section>',
        wide=True,
    )


def _customers(books: Books) -> str:
    rows = [
        (_link(each["id"]), escape(each["name"] or ""), escape(each["email"] or ""), moment(each["created"]))
        for each in books.store.select("customer", limit=_SHOWN)
    ]
    return _section(books, words.CUSTOMERS, "customer", ("id", "name", "email", "when"), rows)


def _prices(books: Books) -> str:
    rows = [
        (
            _link(each["id"]),
            _link(each["product"]),
            reais(each["unit_amount"]),
            every(each["recurring"]["interval"], each["recurring"]["interval_count"]),
        )
        for each in books.store.select("price", limit=_SHOWN)
    ]
    return _section(books, words.PRICES, "price", ("id", "product", "amount", "period"), rows)


def _sessions(books: Books) -> str:
    rows = [
        (
            f'{_link(each["id"])} <a href="{escape(each["url"])}">{words.PAY}</a>'
            if each["url"]
            else _link(each["id"]),
            each["status"],
            each["payment_status"],
            reais(each["amount_total"]),
            moment(each["created"]),
        )
        for each in books.store.select("checkout.session", limit=_SHOWN)
    ]
    columns = ("id", "status", "payment", "amount", "when")
    return _section(books, words.SESSIONS, "checkout.session", columns, rows)


def _invoices(books: Books) -> str:
    rows = [
        (
            _link(each["id"]),
            _who(books, each),
            each["status"],
            reais(each["total"]),
            moment(each["created"]),
            _act("hurry", each, words.RETRY) if each["next_payment_attempt"] else "",
        )
        for each in books.store.select("invoice", limit=_SHOWN)
    ]
    columns = ("id", "who", "status", "amount", "when", "actions")
    return _section(books, words.INVOICES, "invoice", columns, rows)


def _endpoints(books: Books) -> str:
    rows = [
        (_link(each["id"]), escape(each["url"]), each["status"], str(len(each["enabled_events"])))
        for each in books.store.select("webhook_endpoint", limit=_SHOWN)
    ]
    columns = ("id", "address", "status", "types")
    return _section(books, words.ENDPOINTS, "webhook_endpoint", columns, rows)


def _subscriptions(books: Books) -> str:
    rows = [
        (
            _link(each["id"]),
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
            f'{_link(each["id"])} <a href="/boleto/{each["id"]}">{words.VOUCHER}</a>',
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
        (_link(each["id"]), _who(books, each), each["status"], reais(each["amount"]), pressed(each))
        for each in books.store.select("charge", limit=_SHOWN)
    ]
    return _section(books, words.CHARGES, "charge", ("id", "who", "status", "amount", "actions"), rows)


def _disputes(books: Books) -> str:
    def pressed(dispute: Obj) -> str:
        if dispute["status"] not in _OPEN_DISPUTE:
            return ""
        return _act("win_dispute", dispute, words.WIN) + _act("lose_dispute", dispute, words.LOSE)

    rows = [
        (_link(each["id"]), _link(each["charge"]), each["status"], reais(each["amount"]), pressed(each))
        for each in books.store.select("dispute", limit=_SHOWN)
    ]
    return _section(books, words.DISPUTES, "dispute", ("id", "charge", "status", "amount", "actions"), rows)


def _refunds(books: Books) -> str:
    rows = [
        (
            _link(each["id"]),
            _link(each["charge"]),
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
            _link(each["id"]),
            escape(each["type"]),
            moment(each["created"]),
            _link(str(each["data"]["object"].get("id", ""))),
            button(f"/panel/resend/{each['id']}", words.RESEND, quiet=True),
        )
        for each in books.store.select("event", limit=_SHOWN)
    ]
    return _section(books, words.EVENTS, "event", ("id", "type", "when", "object", "actions"), rows)


def _deliveries(books: Books) -> str:
    rows = [
        (
            _link(each["event"]),
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


def _link(object_id: str) -> str:
    """Return an id that leads to its object."""
    return f'<a href="/objects/{escape(object_id)}"><code>{escape(object_id)}</code></a>'


_SECTIONS = (
    _boletos,
    _subscriptions,
    _invoices,
    _charges,
    _disputes,
    _refunds,
    _mails,
    _events,
    _deliveries,
    _sessions,
    _customers,
    _prices,
    _endpoints,
)
