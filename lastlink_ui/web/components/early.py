"""What is pressed and typed before the page has come to life is not lost: it is kept, and done when it has.

A page is shown as soon as its HTML is there; until its modules have come, which on a slow line takes
seconds, its buttons look ready and do nothing.
"""

from collections.abc import Callable

import reflex as rx

from lastlink_ui.web.modules import module

# Of presses the last alone counts: whoever presses a menu three times wants it open.
# Links, and forms that the browser itself sends, need none of this.
_RECORDER = """
(() => {
  const fields = "input:not([type=checkbox], [type=radio], [type=file]), textarea, select";
  const typed = new Map();
  const press = (event) => {
    const button = event.target.closest("button");
    if (button?.type === "button") early.pressed = button;
  };
  const type = ({ target }) => target.matches(fields) && typed.set(target, target.value);
  const stop = () => {
    removeEventListener("click", press, true);
    removeEventListener("input", type, true);
  };
  const early = (window.early = { typed, pressed: null, stop });
  addEventListener("click", press, true);
  addEventListener("input", type, true);
})();
"""


class _ReplayEarly(rx.Component):
    """See early.js."""

    library = module("early")
    tag = "ReplayEarly"


def early_recorder() -> rx.Component:
    """For the head of every page: it must run before there is anything to press."""
    return rx.el.script(_RECORDER)


def replaying_early(page: Callable[[], rx.Component]) -> Callable[[], rx.Component]:
    """The page, which does what it missed as soon as all of it lives."""
    return lambda: rx.fragment(page(), _ReplayEarly.create())
