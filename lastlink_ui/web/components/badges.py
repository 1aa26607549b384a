"""Small marks: a status as a dot with a word, a person as initials."""

from enum import StrEnum
from typing import Any

import reflex as rx

from lastlink_ui.web.components.buttons import Text


class Tone(StrEnum):
    """The quiet colours of badges and avatars."""

    GREEN = "tone-green"
    AMBER = "tone-amber"
    GREY = "tone-grey"
    VIOLET = "tone-violet"
    RED = "tone-red"
    BLUE = "tone-blue"
    ROSE = "tone-rose"
    INK = "tone-ink"


STATUS_TONES = {
    "active": Tone.GREEN,
    "payment_pending": Tone.AMBER,
    "canceled": Tone.GREY,
    "refunded": Tone.VIOLET,
    "charged_back": Tone.RED,
}

# Red means trouble, so nobody gets it for a name.
_AVATAR_TONES = (Tone.BLUE, Tone.AMBER, Tone.VIOLET, Tone.GREEN, Tone.ROSE, Tone.GREY)


def badge(label: Text, tone: Tone | rx.Var[str]) -> rx.Component:
    """A tinted word with a dot: never the colour alone."""
    if isinstance(tone, rx.Var):
        return rx.el.span(label, class_name=["badge", tone])
    return rx.el.span(label, class_name=f"badge {tone}")


def account_status(code: str | rx.Var[str], label: Text) -> rx.Component:
    """The badge of an account status: `code` as in the database, `label` as the catalogue words it."""
    if isinstance(code, rx.Var):
        return badge(label, rx.Var.create(STATUS_TONES)[code])
    return badge(label, STATUS_TONES[code])


def initials(name: str) -> str:
    """The first letters of the first and the last word of `name`."""
    words = [word for word in name.split() if word[0].isalnum()]
    ends = words if len(words) < 2 else [words[0], words[-1]]  # noqa: PLR2004
    return "".join(word[0] for word in ends).upper() or "?"


def tone_of(name: str) -> Tone:
    """The tint of a person's avatar, the same wherever the name appears."""
    return _AVATAR_TONES[sum(name.casefold().encode()) % len(_AVATAR_TONES)]


def avatar(
    letters: Text, tone: Tone | rx.Var[str] = Tone.INK, *, large: bool = False, **props: Any
) -> rx.Component:
    """A person's initials on a tint; decoration beside the name, so screen readers pass over it.

    In a row from the server both are fields of the row, made with `initials` and `tone_of`.
    """
    size = "avatar-large" if large else ""
    return rx.el.span(letters, class_name=["avatar", size, tone], aria_hidden="true", **props)
