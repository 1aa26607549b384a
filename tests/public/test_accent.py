"""Whatever colour a creator picks, the words on it and the edges drawn with it can be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.plans.accent import (
    DARK_PAGE,
    DEFAULT_ACCENT,
    EDGE_CONTRAST,
    LIGHT_PAGE,
    TEXT_CONTRAST,
    Accent,
    contrast,
)

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(colours)
def test_words_on_the_colour_can_be_read(colour: str) -> None:
    accent = Accent.of(colour)
    assert accent.fill == colour
    assert contrast(accent.on_fill, accent.fill) >= TEXT_CONTRAST
    assert contrast(accent.on_fill, accent.shade) >= TEXT_CONTRAST


@given(colours)
def test_edges_stand_out_from_both_pages(colour: str) -> None:
    accent = Accent.of(colour)
    assert contrast(accent.edge_light, LIGHT_PAGE) >= EDGE_CONTRAST
    assert contrast(accent.edge_dark, DARK_PAGE) >= EDGE_CONTRAST


@given(colours)
def test_an_edge_that_is_seen_already_keeps_its_colour(colour: str) -> None:
    accent = Accent.of(colour)
    if contrast(colour, LIGHT_PAGE) >= EDGE_CONTRAST:
        assert accent.edge_light == colour
    if contrast(colour, DARK_PAGE) >= EDGE_CONTRAST:
        assert accent.edge_dark == colour


@pytest.mark.parametrize(
    "text", ["", "red", "#fff", "#12345g", "#123456;background:url(//x)", "#12345\N{FULLWIDTH DIGIT SIX}"]
)
def test_what_is_no_colour_becomes_the_default(text: str) -> None:
    assert Accent.of(text).fill == DEFAULT_ACCENT


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
