"""Column types that mean the same on SQLite and on PostgreSQL."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, LargeBinary, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine

_KEPT_IDS = 16_384
"""So many ids are made once: to make one takes longer than to find it, and a page names each three times."""


class Id(TypeDecorator[uuid.UUID]):
    """A UUID: native on PostgreSQL, its 16 bytes on SQLite, where 32 letters would double every index."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The database's own type."""
        return dialect.type_descriptor(LargeBinary(16) if dialect.name == "sqlite" else Uuid())

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> bytes | uuid.UUID | None:
        """As the database keeps it."""
        return value.bytes if value is not None and dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ANN401, ARG002 - as it is overridden
        """As the program knows it; pages read hundreds, so that no layer stands between."""
        return _uuid if dialect.name == "sqlite" else None


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant. A naive one is refused rather than guessed at."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """With a time zone where the database knows them."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC. Raises: ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ANN401, ARG002 - as it is overridden
        """Aware, in UTC."""
        return _stored_instant if dialect.name == "sqlite" else _instant


@lru_cache(_KEPT_IDS)
def _uuid(value: bytes | None) -> uuid.UUID | None:
    return None if value is None else uuid.UUID(bytes=value)


def _stored_instant(value: str | None) -> datetime | None:
    # Read with its offset: to give it one afterwards takes six times as long.
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


def instant_in_json(*, is_sqlite: bool) -> Callable[[str | None], datetime | None]:
    """What reads an instant that the database wrote into JSON: aware, in UTC."""
    return _stored_instant if is_sqlite else _written_instant


def _written_instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).astimezone(UTC)


def _instant(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def code_of(kind: type[StrEnum]) -> Enum:
    """A column that holds the codes of `kind` as text, so that a new code needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=_codes,
    )


def _codes(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]
