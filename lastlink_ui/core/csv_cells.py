"""Text as a cell of a CSV file that no spreadsheet runs."""

import re
from collections.abc import Iterable

_SIGN = r"([ \u00a0]*)(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])"
FIRST_FORMULA = f"^{_SIGN}"
"""What a spreadsheet takes for a formula: at the start of a cell, after spaces too."""
LATER_FORMULA = rf"([\r\n\v\f\x1c-\x1e\x85\u2028\u2029]){_SIGN}"
"""The same at the start of one of its other lines."""
STARTS = " \u00a0=+@\t\r\uff1d\uff0b\uff0d\uff20-"
"""What a cell begins with where its first line may be a formula; the hyphen last, as in a set of letters."""
BREAKS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""What ends a line of a cell."""
SEPARATOR, QUOTE = ";", '"'

_FIRST, _LATER = re.compile(FIRST_FORMULA), re.compile(LATER_FORMULA)
_NEEDS_QUOTES = re.compile(f"[{SEPARATOR}{QUOTE}\r\n]")


def neutral(cell: str) -> str:
    """`cell` so that no spreadsheet runs it: `=1+1` → `'=1+1`."""
    return _FIRST.sub(r"'\1", _LATER.sub(r"\1'\2", cell))


def written(cell: str) -> str:
    """`cell` as it stands in the file: neutral, and in quotes where it must be."""
    cell = neutral(cell)
    if not _NEEDS_QUOTES.search(cell):
        return cell
    return QUOTE + cell.replace(QUOTE, QUOTE * 2) + QUOTE


def line(cells: Iterable[str]) -> str:
    """A row of the file."""
    return f"{SEPARATOR.join(map(written, cells))}\r\n"
