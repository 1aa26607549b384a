"""The payment form: what it asks, what was typed, what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from lastlink_ui.sandbox import boleto
from lastlink_ui.sandbox.books import Books
from lastlink_ui.sandbox.cards import passes_luhn
from lastlink_ui.sandbox.checkout import price_of
from lastlink_ui.sandbox.clock import period_after
from lastlink_ui.sandbox.purchase import Buyer
from lastlink_ui.sandbox.types import Obj

from . import words
from .html import date, document, every, field, reais
from .tax_ids import is_tax_id

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_EXPIRY = re.compile(r"(\d{1,2})\s*/?\s*(\d{2}|\d{4})")
_CENTURY = 2_000
_CARD_DIGITS = range(12, 20)
_STATES = frozenset(
    [
        "AC",
        "AL",
        "AM",
        "AP",
        "BA",
        "CE",
        "DF",
        "ES",
        "GO",
        "MA",
        "MG",
        "MS",
        "MT",
        "PA",
        "PB",
        "PE",
        "PI",
        "PR",
        "RJ",
        "RN",
        "RO",
        "RR",
        "RS",
        "SC",
        "SE",
        "SP",
        "TO",
    ]
)
_NEVER_SHOWN_AGAIN = frozenset({"cvc"})


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was sent."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Return a field's text without the spaces around it."""
        return self.values.get(name, "").strip()

    @property
    def number(self) -> str:
        """The card number's digits."""
        return re.sub(r"\D", "", self["number"])

    @property
    def expiry(self) -> tuple[int, int] | None:
        """Month and year, or None when they can't be read."""
        match = _EXPIRY.fullmatch(self["expiry"])
        if not match:
            return None
        month, year = int(match[1]), int(match[2])
        return (month, year if year >= _CENTURY else year + _CENTURY) if 1 <= month <= 12 else None  # noqa: PLR2004

    @property
    def tax_id(self) -> str:
        """The tax number without its punctuation."""
        return re.sub(r"[^0-9A-Z]", "", self["tax_id"].upper())


def method_chosen(session: Obj, typed: Typed) -> str:
    """Return the payment method that the form is for; one that is not offered becomes the first."""
    offered: list[str] = session["payment_method_types"]
    return typed["method"] if typed["method"] in offered else offered[0]


def known_email(session: Obj) -> str:
    """Return the buyer's e-mail when the session brought it, else nothing."""
    details: Obj = session["customer_details"] or {}
    return details.get("email") or ""


def known_before(books: Books, session: Obj) -> Typed:
    """Return the form as far as the session's customer fills it in."""
    customer = books.store.find("customer", session["customer"] or "")
    if customer is None:
        return Typed({})
    address: Obj = customer["address"] or {}
    known = {
        "card_name": customer["name"],
        "full_name": customer["name"],
        "tax_id": customer.get("_tax_id"),
        "address": address.get("line1"),
        "city": address.get("city"),
        "state": address.get("state"),
        "postal_code": address.get("postal_code"),
    }
    return Typed({name: text for name, text in known.items() if text})


def problems(session: Obj, typed: Typed, now: int) -> dict[str, str]:
    """Return a sentence for each field that can't be accepted."""
    found: dict[str, str] = {}
    if not known_email(session) and not _EMAIL.fullmatch(typed["email"]):
        found["email"] = words.BAD_EMAIL
    check = card_problems if method_chosen(session, typed) == "card" else _boleto_problems
    return found | check(typed, now)


def buyer(session: Obj, typed: Typed) -> Buyer:
    """Return who pays. The form must have no problems."""
    email = known_email(session) or typed["email"]
    if method_chosen(session, typed) == "card":
        return Buyer(email=email, name=typed["card_name"])
    address = {
        "city": typed["city"],
        "country": "BR",
        "line1": typed["address"],
        "line2": None,
        "postal_code": typed["postal_code"],
        "state": typed["state"].upper(),
    }
    return Buyer(email=email, name=typed["full_name"], tax_id=typed.tax_id, address=address)


def checkout_page(session: Obj, typed: Typed, errors: Mapping[str, str], alert: str | None, now: int) -> str:
    """Return the payment page with what was typed before and what was wrong with it."""
    product = session["_line_items"][0]["description"]
    price = price_of(session)
    recurring = price["recurring"]
    period = every(recurring["interval"], recurring["interval_count"])
    amount = reais(session["amount_total"])
    next_date = date(period_after(now, recurring["interval"], recurring["interval_count"], now))
    terms = words.TERMS.format(amount=amount, period=period, next_date=next_date)
    warning = f'<p class="alert" role="alert">{escape(alert)}</p>' if alert else ""
    title = words.SUBSCRIBE_TO.format(product=product)
    cancel = session["cancel_url"]
    back = f'<p><a href="{escape(cancel)}">← {words.BACK}</a></p>' if cancel else ""
    return document(
        title,
        f'{back}<section class="card"><h1>{escape(title)}</h1>'
        f'<p class="amount">{amount} <small>{period}</small></p></section>'
        f'<section class="card">{warning}<form method="post" novalidate>'
        f"{_fields(session, typed, errors, now)}"
        f'<p class="small">{escape(terms)}</p><button>{words.PAY}</button></form></section>',
    )


