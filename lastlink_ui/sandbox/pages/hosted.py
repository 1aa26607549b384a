"""The addresses that a payer's browser visits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from lastlink_ui.sandbox import checkout, purchase
from lastlink_ui.sandbox.books import Books
from lastlink_ui.sandbox.cards import card_named, card_of
from lastlink_ui.sandbox.clock import Clock
from lastlink_ui.sandbox.database import Database
from lastlink_ui.sandbox.errors import NotFound
from lastlink_ui.sandbox.invoices import intent_of
from lastlink_ui.sandbox.types import Obj

from . import checkout_form, portal_page, vouchers, words
from .checkout_form import Typed
from .html import SAFE_HEADERS, button, document, notice, reais

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Page:
    """Markup to show."""

    markup: str
    status: int = 200


@dataclass(frozen=True, slots=True)
class Onward:
    """An address to go to."""

    url: str


Shown = Page | Onward


class Hosted:
    """Answers the payment, voucher and invoice pages."""

    def __init__(self, database: Database, clock: Clock, origin: str, after: Callable[[], None]) -> None:
        self._database, self._clock, self._origin, self._after = database, clock, origin, after

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/c/pay/{session}", self.session, methods=["GET", "POST"]),
            Route("/c/pay/{session}/authenticate", self.authenticate, methods=["POST"]),
            Route("/boleto/{intent}", self.voucher),
            Route("/boleto/{intent}/{verb}", self.voucher_act, methods=["POST"]),
            Route("/p/session/{session}", self.portal),
            Route("/p/session/{session}/{verb}", self.portal_act, methods=["POST"]),
            Route("/i/{invoice}", self.invoice),
            Route("/i/{invoice}/pdf", self.invoice),
        ]

    async def session(self, request: Request) -> Response:
        """Show a session's payment page, or take what was typed into it."""
        session_id = request.path_params["session"]
        if request.method == "GET":
            return await self._show(lambda books: _open_session(books, session_id))
        typed = await _typed(request)
        return await self._show(lambda books: _pay(books, session_id, typed))

    async def authenticate(self, request: Request) -> Response:
        """Take the payer's answer to the bank's question (3-D Secure)."""
        session_id, agreed = request.path_params["session"], request.query_params.get("agreed") == "yes"
        return await self._show(lambda books: _authenticated(books, session_id, agreed=agreed))

    async def voucher(self, request: Request) -> Response:
        """Show a boleto."""
        intent_id = request.path_params["intent"]
        return await self._show(lambda books: Page(vouchers.voucher_page(books, intent_id)))

    async def voucher_act(self, request: Request) -> Response:
        """Let a boleto be paid, or run out."""
        intent_id, verb = request.path_params["intent"], request.path_params["verb"]

        def let_happen(books: Books) -> Shown:
            vouchers.act(books, intent_id, verb)
            return Onward(f"/boleto/{intent_id}")

        return await self._show(let_happen)

    async def portal(self, request: Request) -> Response:
        """Show a customer's portal."""
        session_id = request.path_params["session"]
        return await self._show(lambda books: Page(portal_page.portal_page(books, session_id)))

    async def portal_act(self, request: Request) -> Response:
        """Cancel, keep, or change the card."""
        session_id, verb = request.path_params["session"], request.path_params["verb"]
        typed = await _typed(request)

        def let_happen(books: Books) -> Shown:
            problem = portal_page.problem(books, session_id, verb, typed)
            if problem:
                return Page(portal_page.portal_page(books, session_id, typed, problem), 422)
            return Onward(portal_page.act(books, session_id, verb, typed) or f"/p/session/{session_id}")

        return await self._show(let_happen)

    async def invoice(self, request: Request) -> Response:
        """Show an invoice, or the boleto that is to pay it."""
        invoice_id = request.path_params["invoice"]
        return await self._show(lambda books: _invoice(books, invoice_id))

    async def _show(self, work: Callable[[Books], Shown]) -> Response:
        try:
            shown = await self._database.run(lambda store: work(Books(store, self._clock, self._origin)))
        except NotFound:
            shown = Page(notice(words.UNKNOWN, words.UNKNOWN_NOTE), 404)
        self._after()
        if isinstance(shown, Onward):
            return RedirectResponse(shown.url, 303, headers=SAFE_HEADERS)
        return HTMLResponse(shown.markup, shown.status, headers=SAFE_HEADERS)


async def _typed(request: Request) -> Typed:
    form = await request.form(max_files=0)
    return Typed({name: value for name, value in form.items() if isinstance(value, str)})


