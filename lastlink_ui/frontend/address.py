"""Frees the compiled frontend from the address it was built for.

Reflex compiles the backend's address into one small module. The build gets a placeholder there, and
the published module takes the address of the page that loads it instead: one build serves any host
and port, behind any proxy.
"""

import re
from pathlib import Path

PLACEHOLDER_HOST = "address.invalid"

_HTTP = re.compile(rf"([`\"'])https?://{re.escape(PLACEHOLDER_HOST)}(/[^`\"']*)\1")
_WEBSOCKET = re.compile(rf"([`\"'])wss?://{re.escape(PLACEHOLDER_HOST)}(/[^`\"']*)\1")


class PlaceholderMissing(RuntimeError):
    """The compiled frontend holds the address elsewhere than expected: Reflex has changed."""


def use_address_of_page(client: Path) -> None:
    """Rewrite the module with the backend's address below `client`; its compressed copies go.

    Raises: PlaceholderMissing.
    """
    holders = [path for path in client.rglob("*.js") if PLACEHOLDER_HOST in path.read_text(encoding="utf-8")]
    if len(holders) != 1:
        raise PlaceholderMissing(f"{PLACEHOLDER_HOST} is in {len(holders)} compiled modules instead of one")
    (module,) = holders
    module.write_text(_rewritten(module.read_text(encoding="utf-8")), encoding="utf-8")
    for suffix in (".br", ".gz"):
        module.with_name(module.name + suffix).unlink(missing_ok=True)


def _rewritten(code: str) -> str:
    code = _HTTP.sub(r"location.origin+`\2`", code)
    code = _WEBSOCKET.sub(r"location.origin.replace(/^http/,`ws`)+`\2`", code)
    if PLACEHOLDER_HOST in code:
        raise PlaceholderMissing(f"{PLACEHOLDER_HOST} is still in the module: {code[:200]}")
    return code
