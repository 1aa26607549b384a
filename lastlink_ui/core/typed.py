"""Text as a person typed it, without what no database stores and no screen should show."""

import re
import unicodedata

# Control characters, halves of letters (PostgreSQL and UTF-8 refuse them), and the marks that turn the
# direction of everything after them. Joiners stay: emoji are made with them.
_UNWANTED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def line(typed: str) -> str:
    """`typed` on one line: composed letters, single spaces, none around it."""
    return " ".join(_clean(typed).split())


def paragraphs(typed: str) -> str:
    """`typed` with its line breaks, a single character each; no space around it."""
    return _clean(typed.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _clean(typed: str) -> str:
    return unicodedata.normalize("NFC", _UNWANTED.sub("", typed))
