"""`lastlink run`: everything set up, and the program served on one port.

What is loaded here stays for as long as the program runs, in the process that only watches over it. So this
imports little, and has done in a process of its own what needs more.
"""

import json
import os
import threading
import time

from lastlink_ui.commands import children
from lastlink_ui.commands.console import CommandError, out, working
from lastlink_ui.demo.account import DEMO_EMAIL, DEMO_HANDLE, DEMO_PASSWORD
from lastlink_ui.frontend.build import BuildFailed, BuildStep, ensure_frontend
from lastlink_ui.serve import run_app
from lastlink_ui.settings import Environment, Settings

_STEPS = tuple(BuildStep)
_READY_SECONDS = 60


def run(settings: Settings, sandbox: children.StartingSandbox | None, *, demo: bool) -> None:
    """Set up what is missing, then serve until SIGINT or SIGTERM.

    Raises: CommandError; SystemExit where what could not be set up was said already.
    """
    _build()
    has_demo = demo and sandbox is not None and settings.environment is Environment.DEVELOPMENT
    with children.in_own_process(_prepare, settings, has_demo):
        if sandbox:
            sandbox.wait()
    if sandbox:
        os.environ["LASTLINK_WEBHOOK_SECRET"] = json.loads(settings.sandbox_webhook.read_text())["secret"]
    threading.Thread(target=_announce, args=(settings, has_demo), daemon=True).start()
    run_app(settings.host, settings.port, public_origin=settings.origin or None)


def _prepare(settings: Settings, has_demo: bool) -> None:  # noqa: FBT001 - a process's arguments
    from lastlink_ui.commands.prepare import prepare  # noqa: PLC0415 - in that process alone

    prepare(settings, demo=has_demo)


def _build() -> None:
    with working("Building the pages") as progress:
        try:
            ensure_frontend(lambda step: progress(_STEPS.index(step), len(_STEPS)))
        except BuildFailed as error:
            raise CommandError(f"the pages could not be built: {error}") from error


def _announce(settings: Settings, has_demo: bool) -> None:  # noqa: FBT001 - a thread's arguments
    """Say where the program is, once it answers."""
    deadline = time.monotonic() + _READY_SECONDS
    while not children.answers(f"http://127.0.0.1:{settings.port}/readyz"):
        if time.monotonic() > deadline:
            return
        time.sleep(0.05)
    origin = settings.public_origin
    out.print(f"Lastlink is ready at [bold]{origin}[/]")
    if has_demo:
        out.print(f"  Sign in       {DEMO_EMAIL} / {DEMO_PASSWORD}")
        out.print(f"  Public page   {origin}/{DEMO_HANDLE}")
    if settings.uses_sandbox:
        out.print(f"  Sandbox       {settings.stripe_api_base} (no real money moves)")
