"""Our own JavaScript: each module lies beside the components that use it and is compiled with the pages."""

import json
from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

from lastlink_ui.text import t

_FOLDER = Path(__file__).parent / "components"
_TARGET = "utils/lastlink"
_RUNTIME_WORDS = {
    '"A new version of this app is available."': "ui.new_version",
    '"Reload"': "ui.reload",
}


def module(name: str) -> str:
    """What a component names as its `library` to import from `components/<name>.js`."""
    return f"$/{_TARGET}/{name}"


class OwnModules(Plugin):
    """Puts our modules where the compiled pages import them from, and our words into Reflex's own."""

    def pre_compile(self, **context: Any) -> None:
        """Save every one of them among the sources of the frontend."""
        for file in sorted(_FOLDER.glob("*.js")):
            context["add_save_task"](_source, file)
        context["add_modify_task"]("utils/state.js", _in_our_words)


def _in_our_words(code: str) -> str:
    """The two things that Reflex's runtime itself says to a visitor, in the page's language.

    Raises: RuntimeError when they are not where they were: then they would be English.
    """
    for english, key in _RUNTIME_WORDS.items():
        ours = json.dumps(t(key), ensure_ascii=False)
        if english not in code and ours not in code:
            raise RuntimeError(f"{english} is not in Reflex's runtime any more")
        code = code.replace(english, ours)
    return code


def _source(file: Path) -> tuple[str, str]:
    return f"{_TARGET}/{file.name}", file.read_text(encoding="utf-8")
