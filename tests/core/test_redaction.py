"""What no log may show is taken out; what a log is for stays."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.redaction import TAKEN_OUT, redacted, redacted_fields


@pytest.mark.parametrize(
    "secret",
    [
        "fa.canario@exemplo.com.br",
        "fa+lista@exemplo.co",
        "123.456.789-09",
        "12345678909",
        "12.ABC.345/01DE-35",
        "4242 4242 4242 4242",
        "34191.79001 01043.510047 91020.150008 1 12340000001990",
        "sk_live_51AbCdEfGh",
        "whsec_AbCdEfGh",
        "Zb3_kYt0LwQ8x-VnR5mAc2EfHj7PsUd9GiTo1BqXeK4",
    ],
)
def test_what_may_not_be_shown(secret: str) -> None:
    said = redacted(f"could not do it for {secret}, sorry")
    assert secret not in said
    assert said == f"could not do it for {TAKEN_OUT}, sorry"


@pytest.mark.parametrize(
    ("said", "canary"),
    [
        ('duplicate key: Key (creator_id, name)=(0199, Ana (Souza)) already exists."', "Ana"),
        ("new row violates check: DETAIL: Failing row contains (0199, Ana Souza, null).", "Ana Souza"),
        ("[type=string_type, input_value='Ana Souza', input_type=str]", "Ana Souza"),
        ("GET /assinantes?q=ana+souza HTTP/1.1", "ana"),
        ("postgresql://lastlink:segredo@localhost/lastlink", "segredo"),
    ],
)
def test_what_others_quote(said: str, canary: str) -> None:
    assert canary in said
    assert canary not in redacted(said)


@pytest.mark.parametrize(
    "said",
    [
        "operation 01935e7a-7c1e-7b52-9d30-0f6c1a2b3c4d waits",
        "incident 7F3A-91C2",
        "sub_1RaZyXwVuTsRqPoN of acct_1AbCdEfGhIjKlMnO",
        "cs_test_a1b2c3d4e5f6g7h8i9j0a1b2c3d4e5f6g7h8i9j0a1b2c3d4e5f6g7h8i9",
        '  File "/srv/lastlink_ui/billing/operations_and_everything_else.py", line 88, in attempt',
        "reflex___state____frontend_event_exception_state.handle_frontend_exception",
        "2026-11-25T22:12:22.123456Z",
        "19.90 in 0.123456789012 s",
        "may it be so?",
    ],
)
def test_what_a_log_is_for_stays(said: str) -> None:
    assert redacted(said) == said


@given(st.emails(domains=st.just("exemplo.com.br")), st.text(max_size=40), st.text(max_size=40))
def test_no_address_is_shown_wherever_it_stands(address: str, before: str, after: str) -> None:
    assert address not in redacted(f"{before} {address} {after}")


@given(st.dictionaries(st.sampled_from(["email", "name", "handle", "token", "Cookie"]), st.text(min_size=1)))
def test_nothing_is_shown_under_some_names(fields: dict[str, str]) -> None:
    deep = redacted_fields({"details": [{"of": fields}]})
    assert deep == {"details": [{"of": dict.fromkeys(fields, TAKEN_OUT)}]}


@given(st.text())
def test_twice_is_as_once_and_a_line_stays_a_line(text: str) -> None:
    once = redacted(text)
    assert redacted(once) == once
    assert once.count("\n") <= text.count("\n")


def test_numbers_stay_numbers() -> None:
    fields = {"took_ms": 0.12345678901234, "at": 1764108742123456789, "done": True, "nothing": None}
    assert json.loads(json.dumps(redacted_fields(fields))) == fields
