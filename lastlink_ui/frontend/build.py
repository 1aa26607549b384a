"""Builds the frontend when its sources changed and publishes the result as a release.

A release is a folder named after its fingerprint that is never written again: a server that runs
keeps its own while the next one is built, and several can serve the same.
"""

import fcntl
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from lastlink_ui.frontend import address, reflex_env
from lastlink_ui.frontend.release import Release
from lastlink_ui.frontend.sources import ROOT, fingerprint

_WEB = ROOT / ".web"
_RELEASES = _WEB / "releases"
# Reflex empties its own folder when its version changes, so nothing of ours lies in it.
_WORKSHOP = _WEB / "workshop"
_LOG = _WEB / "build.log"
_MANIFEST = ROOT / "reflex.lock" / "package.json"
_KEPT_RELEASES = 4
_KEPT_SECONDS = 3600


class BuildStep(StrEnum):
    """What a build is doing, for a progress display."""

    WAIT = "wait"
    COMPILE = "compile"
    BUNDLE = "bundle"
    PUBLISH = "publish"


class BuildFailed(RuntimeError):
    """The frontend could not be built; the message ends with what the tools said."""


def ensure_frontend(progress: Callable[[BuildStep], None] = lambda _step: None) -> Release:
    """The release of the present sources, built now unless it is there already.

    Safe to call from several processes at once: one builds, the others wait for it.

    Raises: BuildFailed.
    """
    release = Release(_RELEASES / fingerprint())
    if release.folder.is_dir():
        return release
    with _one_at_a_time(progress) as lock:
        if not release.folder.is_dir():
            with _manifest_as_it_was():
                _build(progress, lock)
            progress(BuildStep.PUBLISH)
            _publish(release)
            _forget_old_releases(keep=release)
    return release


@contextmanager
def _one_at_a_time(progress: Callable[[BuildStep], None]) -> Generator[int]:
    """Gives the lock's descriptor: a build that holds it too keeps others out should we be killed."""
    _RELEASES.mkdir(parents=True, exist_ok=True)
    with (_RELEASES / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress(BuildStep.WAIT)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


@contextmanager
def _manifest_as_it_was() -> Generator[None]:
    """Undo what Reflex does to its package.json beyond changing what it says: a build leaves no diff."""
    before = _MANIFEST.read_bytes() if _MANIFEST.is_file() else b""
    try:
        yield
    finally:
        if before and json.loads(before) == json.loads(_MANIFEST.read_bytes()):
            _MANIFEST.write_bytes(before)


def _build(progress: Callable[[BuildStep], None], lock: int) -> None:
    progress(BuildStep.COMPILE)
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    with (
        _LOG.open("w", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 - fixed words
            command,
            cwd=ROOT,
            env=reflex_env.for_build(_WORKSHOP),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            pass_fds=(lock,),
        ) as process,
    ):
        if process.stdout is None:
            raise BuildFailed("no output to follow")
        for line in process.stdout:
            log.write(line)
            if "Creating Production Build" in line:
                progress(BuildStep.BUNDLE)
    if process.returncode != 0:
        raise BuildFailed(_LOG.read_text(encoding="utf-8")[-4000:])


def _publish(release: Release) -> None:
    draft = release.folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(_WORKSHOP / "build" / "client", draft / "client")
    shutil.copytree(_WORKSHOP / "backend", draft / "backend")
    address.use_address_of_page(draft / "client")
    draft.rename(release.folder)


def _forget_old_releases(keep: Release) -> None:
    """Leave the latest few; also any young one, which a server that is starting may be about to read."""
    folders = sorted(_release_folders(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT_RELEASES:]:
        if folder != keep.folder and time.time() - folder.stat().st_mtime > _KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _release_folders() -> list[Path]:
    return [path for path in _RELEASES.iterdir() if path.is_dir()]
