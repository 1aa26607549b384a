"""The path convertor of public pages, which lets every path that is ours pass by."""

import re

from starlette.convertors import Convertor, register_url_convertor

from lastlink_ui.core.handles import MAX_LENGTH, MIN_LENGTH
from lastlink_ui.core.routes import RESERVED_SEGMENTS

_OURS = "|".join(re.escape(segment) for segment in sorted(RESERVED_SEGMENTS))


class PublicHandleConvertor(Convertor[str]):
    """`/{handle:handle}`: one segment of a handle's characters and length that is none of ours.

    What else makes a handle (dots, file endings) is for `core.handles.is_handle`: the route answers our
    own 404 for the rest, since no page and no file of ours can be behind it.
    """

    regex = rf"(?!(?:{_OURS})$)[a-z0-9._]{{{MIN_LENGTH},{MAX_LENGTH}}}"

    def convert(self, value: str) -> str:
        """The handle as it stands in the path."""
        return value

    def to_string(self, value: str) -> str:
        """The path's segment for a handle."""
        return value


public_handle_convertor = PublicHandleConvertor()
register_url_convertor("handle", public_handle_convertor)
