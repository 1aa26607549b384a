"""The environment through which Reflex is told to build and to serve: the only place that names it."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def for_build() -> dict[str, str]:
    """The environment of the process that compiles the frontend."""
    beside_python = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "PATH": os.pathsep.join((beside_python, os.environ.get("PATH", ""))),
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        # Else Reflex times two registries against each other before it asks one.
        "NPM_CONFIG_REGISTRY": os.environ.get("NPM_CONFIG_REGISTRY", "https://registry.npmjs.org"),
    }


def for_serving(release: Path, origins: Sequence[str]) -> dict[str, str]:
    """What to add to the environment of the process that serves `release` to pages of `origins`."""
    if not origins or "*" in origins:
        # Reflex reads both as "let everyone in".
        raise ValueError("the websocket needs an exact list of origins")
    return {
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_WEB_WORKDIR": str(release),
        "REFLEX_CORS_ALLOWED_ORIGINS": ",".join(origins),
        "REFLEX_TRANSPORT": "websocket",
        # Internal to Reflex: the pages were compiled before.
        "__REFLEX_SKIP_COMPILE": "true",
    }
