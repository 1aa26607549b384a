"""What no log may show: personal data and secrets, taken out by the name they stand under or by their look.

Names of people have no look of their own: they are kept out by logging ids, and by showing no values that a
database or a validator quotes in its errors.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

TAKEN_OUT = "[redacted]"

# Under these names nothing is shown, whatever it is.
_NAMES = re.compile(
    r"e?mail|(full_?)?name|handle|address|phone|cpf|cnpj|tax_?id|password|passwd|secret|api_?key|token|ticket"
    r"|cookie|authorization|signature|body|payload",
    re.IGNORECASE,
)
_LOOKS = (
    # What a database says it was given: `Key (email)=(ana@exemplo.com) already exists`.
    (re.compile(r"(Key \([^)]*\)=)\((?:[^()]|\([^()]*\))*\)"), rf"\1({TAKEN_OUT})"),
    (re.compile(r"(Failing row contains )\(.*?\)(?=\.|$|\\n)"), rf"\1({TAKEN_OUT})"),
    # What a validator says it was given.
    (re.compile(r"(input_value=).*?(, input_type=)"), rf"\1{TAKEN_OUT}\2"),
    (re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+"), TAKEN_OUT),
    # Keys of the provider, and what its webhooks are signed with.
    (re.compile(r"\b(?:(?:sk|rk|pk)_(?:test|live)|whsec)_\w+"), TAKEN_OUT),
    # CPF and CNPJ as people write them; the second may have letters since 2026.
    (re.compile(r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b"), TAKEN_OUT),
    (re.compile(r"\b[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-\d{2}\b"), TAKEN_OUT),
    # What a boleto is paid by, as banks group it.
    (re.compile(r"\b\d{5}\.\d{5} \d{5}\.\d{6} \d{5}\.\d{6} \d \d{14}\b"), TAKEN_OUT),
    # Of cards, boletos, CPF and CNPJ without points; not within an id.
    (re.compile(r"(?<![\w.-])\d(?: ?\d){10,47}(?![\w.-])"), TAKEN_OUT),
    # Of a database or a server, in its address.
    (re.compile(r"(://)[^/\s:@]*:[^/\s@]+(?=@)"), rf"\1{TAKEN_OUT}"),
    # What addresses carry behind the question mark, and tokens in them.
    (re.compile(r"(?<=\w)\?[\w.%+~-]+=[^\s\"'<>\\]*"), f"?{TAKEN_OUT}"),
    # Unlike the long names of handlers, a token has digits and capitals.
    (re.compile(r"(?<![\w-])(?!cs_(?:test|live)_)(?=[\w-]*[\dA-Z])[\w-]{40,}(?![\w-])"), TAKEN_OUT),
)


def redacted(text: str) -> str:
    """`text` without what looks like personal data or a secret; ids and incident numbers stay."""
    for look, instead in _LOOKS:
        text = look.sub(instead, text)
    return text


def redacted_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same without what stands under a name of personal data or of a secret, at any depth."""
    return {
        name: TAKEN_OUT if value and _NAMES.fullmatch(str(name)) else _redacted_value(value)
        for name, value in fields.items()
    }


def _redacted_value(value: object) -> object:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, Mapping):
        return redacted_fields(cast("Mapping[str, object]", value))
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted_value(each) for each in cast("Iterable[object]", value)]
    return value
