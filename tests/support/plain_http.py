"""Tests speak plain HTTP with this machine alone, and need nobody's certificates for that.

Each new HTTP client reads all of the world's, which takes longer than most of the requests here.
"""

import os

_NAMES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_AS_FOUND = {name: os.environ[name] for name in _NAMES if name in os.environ}


def read_no_certificates() -> None:
    """From now on, in this process."""
    os.environ.pop("SSL_CERT_FILE", None)
    os.environ["SSL_CERT_DIR"] = os.devnull


def as_found() -> dict[str, str]:
    """The environment for programs that users start: with the certificates of this machine."""
    return {name: value for name, value in os.environ.items() if name not in _NAMES} | _AS_FOUND
