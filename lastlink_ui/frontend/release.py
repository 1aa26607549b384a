"""One published build of the frontend: its files, its page shells and what they may run."""

import base64
import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

RELEASE_VARIABLE = "LASTLINK_FRONTEND"

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_MANIFEST = re.compile(r"window\.__reactRouterManifest\s*=\s*(\{.*\});?\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shell:
    """A page's HTML as it was compiled, and the hashes of the scripts inside it (for the CSP)."""

    html: bytes
    script_hashes: tuple[str, ...]

    @classmethod
    def of(cls, html: bytes) -> "Shell":
        """The shell with its hashes computed."""
        return cls(html, tuple(dict.fromkeys(_csp_hash(script) for script in _INLINE_SCRIPT.findall(html))))


@dataclass(frozen=True)
class Release:
    """The published build in `folder`."""

    folder: Path

    @classmethod
    def current(cls) -> "Release":
        """The release that this process was started to serve."""
        return cls(Path(os.environ[RELEASE_VARIABLE]))

    @property
    def client(self) -> Path:
        """The files that browsers get."""
        return self.folder / "client"

    @cached_property
    def page_paths(self) -> frozenset[str]:
        """The paths of the pages that were compiled to a file of their own (`/`, `/entrar`)."""
        pages = {path.parent.relative_to(self.client).as_posix() for path in self.client.rglob("index.html")}
        return frozenset("/" if path == "." else f"/{path}" for path in pages)

    @cached_property
    def top_level_names(self) -> frozenset[str]:
        """The first path segments that files of the frontend take."""
        return frozenset(path.name for path in self.client.iterdir())

    def page(self, path: str) -> Shell:
        """The shell of the page at a fixed `path`."""
        return Shell.of((self.client / path.strip("/") / "index.html").read_bytes())

    def dynamic_page(self, route: str) -> Shell:
        """The shell of the page whose route has an argument (`/[handle]`), its modules preloaded.

        Such pages share one empty shell; what differs is known from the manifest alone, and naming
        it in the head saves the browser a round trip.
        """
        shell = (self.client / "__spa-fallback.html").read_bytes()
        preloads = "".join(f'<link rel="modulepreload" href="{module}"/>' for module in self._modules[route])
        return Shell.of(shell.replace(b"</head>", preloads.encode() + b"</head>", 1))

    @cached_property
    def routes_with_argument(self) -> frozenset[str]:
        """The routes that take an argument from the path, as Reflex writes them (`/obrigado/[token]`)."""
        return frozenset(route for route in self._modules if "[" in route)

    @cached_property
    def _modules(self) -> Mapping[str, Sequence[str]]:
        """Which modules each route needs, by the route as Reflex writes it."""
        entries = self._manifest["routes"].values()
        return {
            _reflex_route(entry.get("path", "")): [entry["module"], *entry["imports"]] for entry in entries
        }

    @cached_property
    def _manifest(self) -> Mapping[str, Any]:
        (file,) = self.client.glob("assets/manifest-*.js")
        found = _MANIFEST.search(file.read_text(encoding="utf-8"))
        if found is None:
            raise ValueError(f"{file.name} holds no manifest: React Router has changed")
        return cast("Mapping[str, Any]", json.loads(found[1]))


def _reflex_route(react_path: str) -> str:
    """`obrigado/:token`, as React Router writes it, is `/obrigado/[token]`."""
    return "/" + re.sub(r":(\w+)", r"[\1]", react_path)


def _csp_hash(script: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
