"""The page of a boleto: the line to pay, until when, and buttons that stand in for the payer and for time."""

from html import escape

from lastlink_ui.sandbox import actions
from lastlink_ui.sandbox.books import Books
from lastlink_ui.sandbox.errors import NotFound
from lastlink_ui.sandbox.types import Obj

from . import words
from .html import button, date, document, notice, reais

_VERBS = {"pay": "pay_boleto", "expire": "expire_boleto"}


def voucher_page(books: Books, intent_id: str) -> str:
    """Return the page of an intent's boleto. Raises: NotFound when it has none."""
    intent = books.get("payment_intent", intent_id)
    back = _back(books, intent)
    if intent["status"] == "succeeded":
        return notice(words.VOUCHER_PAID, words.VOUCHER_PAID_NOTE, back)
    if not intent["next_action"]:
        return notice(words.VOUCHER_EXPIRED, words.VOUCHER_EXPIRED_NOTE, back)
    details = intent["next_action"].get("boleto_display_details")
    if not details:
        raise NotFound.missing("boleto", intent_id)
    method = books.get("payment_method", intent["payment_method"])
    rows = (
        (words.VOUCHER_AMOUNT, reais(intent["amount"])),
        (words.VOUCHER_DUE, date(details["expires_at"])),
        (words.VOUCHER_PAYER, method["billing_details"]["name"] or ""),
        (words.TAX_ID, method["boleto"]["tax_id"]),
    )
    listed = "".join(f"<dt>{term}</dt><dd>{escape(text)}</dd>" for term, text in rows)
    here = f"/boleto/{intent_id}"
    onward = f'<a class="button quiet" href="{escape(back[1])}">{back[0]}</a>' if back else ""
    return document(
        words.VOUCHER_TITLE,
        f'<section class="card"><h1>{words.VOUCHER_TITLE}</h1><p class="soft">{words.VOUCHER_LINE}</p>'
        f'<p class="line">{grouped(details["number"])}</p><dl>{listed}</dl><div class="stack">'
        f"{button(f'{here}/pay', words.SIMULATE_PAYMENT)}"
        f"{button(f'{here}/expire', words.SIMULATE_EXPIRY, quiet=True)}{onward}</div></section>",
    )


def act(books: Books, intent_id: str, verb: str) -> None:
    """Pay a boleto or let it run out. Raises: NotFound for any other verb."""
    if verb not in _VERBS:
        raise NotFound.missing("action", verb)
    actions.act(books, _VERBS[verb], intent_id)


def grouped(line: str) -> str:
    """Return the 47 digits in the groups that are printed on a boleto."""
    fields = (
        f"{line[start : start + 5]}.{line[start + 5 : end]}" for start, end in ((0, 10), (10, 21), (21, 32))
    )
    return " ".join((*fields, line[32], line[33:]))


def _back(books: Books, intent: Obj) -> tuple[str, str] | None:
    payments = books.store.select_by("invoice_payment", payment_intent=intent["id"])
    invoice = books.store.find("invoice", payments[0]["invoice"]) if payments else None
    if invoice is None:
        return None
    subscription = invoice["parent"]["subscription_details"]["subscription"]
    sessions = books.store.select_by("checkout.session", subscription=subscription)
    if not sessions:
        return None
    return words.BACK_TO_SHOP, sessions[0]["success_url"].replace("{CHECKOUT_SESSION_ID}", sessions[0]["id"])
