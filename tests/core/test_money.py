"""Reading prices typed the Brazilian way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.money import parse_reais
from lastlink_ui.text.formats import money


@pytest.mark.parametrize(
    ("typed", "centavos"),
    [
        ("29,90", 2990),
        ("R$ 29,90", 2990),
        ("r$29,9", 2990),
        ("5", 500),
        ("1.234,56", 123456),
        ("1234,56", 123456),
        (" 5,01 ", 501),
        ("1.000.000", 100000000),
    ],
)
def test_reads_what_a_brazilian_types(typed: str, centavos: int) -> None:
    assert parse_reais(typed) == centavos


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "5,", "1.23,00", "29.90", "-5", "5,001", "\N{ARABIC-INDIC DIGIT FIVE}", "1" * 40, "5 reais"],
)
def test_guesses_nothing(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_reais(typed)
    assert refused.value.message_key == "money.unreadable"


@given(st.integers(min_value=0, max_value=99_999_999_999))
def test_reads_back_what_it_shows(centavos: int) -> None:
    assert parse_reais(money(centavos)) == centavos
