"""A form is read within bounds, says what is wrong beside each field, and forgets nothing."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.billing.gateway import Address, Payer
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.subscribers.fans import Person
from lastlink_ui.subscribers.tax_ids import normalise_tax_id
from lastlink_ui.web.public.form import NAME_MAX, TEXT_FIELDS, Draft, Field, problem

_PLAN = "019ab2c0-0000-7000-8000-000000000001"
_GOOD = Draft(_PLAN, "Beatriz Ribeiro", "@Beatriz.Ribeiro", " Beatriz@Example.com ", "card")

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_BOLETO = replace(
    _GOOD,
    pagamento="boleto",
    documento="529.982.247-25",
    cep="01310-100",
    rua="Avenida Paulista",
    numero="1000",
    complemento="ap. 12",
    bairro="Bela Vista",
    cidade="São Paulo",
    uf="SP",
)
names_of_fields = st.sampled_from([field.value for field in Field])


def test_a_good_form_has_no_problem_and_is_normalised() -> None:
    assert _GOOD.problems({_PLAN}, {"card"}) == {}
    assert _GOOD.person() == Person("Beatriz Ribeiro", "beatriz.ribeiro", "beatriz@example.com")


def test_a_boleto_names_its_payer() -> None:
    assert _BOLETO.problems({_PLAN}, {"card", "boleto"}) == {}
    assert _BOLETO.payer() == Payer(
        "52998224725",
        Address("Avenida Paulista, 1000", "ap. 12 - Bela Vista", "São Paulo", "SP", "01310100"),
    )
    assert _GOOD.payer() is None


def test_a_boleto_asks_for_everything_but_the_complement() -> None:
    empty = replace(_GOOD, pagamento="boleto")
    assert list(empty.problems({_PLAN}, {"boleto"})) == [
        *("documento", "cep", "rua", "numero", "bairro", "cidade", "uf")
    ]


@pytest.mark.parametrize(
    ("field", "typed", "is_good"),
    [
        ("documento", "529.982.247-25", True),
        ("documento", " 52998224725 ", True),
        ("documento", "529.982.247-24", False),
        ("documento", "111.111.111-11", False),
        ("documento", "000.000.000-00", False),
        ("documento", "11.222.333/0001-81", True),
        ("documento", "12.abc.345/01de-35", True),
        ("documento", "12ABC34501DE36", False),
        ("documento", "5299822472é", False),
        ("documento", "x" * 300, False),
        ("cep", "01310100", True),
        ("cep", "01.310-100", True),
        ("cep", "0131010", False),
        ("numero", "S/N", True),
        ("rua", "a" * 81, False),
        ("uf", "XX", False),
        ("complemento", "", True),
    ],
)
def test_what_is_taken_for_a_payers_data(field: str, typed: str, is_good: bool) -> None:  # noqa: FBT001 - a column
    problems = replace(_BOLETO, **{field: typed}).problems({_PLAN}, {"boleto"})
    assert set(problems) == (set() if is_good else {field})


@given(st.text(max_size=80) | st.from_regex(r"[0-9A-Za-z./ -]{11,20}", fullmatch=True))
def test_a_tax_id_is_kept_bare_or_refused(typed: str) -> None:
    try:
        bare = normalise_tax_id(typed)
    except InvalidInput:
        return
    assert bare.isalnum()
    assert bare.isupper() or bare.isdecimal()
    assert len(bare) in {11, 14}
    assert normalise_tax_id(bare.lower()) == bare


def test_an_empty_form_has_a_problem_in_every_field_in_the_order_of_the_page() -> None:
    assert list(Draft().problems({_PLAN}, {"card"})) == ["plano", "nome", "perfil", "email", "pagamento"]


def test_a_plan_or_a_method_that_is_not_offered_is_none() -> None:
    assert set(_GOOD.problems(set(), set())) == {"plano", "pagamento"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("beatriz@", "Complete o e-mail, por exemplo beatriz@gmail.com"),
        ("beatriz", "Complete o e-mail, por exemplo beatriz@gmail.com"),
        ("bia.r@gmail", "Complete o e-mail, por exemplo bia.r@gmail.com"),
        ("a b@x.com", "Escreva um e-mail válido, por exemplo ana@exemplo.com"),
        ("a@b@c.com", "Escreva um e-mail válido, por exemplo ana@exemplo.com"),
        ("<script>@x.com", "Escreva um e-mail válido, por exemplo ana@exemplo.com"),
        ("  ", "Escreva seu e-mail, por exemplo ana@gmail.com"),
        ("beatriz@example.com", ""),
    ],
)
def test_what_is_said_of_an_email(typed: str, sentence: str) -> None:
    assert problem(Field.EMAIL, typed) == sentence


@pytest.mark.parametrize(
    ("typed", "has_problem"),
    [
        ("Beatriz Ribeiro", False),
        ("Li", False),
        ("<script>alert(1)</script>", False),  # a name may be odd; it is shown as text
        ("123", True),
        ("-", True),
        ("a" * NAME_MAX, False),
        ("a" * (NAME_MAX + 1), True),
    ],
)
def test_what_is_taken_for_a_name(typed: str, has_problem: bool) -> None:  # noqa: FBT001 - a column
    assert bool(problem(Field.NAME, typed)) is has_problem


@given(anything)
def test_whatever_a_browser_sends_is_read_without_an_error(sent: Any) -> None:  # noqa: ANN401
    draft = Draft.of(sent)
    assert all(isinstance(text, str) and len(text) <= 300 for text in asdict(draft).values())


@given(st.dictionaries(names_of_fields, st.text(max_size=400) | anything))
def test_a_form_without_problems_names_a_person_within_the_columns_bounds(sent: dict[str, Any]) -> None:
    draft = Draft.of(sent | {"plano": _PLAN, "pagamento": "card"})
    if not draft.problems({_PLAN}, {"card"}):
        person = draft.person()
        assert 0 < len(person.name) <= 120
        assert 0 < len(person.handle) <= 30
        assert person.email is not None
        assert len(person.email) <= 254


@given(st.builds(Draft, *[st.text(max_size=100)] * 5))
def test_what_is_kept_comes_back_as_it_was(draft: Draft) -> None:
    kept = draft.to_keep()
    assert kept == "" or Draft.kept(kept) == draft


def test_a_long_but_possible_draft_is_kept() -> None:
    draft = Draft(_PLAN, '"' * 120, "\\" * 200, "é" * 254, "card")
    assert Draft.kept(draft.to_keep()) == draft


@given(anything.map(json.dumps) | anything | st.text())
def test_whatever_the_browser_holds_is_read_without_an_error(stored: Any) -> None:  # noqa: ANN401
    Draft.kept(stored)


def test_a_deeply_nested_draft_counts_as_none() -> None:
    assert Draft.kept("[" * 3000) == Draft()


_ODD = ("🌸" * 40, "\u202emoc.ana\u202c", "مريم", "<script>alert(1)</script>", "a\0b", "\ud800", "x" * 5_000)


@pytest.mark.parametrize("field", TEXT_FIELDS)
@pytest.mark.parametrize("odd", _ODD)
def test_odd_text_is_refused_in_words_or_taken_without_what_turns_a_page_round(
    field: Field, odd: str
) -> None:
    draft = _BOLETO.typing(field, odd)
    if sentence := problem(field, odd):
        assert not any(each in sentence for each in _ODD)
        assert list(draft.problems({_PLAN}, {"boleto"})) == [field.value]
        return
    taken = f"{draft.person()}{draft.payer()}"
    assert not any(mark in taken for mark in ("\u202e", "\0", "\ud800"))
    assert len(taken) < 1_000
