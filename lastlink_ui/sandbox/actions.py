"""What somebody outside the API lets happen: the payer, the payer's bank, time."""

from collections.abc import Callable

from . import disputes, jobs, purchase
from .books import Books
from .errors import NotFound
from .types import Obj


def act(books: Books, verb: str, object_id: str) -> Obj:
    """Let ``verb`` happen to an object; return what that made, else the object as it is then.

    Raises: NotFound for an unknown verb or object.
    """
    if verb not in _VERBS:
        raise NotFound(f"Unknown action '{verb}': choose one of {', '.join(_VERBS)}.")
    kind, action = _VERBS[verb]
    found = books.get(kind, object_id) if kind else books.store.find_any(object_id)
    if found is None:
        raise NotFound.missing("object", object_id)
    return action(books, found) or books.store.find_any(object_id) or {}


def _now(books: Books, obj: Obj) -> int:
    return books.time_of(books.store.find("customer", obj.get("customer") or ""))


_VERBS: dict[str, tuple[str, Callable[[Books, Obj], Obj | None]]] = {
    "pay_boleto": (
        "payment_intent",
        lambda books, intent: purchase.boleto_paid(books, intent, _now(books, intent)),
    ),
    "expire_boleto": (
        "payment_intent",
        lambda books, intent: purchase.boleto_expired(books, intent, _now(books, intent)),
    ),
    "open_dispute": (
        "charge",
        lambda books, charge: disputes.open_dispute(books, charge, _now(books, charge)),
    ),
    "win_dispute": ("dispute", lambda books, dispute: disputes.close(books, dispute, "won", books.now)),
    "lose_dispute": ("dispute", lambda books, dispute: disputes.close(books, dispute, "lost", books.now)),
    # Whatever is planned for the object happens now: a refund settles, a session expires, a renewal comes.
    "hurry": ("", lambda books, obj: jobs.run_for(books, obj["id"])),
}
