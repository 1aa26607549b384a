"""Production refuses settings under which it would not be safe."""

import pytest
from pydantic import ValidationError

from lastlink_ui.settings import Settings

GOOD = {
    "environment": "production",
    "secret_key": "b7Xk29-qPzL4mV8sTn3Rf6Yc1Wd5Hg0J",
    "origin": "https://lastlink.exemplo.com.br",
}


def test_good_settings_are_taken() -> None:
    assert Settings.model_validate(GOOD).problems() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secret_key", ""),
        ("secret_key", "development-only-not-a-secret"),
        ("secret_key", "curta"),
        ("secret_key", "a" * 64),
        ("former_secret_keys", "development-only-not-a-secret"),
        ("origin", ""),
        ("origin", "*"),
        ("origin", "https://*"),
        ("origin", "https://*.exemplo.com.br"),
        ("origin", "http://exemplo.com.br"),
        ("origin", "https://exemplo.com.br/caminho"),
        ("trusted_proxies", "*"),
        ("trusted_proxies", "10.0.0.1, proxy.interno"),
        ("stripe_api", "http://127.0.0.1:12111"),
        ("clock_offset_seconds", "60"),
        ("crash_at", "refund.asked"),
    ],
)
def test_unsafe_ones_are_refused_by_their_name(name: str, value: str) -> None:
    with pytest.raises(ValidationError, match=f"LASTLINK_{name.removeprefix('former_')[:10].upper()}"):
        Settings.model_validate(GOOD | {name: value})
