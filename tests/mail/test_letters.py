"""The words of mails: whole in plain text and in HTML, and nobody's name breaks either."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.mail.letters import (
    access_released,
    already_subscribed,
    boleto_issued,
    fan_sign_in,
    transferred,
    withdrawn,
)

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


def test_a_withdrawal_says_how_the_money_comes_back_and_its_number() -> None:
    about = {"name": "Beatriz", "creator": "Ana Demo", "plan": "Mensal", "link": _LINK}
    due = datetime(2026, 12, 3, 2, 59, 59, tzinfo=UTC)
    card = withdrawn(amount=2990, protocol="20261125-7K3F9QX", due_at=None, **about).to("b@x.y", "1")
    boleto = withdrawn(amount=2990, protocol="20261125-7K3F9QX", due_at=due, **about).to("b@x.y", "1")
    done = transferred(amount=2990, protocol="20261125-7K3F9QX", **about).to("b@x.y", "1")
    assert "voltam para o cartão" in card.text
    assert "até 02/12/2026" in boleto.text
    for mail in (card, boleto, done):
        assert "20261125-7K3F9QX" in mail.text
        assert "R$\N{NO-BREAK SPACE}29,90" in mail.html
    assert _LINK in fan_sign_in(name="Beatriz", link=_LINK).to("b@x.y", "1").text


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_name_becomes_markup(name: str, creator: str) -> None:
    mail = already_subscribed(name=f"<b>{name}", creator=f"<i>{creator}", plan="<u>", link=_LINK).to(
        "b@x.y", "1"
    )
    body = mail.html.partition("<body")[2]
    assert not any(tag in body for tag in ("<b>", "<i>", "<u>"))
