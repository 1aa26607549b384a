"""One spelling for names, profiles and e-mail addresses, so that they can be compared, sorted and found."""

import re
import sys
import unicodedata
from functools import cache

from lastlink_ui.core.errors import InvalidInput

_PROFILE_ADDRESS = re.compile(r"(?:https?://)?(?:www\.|m\.)?instagram\.com/", re.IGNORECASE)
_HANDLE = re.compile(r"[a-z0-9._]{1,30}")
# One @ between a local part and a domain with a dot; what else is wrong, the first mail will tell.
_EMAIL = re.compile(r"[^@\s,;<>()\[\]\\\"]{1,64}@(?:[^@\s.,;<>()\[\]\\\"]+\.)+[^@\s.,;<>()\[\]\\\"]{2,}")
_EMAIL_MAX = 254


def fold(text: str) -> str:
    """`text` without accents, case and needless space: `  José  da SILVA` → `jose da silva`."""
    if not text.isascii():
        # Folding case can bring accents back (`İ`), and the other way round: twice is enough.
        text = _without_marks(_without_marks(text).casefold())
    return " ".join(text.lower().replace("\0", "").split())


def _without_marks(text: str) -> str:
    return unicodedata.normalize("NFKD", text).translate(_marks())


@cache
def _marks() -> dict[int, None]:
    """Every combining mark, mapped to nothing; looked through once, and not before it is needed."""
    return dict.fromkeys(code for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code)))


def sort_name(name: str) -> str:
    """What rows are sorted by: `Fan.sort_name`."""
    return fold(name)[:120]


def search_text(name: str, handle: str, email: str | None) -> str:
    """What the search box looks through: `Fan.search_text`, a line for each of the three."""
    return "\n".join((fold(name), fold(handle), fold(email or "")))


def search_term(typed: str) -> str:
    """What to look for in `search_text` when `typed` is in the box; empty when that is nothing."""
    return fold(typed).lstrip("@").strip()


def normalise_email(typed: str) -> str:
    """The address trimmed and in lower case.

    Raises: InvalidInput (`people.email`) for what cannot be an address.
    """
    email = unicodedata.normalize("NFKC", typed).strip().lower()
    if len(email) > _EMAIL_MAX or not _EMAIL.fullmatch(email) or ".." in email:
        raise InvalidInput("people.email")
    return email


def normalise_handle(typed: str) -> str:
    """The profile in lower case without @, from however it was typed: `@Ana.Lima`, `instagram.com/ana.lima/`.

    Raises: InvalidInput (`people.handle`) for what cannot be a profile.
    """
    handle = unicodedata.normalize("NFKC", typed[:500]).strip()
    if address := _PROFILE_ADDRESS.match(handle):
        handle = re.split(r"[/?#]", handle[address.end() :], maxsplit=1)[0]
    handle = handle.removeprefix("@").lower()
    if not _HANDLE.fullmatch(handle):
        raise InvalidInput("people.handle")
    return handle
