"""The errors that reach a person: each knows the sentence of the catalogue that explains it."""


class LastlinkError(Exception):
    """Something that a person is told about, in the words of `message_key`."""

    def __init__(self, message_key: str, **params: object) -> None:
        super().__init__(message_key)
        self.message_key = message_key
        self.params = params


class InvalidInput(LastlinkError):
    """What was typed cannot be used; the sentence says how to write it."""


class NotFound(LastlinkError):
    """There is no such thing, or it belongs to somebody else: the two are never told apart."""

    def __init__(self, message_key: str = "errors.not_found", **params: object) -> None:
        super().__init__(message_key, **params)


class Refused(LastlinkError):
    """A rule of the product forbids it now; the sentence says which."""


class NotSignedIn(LastlinkError):
    """No valid session stands behind the request."""

    def __init__(self) -> None:
        super().__init__("errors.not_signed_in")