def _open_session(books: Books, session_id: str) -> Shown:
    session = books.get("checkout.session", session_id)
    now = _now(books, session)
    if session["status"] == "open" and session["expires_at"] <= now:
        checkout.close(books, session)
    known = checkout_form.known_before(books, session)
    return _closed(books, session) or Page(checkout_form.checkout_page(session, known, {}, None, now))


def _closed(books: Books, session: Obj) -> Page | None:
    """Return what a session that can't be paid any more shows."""
    if session["status"] == "open":
        return None
    if session["status"] == "expired":
        back = (words.BACK_TO_SHOP, session["cancel_url"]) if session["cancel_url"] else None
        return Page(notice(words.EXPIRED, words.EXPIRED_NOTE, back))
    invoice = books.get("invoice", session["invoice"])
    intent = intent_of(books, invoice)
    if session["payment_status"] == "unpaid" and intent and intent["next_action"]:
        return Page(notice(words.VOUCHER_ISSUED, "", (words.SEE_VOUCHER, f"/boleto/{intent['id']}")))
    return Page(
        notice(words.ALREADY_PAID, words.ALREADY_PAID_NOTE, (words.BACK_TO_SHOP, return_url(session)))
    )


def _pay(books: Books, session_id: str, typed: Typed) -> Shown:
    session = books.get("checkout.session", session_id)
    now = _now(books, session)
    if session["status"] == "open" and session["expires_at"] <= now:
        checkout.close(books, session)
    closed = _closed(books, session)
    if closed:
        return closed
    errors = checkout_form.problems(session, typed, now)
    if errors:
        return Page(checkout_form.checkout_page(session, typed, errors, words.CHECK_FIELDS, now), 422)
    buyer = checkout_form.buyer(session, typed)
    if checkout_form.method_chosen(session, typed) == "boleto":
        purchase.pay_by_boleto(books, session, buyer)
        return Onward(f"/boleto/{session['_payment_intent']}")
    card = card_of(typed.number)
    if card.decline:
        sentence = words.DECLINES[card.decline.decline_code]
        return Page(checkout_form.checkout_page(session, typed, {}, sentence, now), 402)
    month, year = typed.expiry or (1, 1)
    details: Obj = {"last4": typed.number[-4:], "exp_month": month, "exp_year": year}
    if card.three_d_secure:
        # The number itself is not kept: the behaviour's name stands for it.
        pending = {"card": card.name, "buyer": buyer.model_dump(), **details}
        books.change(session, _pending=pending)
        return Page(_question(session))
    purchase.pay_by_card(books, session, buyer, card, **details)
    return Onward(return_url(session))


def _authenticated(books: Books, session_id: str, *, agreed: bool) -> Shown:
    session = books.get("checkout.session", session_id)
    closed = _closed(books, session)
    if closed:
        return closed
    pending: Obj | None = session.get("_pending")
    if not pending or not agreed:
        sentence = words.DECLINES["authentication_required"]
        return Page(checkout_form.checkout_page(session, Typed({}), {}, sentence, _now(books, session)), 402)
    buyer = purchase.Buyer.model_validate(pending.pop("buyer"))
    card = card_named(pending.pop("card"))
    purchase.pay_by_card(books, session, buyer, card, **pending)
    return Onward(return_url(session))


def _question(session: Obj) -> str:
    note = words.AUTHENTICATE_NOTE.format(amount=reais(session["amount_total"]))
    here = f"/c/pay/{session['id']}/authenticate"
    return document(
        words.AUTHENTICATE,
        f'<section class="card"><h1>{words.AUTHENTICATE}</h1><p>{note}</p><div class="stack">'
        f"{button(f'{here}?agreed=yes', words.AUTHORIZE)}"
        f"{button(f'{here}?agreed=no', words.REFUSE, quiet=True)}"
        "</div></section>",
    )


def _invoice(books: Books, invoice_id: str) -> Shown:
    invoice = books.get("invoice", invoice_id)
    intent = intent_of(books, invoice)
    if intent and intent["next_action"]:
        return Onward(f"/boleto/{intent['id']}")
    title = words.INVOICE.format(number=invoice["number"] or invoice["id"])
    state = words.INVOICE_STATES[invoice["status"]]
    return Page(notice(title, f"{reais(invoice['total'])} · {state}"))


def return_url(session: Obj) -> str:
    """Return where a payer goes after paying."""
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


def _now(books: Books, session: Obj) -> int:
    customer = session["customer"]
    return books.time_of(books.store.find("customer", customer) if customer else None)
