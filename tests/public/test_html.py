"""The HTML of a public page: all that crawlers read is there, and nothing that a creator wrote runs."""

import uuid
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.api.public_page import block, head
from lastlink_ui.core.ids import CreatorId, PlanId
from lastlink_ui.core.period import Period
from lastlink_ui.plans.service import PublicPage, PublicPlan

# What an HTML parser changes by itself is not ours to keep.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


class _Parsed(HTMLParser):
    """Which elements there are, with which attributes, and the text in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]

    def meta(self, name: str) -> str | None:
        """The content of the meta element with that name or property."""
        found = (
            attributes for tag, attributes in self.elements if tag == "meta" and name in attributes.values()
        )
        return next(found)["content"]


def _page(name: str = "Ana Demo", about: str = "Bastidores.", plan: str = "Mensal") -> PublicPage:
    sold = PublicPlan(
        id=PlanId(uuid.UUID(int=1)),
        name=plan,
        description="",
        amount=2990,
        period=Period.MONTHLY,
        per_month=2990,
        highlighted=False,
        saving=None,
    )
    return PublicPage(CreatorId(uuid.UUID(int=2)), name, "anademo", about, "#7c3aed", (sold,))


_ADDRESS = "https://exemplo.com.br/anademo"


def test_a_link_preview_finds_title_description_price_and_address() -> None:
    parsed = _Parsed(head(_page(), _ADDRESS))
    assert parsed.meta("og:title") == "Ana Demo (@anademo)"
    assert (
        parsed.meta("og:description")
        == parsed.meta("description")
        == "A partir de R$\N{NO-BREAK SPACE}29,90 por mês. Bastidores."
    )
    assert parsed.meta("og:url") == _ADDRESS
    assert (parsed.meta("product:price:amount"), parsed.meta("product:price:currency")) == ("29.90", "BRL")
    assert ("link", {"rel": "canonical", "href": _ADDRESS}) in parsed.elements


def test_the_block_reads_without_script() -> None:
    words = " ".join(_Parsed(block(_page())).words)
    for expected in ("Ana Demo", "@anademo", "Bastidores.", "Mensal", "R$\N{NO-BREAK SPACE}29,90", "por mês"):
        assert expected in words


def test_a_page_without_plans_says_so() -> None:
    page = PublicPage(CreatorId(uuid.UUID(int=2)), "Ana", "ana", "", "#7c3aed", ())
    assert "Ainda não há planos à venda aqui. Volte em breve." in _Parsed(block(page)).words
    assert "product:price:amount" not in head(page, _ADDRESS)


@given(texts, texts, texts)
def test_nothing_that_a_creator_writes_becomes_markup(name: str, about: str, plan: str) -> None:
    harmless, written = _page(), _page(name, about, plan)
    assert _Parsed(block(written)).tags == _Parsed(block(harmless)).tags
    assert _Parsed(head(written, _ADDRESS)).tags == _Parsed(head(harmless, _ADDRESS)).tags
    assert name in _Parsed(block(written)).words
    assert plan in _Parsed(block(written)).words


@given(st.text(max_size=30))
def test_no_accent_breaks_out_of_its_style(accent: str) -> None:
    page = PublicPage(CreatorId(uuid.UUID(int=2)), "Ana", "ana", "", accent, ())
    (style,) = [attributes["style"] for tag, attributes in _Parsed(block(page)).elements if tag == "main"]
    assert style is not None
    assert all(part.startswith("--") and "#" in part and len(part) < 40 for part in style.split(";"))
