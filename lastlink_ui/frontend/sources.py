"""Says whether the frontend has to be built again: one fingerprint over everything it is made from."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Of Reflex's two lock files the one that names every version; the other it words anew now and then.
_FILES = ("rxconfig.py", "uv.lock", "reflex.lock/bun.lock")
_FOLDERS = ("assets", "lastlink_ui")
_SUFFIXES_OF_CODE = {".py", ".toml", ".js"}
# Packages that no page imports. A package that is not named here counts, so that a new one can
# cost a build too many but never serve an old page.
_NOT_IN_PAGES = {
    "api",
    "billing",
    "commands",
    "db",
    "live",
    "mail",
    "sandbox",
    "frontend",
    "fan_page",
    "privacy",
}
_NOT_IN_PAGES_FILES = {"cli.py", "serve.py", "__main__.py"}


def fingerprint() -> str:
    """Sixteen hexadecimal digits that change when a source of the frontend does."""
    digest = hashlib.sha256()
    for path in sorted(sources()):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def sources() -> Iterator[Path]:
    """Every file that the frontend is made from."""
    yield from (path for name in _FILES if (path := ROOT / name).is_file())
    for folder in _FOLDERS:
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file() and _counts(path))


def _counts(path: Path) -> bool:
    folder, *inner = path.relative_to(ROOT).parts
    if folder != "lastlink_ui":
        return True
    return (
        path.suffix in _SUFFIXES_OF_CODE
        and inner[0] not in _NOT_IN_PAGES
        and inner[0] not in _NOT_IN_PAGES_FILES
    )
