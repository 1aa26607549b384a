"""The words of screens, files and mails, from the catalogues beside this module."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import cast

LOCALE = "pt_BR"


def t(key: str, **params: object) -> str:
    """The sentence called `key` (`area.name`), with its `{params}` filled in.

    Raises: KeyError for a key that no catalogue has, so that a typo fails at once.
    """
    sentence = _catalogue()[key]
    return sentence.format(**params) if params else sentence


def plural(key: str, count: int, **params: object) -> str:
    """The sentence `key.one` or `key.other` for `count`, which it may show as `{count}`."""
    from lastlink_ui.text.formats import number  # noqa: PLC0415 - formats words its dates with `t`

    return t(f"{key}.{'one' if count == 1 else 'other'}", count=number(count), **params)


@cache
def _catalogue() -> Mapping[str, str]:
    sentences: dict[str, str] = {}
    for file in resources.files(__name__).joinpath(LOCALE).iterdir():
        if file.name.endswith(".toml"):
            sentences.update(_flatten(tomllib.loads(file.read_text(encoding="utf-8"))))
    return sentences


def _flatten(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat.update(_flatten(cast("Mapping[str, object]", value), f"{prefix}{name}."))
        else:
            flat[prefix + name] = str(value)
    return flat
