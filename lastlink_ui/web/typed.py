"""What a browser sends, before anything else looks at it: type hints of handlers are not enforced."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import parse_id

# More than any field may hold: what is longer was not typed into our forms.
_LONGEST = 2_000
# A year being typed into a date field is a year 2, 20 and 202 first.
_EARLIEST_YEAR = 2000


def text_of(sent: object) -> str:
    """`sent` when it is text, cut to size; else ""."""
    return sent[:_LONGEST] if isinstance(sent, str) else ""


def field_of(form: object, name: str) -> str:
    """What stands in the field `name` of a form, or ""."""
    return text_of(form.get(name)) if isinstance(form, Mapping) else ""


def id_of(sent: object) -> UUID:
    """The id that was sent. Raises: NotFound for anything that is none."""
    found = parse_id(sent) if isinstance(sent, str) else None
    if found is None:
        raise NotFound
    return found


def day_of(sent: object) -> date | None:
    """The day in a date field; None while it is being typed."""
    try:
        day = date.fromisoformat(text_of(sent))
    except ValueError:
        return None
    return day if day.year >= _EARLIEST_YEAR else None
