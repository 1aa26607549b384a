"""How commands speak: progress while they work, and one clear sentence when something is wrong."""

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from lastlink_ui.settings import Settings

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class CommandError(Exception):
    """Why a command cannot go on, as a sentence for whoever typed it."""


@contextmanager
def sentences() -> Generator[None]:
    """Turn what is known to go wrong into a sentence and exit code 2."""
    try:
        yield
    except CommandError as error:
        err.print(f"[bold red]lastlink:[/] {error}", soft_wrap=True)
        raise typer.Exit(2) from error


def settings_for(**overrides: object) -> Settings:
    """The settings of the environment with the options that were typed, which child processes inherit.

    Raises: CommandError for values that cannot be used.
    """
    for name, value in overrides.items():
        if value is not None:
            os.environ[f"LASTLINK_{name.upper()}"] = str(value)
    try:
        chosen = Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}".removeprefix(": ")
            for problem in error.errors()
        )
        raise CommandError(f"the configuration cannot be used: {problems}") from error
    make_folder(chosen.data_dir)
    return chosen


def make_folder(folder: Path) -> None:
    """Make the data directory. Raises: CommandError where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"the data directory {folder} cannot be made: {error.strerror}") from error


@contextmanager
def working(what: str) -> Generator[Callable[[int, int | None], None]]:
    """A progress bar for `what`; call the function with how much is done and, where known, of how much."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(what, total=None)

        def advance(done: int, total: int | None) -> None:
            progress.update(task, completed=done, total=total)

        yield advance
