"""Finding fans by a part of their name, profile or e-mail; the one place that knows how it is done."""

from sqlalchemy.sql.expression import ColumnElement
from sqlmodel import col

from lastlink_ui.subscribers.models import Fan
from lastlink_ui.subscribers.normalise import search_term

_ESCAPE = "\\"


def matches(typed: str) -> ColumnElement[bool] | None:
    """The condition on `fans` that `typed` stands for; None where nothing is looked for."""
    term = search_term(typed)
    if not term:
        return None
    for special in (_ESCAPE, "%", "_"):
        term = term.replace(special, _ESCAPE + special)
    return col(Fan.search_text).like(f"%{term}%", escape=_ESCAPE)
