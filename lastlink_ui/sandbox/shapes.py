"""What every object of a kind has in common: the fields that are constant here, in API 2026-10-28.endive.

The store keeps only what differs from these, and adds them again on reading.
"""

from collections.abc import Collection

from .shapes_billing import BILLING
from .shapes_payments import PAYMENTS
from .types import Obj

SHAPES: dict[str, Obj] = {shape["object"]: shape for shape in (*BILLING, *PAYMENTS)}


def shaped(kind: str, **fields: object) -> Obj:
    """Return a whole object of ``kind`` with the given fields over the constant ones.

    The constant values are shared, not copied: whoever changes a nested one puts a new one in its place.
    """
    return {**SHAPES[kind], **fields}


def sparse(obj: Obj, keep: Collection[str]) -> Obj:
    """Return what distinguishes an object from the others of its kind, and the fields named in ``keep``."""
    shape = SHAPES[obj["object"]]
    return {
        name: value
        for name, value in obj.items()
        if name in keep or name not in shape or shape[name] != value
    }


def public(obj: Obj) -> Obj:
    """Return what a caller may see: names that begin with an underscore are ours."""
    return {name: value for name, value in obj.items() if not name.startswith("_")}


def listing(url: str, data: list[Obj], *, has_more: bool = False) -> Obj:
    """Return a page of objects in the provider's envelope."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
