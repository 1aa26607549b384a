"""Reads the bracketed form encoding of the provider's clients: ``a[b][0][c]=1``."""

from collections.abc import Iterable
from urllib.parse import parse_qsl

from .errors import InvalidParameter
from .types import Obj

_MAX_DEPTH = 8
_FREE_NAMES = frozenset({"metadata"})  # their keys are the caller's own, digits included


def pairs(encoded: str) -> list[tuple[str, str]]:
    """Return the flat names and values of a form body or query string."""
    return parse_qsl(encoded, keep_blank_values=True)


def nest(flat: Iterable[tuple[str, str]]) -> Obj:
    """Return the nested parameters.

    Raises: InvalidParameter when names contradict each other or nest too deep.
    """
    tree: Obj = {}
    for name, value in flat:
        path = _split(name)
        node = tree
        for step in path[:-1]:
            child: Obj | str = node.setdefault(step, {})
            if isinstance(child, str):
                raise InvalidParameter(f"Invalid parameter name: {name}", param=name)
            node = child
        last = path[-1] or str(len(node))
        if isinstance(node.get(last), dict):
            raise InvalidParameter(f"Invalid parameter name: {name}", param=name)
        node[last] = value
    return {name: value if name in _FREE_NAMES else _lists(value) for name, value in tree.items()}


def _split(name: str) -> list[str]:
    head, *rest = name.split("[")
    steps = [head, *(step.removesuffix("]") for step in rest)]
    if not head or len(steps) > _MAX_DEPTH or any(not step.endswith("]") for step in rest):
        raise InvalidParameter(f"Invalid parameter name: {name}", param=name)
    return steps


def _lists(node: Obj | str) -> object:
    if isinstance(node, str):
        return node
    inner = {name: value if name in _FREE_NAMES else _lists(value) for name, value in node.items()}
    if inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