def _fields(session: Obj, typed: Typed, errors: Mapping[str, str], now: int) -> str:
    ask = _asking(typed, errors)
    email = known_email(session)
    known = f'<p class="small">{words.EMAIL}: {escape(email)}</p>'
    first = known if email else ask("email", words.EMAIL, type="email", autocomplete="email")
    sections = {"card": lambda: _card_fields(ask), "boleto": lambda: _boleto_fields(session, ask, now)}
    offered: list[str] = session["payment_method_types"]
    return (
        first
        + _choice(offered, method_chosen(session, typed))
        + "".join(sections[kind]() for kind in offered)
    )


def ask_card(typed: Typed, errors: Mapping[str, str]) -> str:
    """Return the fields of a card."""
    return _card_fields(_asking(typed, errors))


def _asking(typed: Typed, errors: Mapping[str, str]) -> Callable[..., str]:
    def ask(name: str, label: str, **attributes: str) -> str:
        shown = "" if name in _NEVER_SHOWN_AGAIN else typed[name]
        return field(name, label, shown, errors.get(name), **attributes)

    return ask


def _choice(offered: list[str], chosen: str) -> str:
    names = {"card": words.CARD, "boleto": words.BOLETO}
    if len(offered) == 1:
        return f'<input type="hidden" name="method" value="{offered[0]}">'
    radios = "".join(
        f'<label><input type="radio" name="method" value="{kind}"{" checked" if kind == chosen else ""}>'
        f"{names[kind]}</label>"
        for kind in offered
    )
    legend = f"<legend>{words.PAY_WITH}</legend>"
    return f'<fieldset role="radiogroup">{legend}<div class="choices">{radios}</div></fieldset>'


def _card_fields(ask: Callable[..., str]) -> str:
    number = ask(
        "number",
        words.CARD_NUMBER,
        inputmode="numeric",
        autocomplete="cc-number",
        placeholder="1234 1234 1234 1234",
    )
    expiry = ask(
        "expiry", words.EXPIRY, inputmode="numeric", autocomplete="cc-exp", placeholder="MM/AA", maxlength="7"
    )
    cvc = ask("cvc", words.CVC, inputmode="numeric", autocomplete="cc-csc", placeholder="123", maxlength="4")
    name = ask("card_name", words.CARD_NAME, autocomplete="cc-name")
    return f'<div class="by-card">{number}<div class="pair">{expiry}{cvc}</div>{name}</div>'


def _boleto_fields(session: Obj, ask: Callable[..., str], now: int) -> str:
    due = boleto.due_at(now, session["payment_method_options"]["boleto"]["expires_after_days"])
    name = ask("full_name", words.FULL_NAME, autocomplete="name")
    tax_id = ask("tax_id", words.TAX_ID, autocomplete="off")
    postal_code = ask("postal_code", words.POSTAL_CODE, inputmode="numeric", autocomplete="postal-code")
    state = ask("state", words.STATE, autocomplete="address-level1", maxlength="2")
    address = ask("address", words.ADDRESS, autocomplete="street-address")
    city = ask("city", words.CITY, autocomplete="address-level2")
    note = words.BOLETO_NOTE.format(due_date=date(due))
    return (
        f'<div class="by-boleto">{name}{tax_id}{address}{city}<div class="pair">{state}{postal_code}</div>'
        f'<p class="small">{note}</p></div>'
    )


def card_problems(typed: Typed, now: int) -> dict[str, str]:
    """Return a sentence for each card field that can't be accepted."""
    found: dict[str, str] = {}
    if len(typed.number) not in _CARD_DIGITS or not passes_luhn(typed.number):
        found["number"] = words.BAD_NUMBER
    if typed.expiry is None:
        found["expiry"] = words.BAD_EXPIRY
    else:
        today = datetime.fromtimestamp(now, UTC)
        month, year = typed.expiry
        if (year, month) < (today.year, today.month):
            found["expiry"] = words.PAST_EXPIRY
    if not re.fullmatch(r"\d{3,4}", typed["cvc"]):
        found["cvc"] = words.BAD_CVC
    if not typed["card_name"]:
        found["card_name"] = words.MISSING
    return found


def _boleto_problems(typed: Typed, _now: int) -> dict[str, str]:
    found = {name: words.MISSING for name in ("full_name", "address", "city") if not typed[name]}
    if not is_tax_id(typed.tax_id):
        found["tax_id"] = words.BAD_TAX_ID
    if not re.fullmatch(r"\d{5}-?\d{3}", typed["postal_code"]):
        found["postal_code"] = words.BAD_POSTAL_CODE
    if typed["state"].upper() not in _STATES:
        found["state"] = words.BAD_STATE
    return found
