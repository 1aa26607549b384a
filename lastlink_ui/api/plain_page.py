"""The page that says one sentence: without script, answered even when nothing else works."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from string import Template

from starlette.responses import Response

from lastlink_ui.text import t


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form without script; `problem` stands below it."""

    name: str
    label: str
    kind: str
    autocomplete: str
    max_length: int
    value: str = ""
    problem: str = ""
    mode: str = "text"
    """Which keyboard a phone shows."""


@dataclass(frozen=True, slots=True)
class Submit:
    """A button that sends the form; `action` tells it from others, as the field `acao`."""

    label: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class WayOn:
    """The one link of a plain page: ours, never what somebody typed."""

    address: str
    label: str


def plain_page(status_code: int, heading: str, sentence: str, way_on: WayOn | None = None) -> Response:
    """A page with `heading`, `sentence` and a way on, home unless said otherwise; never cached."""
    way_on = way_on or WayOn("/", t("site.home"))
    return _page(status_code, heading, sentence, _link(way_on))


def facts_page(heading: str, sentence: str, facts: Sequence[tuple[str, str]], way_on: WayOn) -> Response:
    """A page with facts, a name and a value each, such as may be printed; never cached."""
    html_facts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts
    )
    return html_page(200, heading, sentence, f"<dl>{html_facts}</dl>", way_on)


def form_page(
    status_code: int,
    heading: str,
    sentence: str,
    fields: Sequence[FormField],
    submits: Sequence[Submit],
    *,
    html_above: str = "",
    way_on: WayOn | None = None,
) -> Response:
    """A page with a form that is posted to its own address; never cached.

    `html_above` stands between the sentence and the form, and must be escaped already.
    """
    inputs = "".join(_field(field) for field in fields)
    buttons = "".join(_submit(submit) for submit in submits)
    html_link = f'<p class="after">{_link(way_on)}</p>' if way_on else ""
    html_form = f'{html_above}<form method="post">{inputs}{buttons}</form>{html_link}'
    return _page(status_code, heading, sentence, html_form)


def html_page(status_code: int, heading: str, sentence: str, html: str, way_on: WayOn) -> Response:
    """A page with `html`, escaped already, between the sentence and the way on; never cached."""
    return _page(status_code, heading, sentence, html + _link(way_on))


def _link(way_on: WayOn) -> str:
    return f'<a href="{escape(way_on.address)}">{escape(way_on.label)}</a>'


def _submit(submit: Submit) -> str:
    action = f' name="acao" value="{escape(submit.action)}"' if submit.action else ""
    return f"<button{action}>{escape(submit.label)}</button>"


def _field(field: FormField) -> str:
    about = f"problem-{field.name}"
    problem = f'<small id="{about}" role="alert">{escape(field.problem)}</small>' if field.problem else ""
    described = f' aria-invalid="true" aria-describedby="{about}"' if field.problem else ""
    return (
        f'<div class="field"><label>{escape(field.label)}<input name="{field.name}" '
        f'type="{field.kind}" required inputmode="{field.mode}" autocapitalize="none" '
        f'autocomplete="{field.autocomplete}" maxlength="{field.max_length}" '
        f'value="{escape(field.value)}"{described}></label>{problem}</div>'
    )


def _page(status_code: int, heading: str, sentence: str, html_below: str) -> Response:
    words = {
        name: escape(word)
        for name, word in (("title", heading), ("heading", heading), ("sentence", sentence))
    }
    html = _template().substitute(words, below=html_below)
    return Response(html, status_code, {"cache-control": "no-store"}, "text/html; charset=utf-8")


def not_found() -> Response:
    """Our own page for an address where nothing is."""
    return plain_page(404, t("site.not_found.heading"), t("site.not_found.sentence"))


@cache
def _template() -> Template:
    return Template(
        resources.files("lastlink_ui.api").joinpath("plain_page.html").read_text(encoding="utf-8")
    )
