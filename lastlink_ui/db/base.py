"""The base of every table, with the names that constraints get on both databases."""

from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import MetaData
from sqlmodel import Field, SQLModel

from lastlink_ui.core.ids import new_id
from lastlink_ui.db.types import Id, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def is_described(_object: object, name: str | None, _kind: str, _reflected: object, _other: object) -> bool:
    """Whether the models say what this is; the index of searches is known to migrations alone."""
    return not (name or "").startswith(("fans_search", "ix_fans_search_text"))


class Table(SQLModel):
    """Base of our tables; each has `metadata` in common, and nothing else by inheritance."""

    metadata = metadata
    if TYPE_CHECKING:
        # SQLModel types it as what SQLAlchemy makes of it; ours are always plain names.
        __tablename__: ClassVar[str]  # pyright: ignore[reportIncompatibleVariableOverride]


def primary_id() -> Any:  # noqa: ANN401 - what pydantic's Field returns
    """A UUIDv7 primary key, made when the object is."""
    return Field(default_factory=new_id, primary_key=True, sa_type=Id)


def reference(target: str, *, index: bool = False, **options: Any) -> Any:  # noqa: ANN401
    """A foreign key to `table.column`; nullable when `default=None` is given."""
    return Field(foreign_key=target, sa_type=Id, index=index, **options)


def instant(**options: Any) -> Any:  # noqa: ANN401
    """An aware UTC instant; nullable when `default=None` is given."""
    return Field(sa_type=UtcDateTime, **options)
