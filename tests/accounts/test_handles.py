"""A handle that is taken is one that can stand in a URL's first segment, and nothing else."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.handles import InvalidHandle, is_handle, parse_handle
from lastlink_ui.core.routes import DASHBOARD, RESERVED_SEGMENTS

_ALLOWED = string.ascii_lowercase + string.digits + "._"


@pytest.mark.parametrize(
    "handle", ["ana", "ana.demo", "a_1", "_ana_", "1.2.3", "a" * 30, "ana.demo_2", "js.ana"]
)
def test_taken(handle: str) -> None:
    assert parse_handle(handle) == handle


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "handle.length"),
        ("an", "handle.length"),
        ("a" * 31, "handle.length"),
        ("ana demo", "handle.characters"),
        ("anã", "handle.characters"),
        ("ana/demo", "handle.characters"),
        ("ana\n", "handle.characters"),
        ("аna", "handle.characters"),  # a Cyrillic letter  # noqa: RUF001
        (".ana", "handle.dots"),
        ("ana.", "handle.dots"),
        ("an..a", "handle.dots"),
        ("ana.js", "handle.file_ending"),
        ("ana.png", "handle.file_ending"),
        ("assinantes", "handle.reserved"),
        ("entrar", "handle.reserved"),
        ("_event", "handle.reserved"),
        ("sitemap.xml", "handle.file_ending"),
    ],
)
def test_refused_with_its_reason(typed: str, sentence: str) -> None:
    if typed.endswith("\n"):
        assert not is_handle(typed)  # spaces around it are taken off only where a person types
        return
    with pytest.raises(InvalidHandle) as refused:
        parse_handle(typed)
    assert refused.value.message_key == sentence


@pytest.mark.parametrize("typed", ["@ana", " Ana ", "ANA", "@ANA", "ａｎａ"])  # noqa: RUF001 - full-width letters
def test_what_a_person_types_is_read(typed: str) -> None:
    assert parse_handle(typed) == "ana"


@given(st.text(max_size=40))
def test_whatever_is_read_is_a_handle_and_stays_itself(typed: str) -> None:
    try:
        handle = parse_handle(typed)
    except InvalidHandle:
        return
    assert is_handle(handle)
    assert parse_handle(handle) == handle


@given(st.text(alphabet=_ALLOWED, min_size=1, max_size=35))
def test_the_rules_say_the_same_as_their_words(text: str) -> None:
    fits = (
        3 <= len(text) <= 30
        and text[0] != "."
        and text[-1] != "."
        and ".." not in text
        and text not in RESERVED_SEGMENTS
    )
    if is_handle(text):
        assert fits
    elif fits:
        assert "." in text  # it ends like a file


@given(st.sampled_from(sorted(RESERVED_SEGMENTS)))
def test_no_segment_of_ours_is_a_handle(segment: str) -> None:
    assert not is_handle(segment)


def test_the_dashboard_is_reserved() -> None:
    assert DASHBOARD < RESERVED_SEGMENTS
