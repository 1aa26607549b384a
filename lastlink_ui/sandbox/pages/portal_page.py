"""The portal: a customer's subscriptions, card and invoices, as far as a link allows."""

from html import escape
from typing import Literal

from lastlink_ui.sandbox import subscriptions
from lastlink_ui.sandbox.books import Books
from lastlink_ui.sandbox.cards import card_of
from lastlink_ui.sandbox.ids import new_id
from lastlink_ui.sandbox.methods import new_card
from lastlink_ui.sandbox.types import Obj

from . import words
from .checkout_form import Typed, ask_card, card_problems
from .html import button, date, document, reais

Verb = Literal["cancel", "keep", "card"]
_LIVE = frozenset({"active", "past_due"})
_CARD_ALONE = "payment_method_update"
_CANCEL_ALONE = "subscription_cancel"


def portal_page(books: Books, session_id: str, typed: Typed | None = None, alert: str | None = None) -> str:
    """Return the page of a portal session."""
    session = books.get("billing_portal.session", session_id)
    flow: Obj = session["flow"] or {}
    only: str | None = flow.get("type")
    found = books.store.select_by("subscription", customer=session["customer"])
    if only == _CANCEL_ALONE:
        found = [each for each in found if each["id"] == flow["subscription_cancel"]["subscription"]]
    sections = [] if only == _CARD_ALONE else [_subscription(session, each) for each in found]
    if only != _CANCEL_ALONE:
        sections.append(_card(session, typed or Typed({}), alert, books.time_of(session)))
    if only is None:
        sections.append(_invoices(books, session))
    back = session["return_url"]
    link = f'<p><a href="{escape(back)}">← {words.BACK}</a></p>' if back else ""
    return document(words.PORTAL, f"{link}<h1>{words.PORTAL}</h1>{''.join(sections)}")


def act(books: Books, session_id: str, verb: str, typed: Typed) -> str | None:
    """Do what the customer asked for; return the address to go to, or None to stay.

    Raises: NotFound for a session or subscription that is not the customer's.
    """
    session = books.get("billing_portal.session", session_id)
    if verb == "card":
        return _change_card(books, session, typed)
    subscription = books.get("subscription", typed["subscription"])
    if subscription["customer"] == session["customer"] and verb in {"cancel", "keep"}:
        wish = subscriptions.SubscriptionUpdate(cancel_at_period_end=verb == "cancel")
        subscriptions.update(books, wish, subscription["id"])
    return _onward(session)


def problem(books: Books, session_id: str, verb: str, typed: Typed) -> str | None:
    """Return the sentence that says why a card can't be saved, or None when it can."""
    if verb != "card":
        return None
    wrong = card_problems(typed, books.time_of(books.get("billing_portal.session", session_id)))
    if wrong:
        return next(iter(wrong.values()))
    card = card_of(typed.number)
    return words.DECLINES[card.decline.decline_code] if card.decline and not card.attaches else None


def _change_card(books: Books, session: Obj, typed: Typed) -> str | None:
    month, year = typed.expiry or (1, 1)
    method = new_card(
        new_id("pm"),
        card_of(typed.number),
        last4=typed.number[-4:],
        exp_month=month,
        exp_year=year,
        created=books.now,
        customer=session["customer"],
        billing_details={"name": typed["card_name"]},
    )
    books.add(method, "payment_method.attached")
    for subscription in books.store.select_by("subscription", customer=session["customer"]):
        if subscription["status"] in _LIVE:
            wish = subscriptions.SubscriptionUpdate(default_payment_method=method["id"])
            subscriptions.update(books, wish, subscription["id"])
    return _onward(session)


def _onward(session: Obj) -> str | None:
    flow: Obj = session["flow"] or {}
    after: Obj = flow.get("after_completion") or {}
    redirect: Obj = after.get("redirect") or {}
    return redirect.get("return_url")


def _subscription(session: Obj, subscription: Obj) -> str:
    item = subscription["items"]["data"][0]
    until = date(item["current_period_end"])
    if subscription["status"] not in _LIVE:
        return f'<section class="card"><h2>{words.SUBSCRIPTION}</h2><p>{words.ENDED}</p></section>'
    canceled = subscription["cancel_at"] is not None
    note = (words.ENDS_ON if canceled else words.RENEWS_ON).format(date=until)
    verb, label = ("keep", words.KEEP) if canceled else ("cancel", words.CANCEL)
    hidden = {"subscription": subscription["id"]}
    pressed = button(f"/p/session/{session['id']}/{verb}", label, quiet=True, hidden=hidden)
    amount = reais(item["price"]["unit_amount"] * item["quantity"])
    return f'<section class="card"><h2>{words.SUBSCRIPTION}</h2><p>{amount} · {note}</p>{pressed}</section>'


def _card(session: Obj, typed: Typed, alert: str | None, now: int) -> str:
    warning = f'<p class="alert" role="alert">{escape(alert)}</p>' if alert else ""
    errors = card_problems(typed, now) if typed.values else {}
    return (
        f'<section class="card"><h2>{words.CHANGE_CARD}</h2>{warning}'
        f'<form method="post" action="/p/session/{session["id"]}/card" novalidate>'
        f"{ask_card(typed, errors)}<button>{words.SAVE_CARD}</button></form></section>"
    )


def _invoices(books: Books, session: Obj) -> str:
    rows = "".join(
        f"<tr><td>{date(invoice['created'])}</td><td>{reais(invoice['total'])}</td>"
        f'<td><a href="/i/{invoice["id"]}">{words.INVOICE_STATES[invoice["status"]]}</a></td></tr>'
        for invoice in books.store.select_by("invoice", customer=session["customer"])
    )
    return f'<section class="card"><h2>{words.INVOICES}</h2><table>{rows}</table></section>'
