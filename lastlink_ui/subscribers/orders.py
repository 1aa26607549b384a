"""The orders of the table: what its rows are sorted by, and where a walk through them goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import tuple_
from sqlalchemy.sql.expression import ColumnElement
from sqlmodel import col

from lastlink_ui.subscribers.filters import SortKey
from lastlink_ui.subscribers.models import Fan, Subscription


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A part of the table that one index walk gives in order; the same one each time."""

    key: SortKey
    keys: tuple[Any, ...]
    """What its rows are sorted by; the last one is their id."""
    only: ColumnElement[bool] | None = None
    """What sets it apart from the other stretch."""
    starts_with_nothing: bool = False
    """Whether these are the rows without the value that is sorted by."""

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What sets it apart, as conditions."""
        return [] if self.only is None else [self.only]


@cache
def stretches(key: SortKey) -> tuple[Stretch, ...]:
    """What the table consists of in that order, in either direction."""
    identity = col(Subscription.id)
    if key is SortKey.NAME:
        return (Stretch(key, (col(Fan.sort_name), col(Fan.id), identity)),)
    if key is SortKey.AMOUNT:
        return (Stretch(key, (col(Subscription.amount), identity)),)
    if key is SortKey.STARTED:
        return (Stretch(key, (col(Subscription.started_at), identity)),)
    # Who never had access comes last in either direction.
    until = col(Subscription.access_until)
    return (
        Stretch(key, (until, identity), only=until.is_not(None)),
        Stretch(key, (identity,), only=until.is_(None), starts_with_nothing=True),
    )


def ordered(keys: Sequence[Any], *, descending: bool) -> list[Any]:
    """The keys as an order of rows."""
    return [key.desc() if descending else key.asc() for key in keys]


def beyond(keys: Sequence[Any], place: Sequence[Any], *, descending: bool) -> ColumnElement[bool]:
    """That a row comes after `place`, which is values of the keys, or columns of them."""
    row, here = tuple_(*keys), tuple_(*place, types=[key.type for key in keys])
    return row < here if descending else row > here
