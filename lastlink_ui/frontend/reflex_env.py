"""The environment through which Reflex is told to build and to serve: the only place that names it."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

_MAX_MESSAGE_BYTES = 128 * 1024


def for_build(workshop: Path) -> dict[str, str]:
    """The environment of the process that compiles the frontend in the folder `workshop`."""
    beside_python = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "PATH": os.pathsep.join((beside_python, os.environ.get("PATH", ""))),
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_WEB_WORKDIR": str(workshop),
    }


def for_serving(release: Path, origins: Sequence[str], redis_url: str = "") -> dict[str, str]:
    """What to add to the environment of the process that serves `release` to pages of `origins`.

    With `redis_url` the states of pages are kept there, so that a page may reach any of several processes.
    """
    if not origins or "*" in origins:
        # Reflex reads both as "let everyone in".
        raise ValueError("the websocket needs an exact list of origins")
    store = {"REFLEX_REDIS_URL": redis_url, "REFLEX_STATE_MANAGER_MODE": "redis"} if redis_url else {}
    return {
        **store,
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_WEB_WORKDIR": str(release),
        "REFLEX_CORS_ALLOWED_ORIGINS": ",".join(origins),
        "REFLEX_TRANSPORT": "websocket",
        # A dead line is noticed within half a minute; a message is never longer than the gate allows.
        "REFLEX_SOCKET_INTERVAL": "15",
        "REFLEX_SOCKET_TIMEOUT": "10",
        "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": str(_MAX_MESSAGE_BYTES),
        # Internal to Reflex: the pages were compiled before.
        "__REFLEX_SKIP_COMPILE": "true",
    }
