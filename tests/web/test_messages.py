"""Pages are sent the JSON that Reflex would send; what many show is written once."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reflex.utils import format  # noqa: A004 - so it is called

from lastlink_ui.lastlink_ui import app
from lastlink_ui.web import messages
from lastlink_ui.web.messages import Shared


class Colour(StrEnum):
    RED = "red"


class Name(str):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    amount: int
    colour: Colour = Colour.RED


_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.builds(Row, st.text(), st.integers(0, 10**6))
    | st.sampled_from(
        [Colour.RED, Name("ana"), date(2026, 11, 25), datetime(2026, 11, 25, 9, 30, tzinfo=UTC), UUID(int=7)]
    )
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from([Colour.RED]), inner, max_size=4)
        | st.tuples(inner, inner)
    ),
    max_leaves=20,
)


Written = Callable[[object], object]


@pytest.fixture(scope="module")
def written() -> Iterator[Written]:
    """What a page reads where `value` was sent."""
    packets: Any = app.sio.packet_class if app.sio else None
    reflexes = packets.json
    messages.install(app)
    yield lambda value: json.loads(packets.json.dumps(value, separators=(",", ":")))
    packets.json = reflexes


@given(value=_VALUES)
def test_pages_are_sent_what_reflex_would_send(written: Written, value: object) -> None:
    assert written(value) == json.loads(format.json_dumps(value))  # pyright: ignore[reportUnknownMemberType]


def test_what_many_show_is_written_once_and_like_any_list(written: Written) -> None:
    rows = [Row("Ana", 2990), Row("Bia", 500)]
    shared = Shared(rows)
    assert written({"rows": shared}) == written({"rows": rows})
    assert shared.written() is shared.written()


def test_numbers_beyond_64_bits_are_written_as_reflex_writes_them(written: Written) -> None:
    assert written({"many": 2**70}) == {"many": 2**70}
