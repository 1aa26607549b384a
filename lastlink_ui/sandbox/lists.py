"""Pages of a list: newest first, from a cursor, with whether more follow."""

from .books import Books
from .errors import InvalidParameter
from .params import ListParams
from .shapes import listing
from .types import Obj


def page(books: Books, kind: str, params: ListParams, url: str) -> Obj:
    """Return one page. Raises: InvalidParameter for both cursors at once, NotFound for an unknown one."""
    if params.starting_after and params.ending_before:
        raise InvalidParameter("You cannot parameterize both starting_after and ending_before.")
    for name in ("starting_after", "ending_before"):
        cursor = getattr(params, name)
        if cursor:
            books.get(kind, cursor, name)
    found = books.store.select(
        kind,
        params.conditions(),
        limit=params.limit + 1,
        after=params.starting_after,
        before=params.ending_before,
    )
    has_more = len(found) > params.limit
    # Read backwards, the one too many is the newest.
    kept = found[1:] if has_more and params.ending_before else found[: params.limit]
    return listing(url, kept, has_more=has_more)
