"""Refusals in the words, codes and statuses that Stripe's clients understand."""

from .types import Obj


class StripeError(Exception):
    """A refusal that is answered as Stripe's error body.

    ``saved`` says whether an idempotency key remembers it (Stripe forgets what is refused before any work);
    ``keep_work`` whether what was written before it stands, as after a declined charge.
    """

    status = 400
    type = "invalid_request_error"
    saved = True

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        keep_work: bool = False,
        **more: str,
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.param, self.keep_work, self.more = message, code, param, keep_work, more

    def body(self) -> Obj:
        """The JSON body of the answer."""
        optional = {"code": self.code, "param": self.param, **self.more}
        if self.code:
            optional["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        return {
            "error": {
                "message": self.message,
                "type": self.type,
                **{name: value for name, value in optional.items() if value is not None},
            }
        }


class InvalidRequest(StripeError):
    """The request is understood and refused by a rule."""


class InvalidParameter(StripeError):
    """The parameters are wrong in themselves, so no work began and no key is used up."""

    saved = False


class NotFound(StripeError):
    """The object or the address does not exist."""

    status = 404

    @classmethod
    def missing(cls, kind: str, object_id: str, param: str = "id") -> "NotFound":
        """The answer to an id that nobody has."""
        return cls(f"No such {kind.replace('.', ' ')}: '{object_id}'", code="resource_missing", param=param)


class Unauthorized(StripeError):
    """No key, or not ours."""

    status = 401
    saved = False


class CardError(StripeError):
    """A card was refused."""

    status = 402
    type = "card_error"


class IdempotencyMismatch(StripeError):
    """The key was used before with other parameters."""

    type = "idempotency_error"
    saved = False


class IdempotencyInUse(StripeError):
    """The first request with this key has not been answered yet."""

    status = 409
    type = "idempotency_error"
    saved = False


class RateLimited(StripeError):
    """Too many requests; only ever sent on request of a test."""

    status = 429
    saved = False


class ServerFault(StripeError):
    """The provider broke; only ever sent on request of a test, and remembered by the key as Stripe does."""

    status = 500
    type = "api_error"
