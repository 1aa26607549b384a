"""The words of mails: whole in plain text and in HTML, and nobody's name breaks either."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.mail.letters import access_released, already_subscribed, boleto_issued

_LINK = "https://exemplo.com.br/obrigado/abc"
_LINE = "34191790010104351004791020150008291070026000123"


def test_a_boleto_has_its_line_its_date_and_the_way_back() -> None:
    mail = boleto_issued(
        name="Beatriz",
        creator="Ana Demo",
        plan="Trimestral",
        amount=7990,
        due_at=datetime(2026, 11, 26, 2, 59, tzinfo=UTC),
        line=_LINE,
        link=_LINK,
    ).to("bia@example.com", "1")
    assert mail.subject == "Seu boleto para Ana Demo, com vencimento em 25/11/2026"
    for body in (mail.text, mail.html):
        assert _LINE in body
        assert _LINK in body
        assert "R$\N{NO-BREAK SPACE}79,90" in body


def test_access_comes_with_the_plans_instructions() -> None:
    about = {"name": "Beatriz", "creator": "Ana Demo", "plan": "Mensal", "link": _LINK}
    mail = access_released(instructions="Peça para\nseguir", access_link="https://t.me/x", **about).to(
        "b@x.y", "1"
    )
    assert "Peça para\nseguir\nhttps://t.me/x" in mail.text
    assert "Peça para<br>seguir<br>https://t.me/x" in mail.html
    by_hand = access_released(instructions="", access_link="", **about).to("b@x.y", "1")
    assert "liberado por Ana Demo" in by_hand.text


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_name_becomes_markup(name: str, creator: str) -> None:
    mail = already_subscribed(name=f"<b>{name}", creator=f"<i>{creator}", plan="<u>", link=_LINK).to(
        "b@x.y", "1"
    )
    body = mail.html.partition("<body")[2]
    assert not any(tag in body for tag in ("<b>", "<i>", "<u>"))
