"""What a visitor who is not signed in sees at `/`: the product in one screen."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import account_status, avatar, icon, link_button
from lastlink_ui.web.components.badges import initials, tone_of
from lastlink_ui.web.components.marks import site_mark

_POINTS = (("live", "users"), ("list", "list-checks"), ("money", "circle-dollar-sign"))
_SAMPLE = (
    ("Beatriz Ribeiro", "@beatriz.ribeiro", "active"),
    ("Carla Oliveira", "@carlaoli", "payment_pending"),
    ("Rafael Moreira", "@rafamoreira", "canceled"),
    ("Daniela Alves", "@dani.alves", "refunded"),
)


def landing() -> rx.Component:
    """What it is for, a glimpse of it, and the way in."""
    return rx.el.div(
        rx.el.header(site_mark(), _way_in("plain"), class_name="site-wide landing-head"),
        rx.el.main(
            rx.el.div(
                rx.el.h1(t("site.landing.heading")),
                rx.el.p(t("site.landing.sentence"), class_name="landing-sentence"),
                _way_in("primary"),
                class_name="landing-words",
            ),
            _glimpse(),
            rx.el.ul(*(_point(name, icon_name) for name, icon_name in _POINTS), class_name="landing-points"),
            class_name="site-wide landing",
        ),
        class_name="site",
    )


def _way_in(kind: str) -> rx.Component:
    if kind == "primary":
        return link_button(t("site.landing.start"), "/entrar", kind="primary", icon_name="arrow-right")
    return link_button(t("site.sign_in.submit"), "/entrar")


def _point(name: str, icon_name: str) -> rx.Component:
    return rx.el.li(
        icon(icon_name, 22),
        rx.el.h2(t(f"site.landing.{name}.heading")),
        rx.el.p(t(f"site.landing.{name}.sentence")),
    )


def _glimpse() -> rx.Component:
    """A few rows as they look inside: a picture, so nothing for a screen reader."""
    return rx.el.div(*(_row(*sample) for sample in _SAMPLE), class_name="landing-glimpse", aria_hidden="true")


def _row(name: str, handle: str, status: str) -> rx.Component:
    return rx.el.div(
        avatar(initials(name), tone_of(name)),
        rx.el.span(rx.el.strong(name), rx.el.small(handle)),
        account_status(status, t(f"status.{status}")),
    )
