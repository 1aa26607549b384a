"""Leaving the app for an address that only the server answers."""

import reflex as rx

from lastlink_ui.web.components.buttons import Text
from lastlink_ui.web.modules import module


class _Leave(rx.Component):
    """See page_effects.js."""

    library = module("page_effects")
    tag = "Leave"

    to: rx.Var[str]
    visit: rx.Var[str]


def leave_for(address: Text, visit: Text) -> rx.Component:
    """Goes to `address` (ours, built by the server) when it comes up; `visit` differs for each load.

    `rx.redirect` takes every address of this host for one of the app's own pages.
    """
    return _Leave.create(to=address, visit=visit)
