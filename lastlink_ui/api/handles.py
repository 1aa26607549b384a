"""The path convertor of public pages, which lets every path that is ours pass by."""

import re

from starlette.convertors import Convertor, register_url_convertor

from lastlink_ui.frontend.paths import HANDLE_PATTERN, RESERVED_SEGMENTS


class PublicHandleConvertor(Convertor[str]):
    """Matches a creator's handle and nothing that we serve: `/{handle:handle}`."""

    regex = (
        rf"(?!(?:{'|'.join(re.escape(word) for word in sorted(RESERVED_SEGMENTS))})(?:/|$)){HANDLE_PATTERN}"
    )

    def convert(self, value: str) -> str:
        """The handle as it stands in the path."""
        return value

    def to_string(self, value: str) -> str:
        """The path's segment for a handle."""
        return value


public_handle_convertor = PublicHandleConvertor()
register_url_convertor("handle", public_handle_convertor)
