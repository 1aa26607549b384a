"""Ids in the provider's style: a prefix and random letters."""

import hashlib
import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
_SHORT = 14
_LONG = 24
_SESSION = 58
_SHORT_PREFIXES = frozenset({"cus", "prod", "si", "req", "bpc"})


def new_id(prefix: str) -> str:
    """Return a fresh id such as ``sub_…``; the length follows what the prefix has at Stripe."""
    length = _SESSION if prefix == "cs_test" else _SHORT if prefix in _SHORT_PREFIXES else _LONG
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def derived_id(prefix: str, *origin: str) -> str:
    """Return the id that always belongs to ``origin``: the same history twice names the same objects."""
    digest = hashlib.sha256(":".join(origin).encode()).hexdigest()
    return f"{prefix}_{digest[:_LONG]}"


def new_secret() -> str:
    """Return the signing secret of a webhook endpoint."""
    return f"whsec_{secrets.token_hex(32)}"
