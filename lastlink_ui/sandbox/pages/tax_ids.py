"""CPF and CNPJ check digits, the alphanumeric CNPJ included (Receita Federal, IN RFB 2.229/2024)."""

import re

_TEST_IDS = frozenset({"0" * 11, "0" * 14})  # Stripe's published test values
_CPF, _CNPJ = re.compile(r"\d{11}"), re.compile(r"[0-9A-Z]{12}\d{2}")
_CNPJ_LONGEST_WEIGHT = 9


def is_tax_id(text: str) -> bool:
    """Say whether a bare CPF or CNPJ is right; the all-zero test values are."""
    if text in _TEST_IDS:
        return True
    if len(set(text)) == 1:
        return False
    if _CPF.fullmatch(text):
        return text[9:] == _check_digits(text[:9], longest_weight=len(text))
    return bool(_CNPJ.fullmatch(text)) and text[12:] == _check_digits(
        text[:12], longest_weight=_CNPJ_LONGEST_WEIGHT
    )


def _check_digits(base: str, *, longest_weight: int) -> str:
    """Return both check digits: modulo 11 over ASCII-48 values with weights from 2 up, beginning again."""
    digits = base
    for _ in range(2):
        span = longest_weight - 1
        total = sum((ord(sign) - 48) * (2 + place % span) for place, sign in enumerate(reversed(digits)))
        rest = total % 11
        digits += "0" if rest < 2 else str(11 - rest)  # noqa: PLR2004 - the rule's own number
    return digits[len(base) :]
