"""The page that says one sentence: without script, answered even when nothing else works."""

from functools import cache
from html import escape
from importlib import resources
from string import Template

from starlette.responses import Response

from lastlink_ui.text import t


def plain_page(status_code: int, heading: str, sentence: str) -> Response:
    """A page with `heading`, `sentence` and the way home; never cached."""
    words = {"title": heading, "heading": heading, "sentence": sentence, "home": t("site.home")}
    html = _template().substitute({name: escape(word) for name, word in words.items()})
    return Response(html, status_code, {"cache-control": "no-store"}, "text/html; charset=utf-8")


def not_found() -> Response:
    """Our own page for an address where nothing is."""
    return plain_page(404, t("site.not_found.heading"), t("site.not_found.sentence"))


@cache
def _template() -> Template:
    return Template(
        resources.files("lastlink_ui.api").joinpath("plain_page.html").read_text(encoding="utf-8")
    )
