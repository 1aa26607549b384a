import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.subscribers.normalise import fold, normalise_email, normalise_handle, search_term
from lastlink_ui.text import t


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="áàâãéêíóôõúçÁÇabc  '-.", max_size=20))
def test_case_and_accents_make_no_difference(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


def test_a_name_is_found_as_people_type_it() -> None:
    assert fold("  José  da SILVA ") == "jose da silva"
    assert search_term(" @José.Silva") == "jose.silva"


@pytest.mark.parametrize(
    "typed",
    [
        "ana.lima",
        " @Ana.Lima ",
        "instagram.com/ana.lima",
        "https://www.instagram.com/ana.lima/?hl=pt",
        "\uff41na.lima",
    ],
)
def test_a_profile_is_one_however_it_is_typed(typed: str) -> None:
    assert normalise_handle(typed) == "ana.lima"


@pytest.mark.parametrize("typed", ["", "@", "ana lima", "joão", "a" * 31, "<b>", "https://example.com/ana"])
def test_what_cannot_be_a_profile_gets_a_sentence(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        normalise_handle(typed)
    assert t(refused.value.message_key)


def test_an_address_is_lower_case_and_trimmed() -> None:
    assert normalise_email(" Ana.Lima@Exemplo.COM.br ") == "ana.lima@exemplo.com.br"


@pytest.mark.parametrize(
    "typed",
    ["", "ana", "ana@", "@exemplo.com", "ana@exemplo", "a b@exemplo.com", "ana@exemplo..com", "a@b@c.com"],
)
def test_what_cannot_be_an_address_gets_a_sentence(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        normalise_email(typed)
    assert t(refused.value.message_key)


@given(st.text(max_size=60))
def test_reading_a_profile_or_an_address_never_fails_otherwise(typed: str) -> None:
    for read in (normalise_handle, normalise_email):
        try:
            once = read(typed)
        except InvalidInput:
            continue
        assert read(once) == once
