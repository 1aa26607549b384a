"""The frame that every page shares, and the few pieces of markup that repeat."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from pathlib import Path

from lastlink_ui.sandbox.boleto import SAO_PAULO

from . import words

SAFE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# How the pages look: phone first, light and dark by what the visitor's system says.
_STYLES = Path(__file__).with_name("styles.css").read_text("utf-8")


def document(title: str, body: str, *, wide: bool = False) -> str:
    """Return a whole page around ready markup."""
    kind = ' class="wide"' if wide else ""
    return (
        '<!doctype html><html lang="pt-BR"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{_STYLES}</style></head>"
        f'<body{kind}><header class="ribbon"><strong>{words.SANDBOX}</strong> {words.SANDBOX_NOTE}</header>'
        f"<main>{body}</main></body></html>"
    )


def notice(title: str, note: str, link: tuple[str, str] | None = None) -> str:
    """Return a page that says one thing and leads on."""
    onward = f'<a class="button" href="{escape(link[1])}">{escape(link[0])}</a>' if link else ""
    return document(
        title, f'<section class="card"><h1>{escape(title)}</h1><p>{escape(note)}</p>{onward}</section>'
    )


def field(name: str, label: str, value: str, error: str | None, **attributes: str) -> str:
    """Return a labelled input; an error stands beside it and is read with it."""
    extra = "".join(f' {key.replace("_", "-")}="{escape(text)}"' for key, text in attributes.items())
    wrong = f' aria-invalid="true" aria-describedby="{name}-error"' if error else ""
    said = f'<span class="error" id="{name}-error">{escape(error)}</span>' if error else ""
    return (
        f'<div class="field"><label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" value="{escape(value)}"{extra}{wrong}>{said}</div>'
    )


def button(action: str, label: str, *, quiet: bool = False, hidden: Mapping[str, str] | None = None) -> str:
    """Return a form that is only a button, and what it sends along."""
    kind = ' class="quiet"' if quiet else ""
    sent = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in (hidden or {}).items()
    )
    return (
        f'<form method="post" action="{escape(action)}">{sent}<button{kind}>{escape(label)}</button></form>'
    )


def reais(centavos: int) -> str:
    """Return an amount as Brazilians write it, never broken over two lines: R$ 1.234,56."""
    whole = f"{centavos // 100:,}".replace(",", ".")
    return f"R$\N{NO-BREAK SPACE}{whole},{centavos % 100:02d}"


def date(at: int) -> str:
    """Return a day in São Paulo: 31/12/2026."""
    return datetime.fromtimestamp(at, SAO_PAULO).strftime("%d/%m/%Y")


def moment(at: float) -> str:
    """Return a day and time in São Paulo."""
    return datetime.fromtimestamp(at, SAO_PAULO).strftime("%d/%m/%Y %H:%M:%S")


def every(interval: str, count: int) -> str:
    """Return how often a price is charged."""
    return words.EVERY.get((interval, count)) or words.EVERY_MANY[interval].format(n=count)
