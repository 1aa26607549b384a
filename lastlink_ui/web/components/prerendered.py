"""The far end of the block that a route puts into a page's shell."""

import reflex as rx

from lastlink_ui.web.components.buttons import Flag
from lastlink_ui.web.modules import module


class _RemovePrerendered(rx.Component):
    """See page_effects.js."""

    library = module("page_effects")
    tag = "RemovePrerendered"

    when: rx.Var[bool]


def remove_prerendered(when: Flag) -> rx.Component:
    """Takes the server's block away in the frame in which `when` comes true.

    A page that uses it shows nothing of its own before that.
    """
    return _RemovePrerendered.create(when=when)
