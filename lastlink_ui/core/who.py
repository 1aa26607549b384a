"""Who may use an event handler or a route: each says so beside its definition; else it is denied."""

from enum import StrEnum


class Who(StrEnum):
    """The kinds of visitors that handlers and routes are for."""

    ANYONE = "anyone"
    """No session is asked for."""
    FAN = "fan"
    """A fan's session, entered by a link sent by e-mail."""
    CREATOR = "creator"
    """A creator's session. That what is asked for is the creator's own is still for the handler to see to."""


class Undeclared(Exception):
    """Handlers or routes that do not say who may use them; the text names each and what to add."""
