"""What a creator's handle may look like, since it is the first path segment of the public page."""

import re
import unicodedata

from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.routes import RESERVED_SEGMENTS

MIN_LENGTH, MAX_LENGTH = 3, 30

# A handle ending like this would be taken for a file, by our own routes and by whoever shows the link.
_FILE_ENDING = re.compile(
    r"\.(?:avif|bmp|br|css|csv|gif|gz|html?|ico|jpe?g|js|json|map|md|mjs|mp[34]|pdf|php|png|rss|svg|txt|wasm"
    r"|webmanifest|webp|woff2?|xml|zip)$"
)
_LOOK_ALIKES = str.maketrans("01i", "oll")
_CHARACTERS = re.compile(r"[a-z0-9._]+")


class InvalidHandle(InvalidInput):
    """The public page cannot have this address; the sentence says why."""


def parse_handle(typed: str) -> str:
    """The handle meant by `typed`: without @ and spaces around it, lower case, compatibility forms folded.

    Raises: InvalidHandle.
    """
    handle = unicodedata.normalize("NFKC", typed).strip().removeprefix("@").lower()
    if problem := handle_problem(handle):
        raise InvalidHandle(problem)
    return handle


def is_handle(text: str) -> bool:
    """Whether a creator may have the public page at `/<text>`, exactly as it is written."""
    return handle_problem(text) is None


def handle_problem(handle: str) -> str | None:
    """The key of the sentence that says what is wrong with `handle`, or None."""
    if not MIN_LENGTH <= len(handle) <= MAX_LENGTH:
        return "handle.length"
    if _CHARACTERS.fullmatch(handle) is None:
        return "handle.characters"
    if handle.startswith(".") or handle.endswith(".") or ".." in handle:
        return "handle.dots"
    if _FILE_ENDING.search(handle):
        return "handle.file_ending"
    return "handle.reserved" if handle in RESERVED_SEGMENTS else None


def shape(handle: str) -> str:
    """What the eye takes `handle` for: two with the same shape would pass for each other."""
    plain = handle.replace(".", "").replace("_", "").translate(_LOOK_ALIKES)
    return plain.replace("rn", "m").replace("vv", "w")
