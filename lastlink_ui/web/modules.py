"""Our own JavaScript: each module lies beside the components that use it and is compiled with the pages."""

from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

_FOLDER = Path(__file__).parent / "components"
_TARGET = "utils/lastlink"


def module(name: str) -> str:
    """What a component names as its `library` to import from `components/<name>.js`."""
    return f"$/{_TARGET}/{name}"


class OwnModules(Plugin):
    """Puts our modules where the compiled pages import them from."""

    def pre_compile(self, **context: Any) -> None:
        """Save every one of them among the sources of the frontend."""
        for file in sorted(_FOLDER.glob("*.js")):
            context["add_save_task"](_source, file)


def _source(file: Path) -> tuple[str, str]:
    return f"{_TARGET}/{file.name}", file.read_text(encoding="utf-8")
