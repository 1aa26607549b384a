"""Money: integer centavos, and reading what a Brazilian types for a price."""

import re
from typing import NewType

from lastlink_ui.core.errors import InvalidInput

Centavos = NewType("Centavos", int)

CURRENCY = "BRL"
# Grouped thousands or none, and at most two decimals after a comma: 1.234,56 · 1234,5 · R$ 29,90
_BRAZILIAN = re.compile(
    r"(?:R\$)?\s*(?P<whole>\d{1,3}(?:\.\d{3})+|\d{1,9})(?:,(?P<cents>\d{1,2}))?", re.IGNORECASE | re.ASCII
)
_MAX_TYPED = 32


def parse_reais(typed: str) -> Centavos:
    """The centavos meant by `typed`, written the Brazilian way with or without R$.

    Raises: InvalidInput (`money.unreadable`) for anything else; nothing is guessed.
    """
    text = typed.replace("\N{NO-BREAK SPACE}", " ").strip()
    match = _BRAZILIAN.fullmatch(text) if len(text) <= _MAX_TYPED else None
    if match is None:
        raise InvalidInput("money.unreadable")
    whole = int(match["whole"].replace(".", ""))
    cents = int((match["cents"] or "").ljust(2, "0"))
    return Centavos(whole * 100 + cents)
