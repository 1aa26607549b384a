"""Everything that a running program keeps of its own, to look for what should be gone."""

import sqlite3
from contextlib import closing
from pathlib import Path

# The provider's, which the sandbox stands for: not ours to empty.
_PROVIDERS = "sandbox"
# But the index of searches, which cannot be read out: it knows threes of letters, and fans by number.
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"


def kept(folder: Path) -> dict[str, str]:
    """Each file of the data directory by its name, as text: databases row by row, the log, and the rest."""
    files = [each for each in folder.rglob("*") if each.is_file() and not each.name.startswith(_PROVIDERS)]
    return {each.name: _text(each) for each in files if not each.name.endswith(("-wal", "-shm"))}


def _text(file: Path) -> str:
    if file.suffix != ".sqlite":
        return file.read_text(encoding="utf-8", errors="replace")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute(_TABLES)]
        statements = (f'SELECT * FROM "{table}"' for table in tables)  # noqa: S608 - names of our own
        return "\n".join(str(row) for statement in statements for row in database.execute(statement))
