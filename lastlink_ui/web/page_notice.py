"""What went wrong while an event was handled, told in the page it came from."""

from typing import cast

import reflex as rx
import structlog
from reflex_base.event import EventSpec

from lastlink_ui.core.errors import LastlinkError
from lastlink_ui.core.incidents import incident_number
from lastlink_ui.core.who import Who
from lastlink_ui.text import t
from lastlink_ui.web.components import icon_button, notice
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignInNeeded
from lastlink_ui.web.signed_in_fan import FanSessionOver, FanSignInNeeded

log = structlog.get_logger()

_MAX_SENTENCE = 300


class PageNotice(rx.State):
    """The sentence at the top of whatever page is open."""

    sentence: str = ""

    @event(Who.ANYONE)
    def tell(self, sentence: str) -> None:
        """Show `sentence` until it is put away."""
        self.sentence = str(sentence)[:_MAX_SENTENCE]

    @event(Who.ANYONE)
    def put_away(self) -> None:
        """Show nothing any more."""
        self.sentence = ""


def page_notice() -> rx.Component:
    """Where the sentence appears: over every page, announced at once."""
    put_away = icon_button(t("ui.put_away"), "x", on_press=PageNotice.put_away)
    return rx.el.div(notice(PageNotice.sentence, put_away, kind="error"), class_name="page-notice")


def tell_what_went_wrong(exception: Exception) -> EventSpec | None:
    """Answer an event that raised: the sign-in page, the sentence of a refusal, or an incident number.

    What a program fault says goes to the log alone.
    """
    if isinstance(exception, SignInNeeded):
        return rx.redirect(exception.address)
    if isinstance(exception, FanSignInNeeded):
        return cast("EventSpec", FanSessionOver.show())
    if isinstance(exception, LastlinkError):
        return _tell(t(exception.message_key, **exception.params))
    incident = incident_number()
    log.error("incident", incident=incident, where="event", exc_info=exception)
    return _tell(t("errors.incident", incident=incident))


def _tell(sentence: str) -> EventSpec:
    return cast("EventSpec", PageNotice.tell(sentence))
