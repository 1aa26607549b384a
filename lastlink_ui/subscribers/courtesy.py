"""A courtesy as a creator types it: access for a profile, without payment, until a day. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.typed import line
from lastlink_ui.subscribers.normalise import normalise_handle

NAME_MAX = 120
REASON_MAX = 200
LONGEST = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class CourtesyDraft:
    """The form as it stands; `ends_on` as an ISO date, which is what a date field gives."""

    handle: str = ""
    name: str = ""
    reason: str = ""
    ends_on: str = ""


@dataclass(frozen=True, slots=True)
class Courtesy:
    """What a draft means; access lasts through `ends_on`, a day in São Paulo."""

    handle: str
    name: str
    reason: str
    ends_on: date


class InvalidCourtesy(InvalidInput):
    """Some fields of the draft cannot be used: for each, the key of the sentence beside it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("courtesy.invalid")
        self.errors = dict(errors)


def read(draft: CourtesyDraft, today: date) -> Courtesy:
    """What the draft means, `today` being the day in São Paulo.

    Raises: InvalidCourtesy, with every field that cannot be used.
    """
    if errors := problems(draft, today):
        raise InvalidCourtesy(errors)
    return Courtesy(
        handle=normalise_handle(draft.handle),
        name=line(draft.name),
        reason=line(draft.reason),
        ends_on=date.fromisoformat(draft.ends_on),
    )


def problems(draft: CourtesyDraft, today: date) -> dict[str, str]:
    """For each field that cannot be used, the key of the sentence that says how to write it."""
    found = {
        "handle": _handle_problem(draft.handle),
        "name": _text_problem(draft.name, NAME_MAX, "courtesy.name"),
        "reason": _text_problem(draft.reason, REASON_MAX, "courtesy.reason"),
        "ends_on": _day_problem(draft.ends_on, today),
    }
    return {field: key for field, key in found.items() if key}


def _handle_problem(typed: str) -> str | None:
    if not typed.strip():
        return "courtesy.handle_missing"
    try:
        normalise_handle(typed)
    except InvalidInput as unreadable:
        return unreadable.message_key
    return None


def _text_problem(typed: str, longest: int, key: str) -> str | None:
    text = line(typed)
    if not text:
        return f"{key}_missing"
    return f"{key}_length" if len(text) > longest else None


def _day_problem(typed: str, today: date) -> str | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return "courtesy.ends_on_missing"
    if day < today:
        return "courtesy.ends_on_past"
    return "courtesy.ends_on_far" if day - today > LONGEST else None
