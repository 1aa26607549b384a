"""Places between two rows of a sorted table, written so that an address can hold them."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self, cast
from uuid import UUID

from lastlink_ui.core.ids import parse_id
from lastlink_ui.subscribers.filters import Sort, SortKey

START = "start"
"""The cursor in front of the first row: what `previous` says where the first page is meant."""
END = "end"
"""The cursor behind the last row: the page before it is the last page."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MAX_NUMBER = 2**31 - 1
_MAX_MICROSECONDS = 10**16
_Value = UUID | datetime | int | str | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row beside which it stands, by the values that it is sorted by."""

    sort: Sort
    values: tuple[_Value, ...]
    position: int
    """How many rows came before this place when it was made; only shown, never relied on."""

    def __str__(self) -> str:
        parts = [str(self.sort), self.position, *(_write(value) for value in self.values)]
        packed = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def parse(cls, written: str, sort: Sort) -> Self | None:
        """The place that `written` names in this order; None for anything else."""
        try:
            parts = json.loads(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))
        except (ValueError, binascii.Error, RecursionError):
            return None
        kinds = _KINDS[sort.key]
        if not isinstance(parts, list):
            return None
        order, position, *values = [*cast("list[object]", parts), None, None]
        values = values[:-2]
        if order != str(sort) or len(values) != len(kinds) or not _is_number(position):
            return None
        try:
            read = tuple(_read(value, kind) for value, kind in zip(values, kinds, strict=True))
        except ValueError:
            return None
        return cls(sort, read, cast("int", position))


# What each order compares, in turn; a row without the date that it is sorted by comes last.
_KINDS: dict[SortKey, Sequence[type[Any]]] = {
    SortKey.STARTED: (datetime, UUID),
    SortKey.AMOUNT: (int, UUID),
    SortKey.ACCESS: (datetime, UUID),
    SortKey.NAME: (str, UUID, UUID),
}


def _write(value: _Value) -> str | int | None:
    if isinstance(value, datetime):
        return (value - _EPOCH) // _MICROSECOND
    return value.hex if isinstance(value, UUID) else value


def _read(value: object, kind: type[Any]) -> _Value:
    if kind is UUID and isinstance(value, str) and (found := parse_id(value)):
        return found
    if kind is str and isinstance(value, str) and "\0" not in value:
        value.encode()  # half a letter is a ValueError
        return value
    if kind is int and _is_number(value):
        return cast("int", value)
    if kind is datetime and value is None:
        return None
    if kind is datetime and isinstance(value, int) and 0 <= value < _MAX_MICROSECONDS:
        return _EPOCH + value * _MICROSECOND
    raise ValueError(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_NUMBER
