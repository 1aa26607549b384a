"""The `lastlink` command: reads what was typed and hands it to the module that does it."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from lastlink_ui.commands.console import sentences, settings_for

app = typer.Typer(
    help="See and settle everything about each subscriber of your members' list.",
    add_completion=False,
    pretty_exceptions_enable=False,
)

events = typer.Typer(add_completion=False)
app.add_typer(events, name="events", help="The provider's events that came in.")

DataDir = Annotated[Path | None, typer.Option(help="Where everything is kept.", show_default="./data")]
SandboxPort = Annotated[
    int | None, typer.Option(help="The sandbox's port.", min=1, max=65535, show_default="12111")
]


@app.command()
def run(
    host: Annotated[
        str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, show_default="3000")] = None,
    sandbox_port: SandboxPort = None,
    data_dir: DataDir = None,
    demo: Annotated[bool, typer.Option(help="Make the demo creator where there is none.")] = True,
) -> None:
    """Set up what is missing and serve the program."""
    from lastlink_ui.commands import children  # noqa: PLC0415 - each command loads only what it needs

    with sentences(), ExitStack() as stack:
        settings = settings_for(host=host, port=port, sandbox_port=sandbox_port, data_dir=data_dir)
        children.require_free_port(settings.host, settings.port, "--port")
        starting = stack.enter_context(children.sandbox(settings)) if settings.uses_sandbox else None
        from lastlink_ui.commands import run as command  # noqa: PLC0415

        command.run(settings, starting, demo=demo)


@app.command()
def seed(
    subscribers: Annotated[int, typer.Option(help="About how many.", min=1, max=10_000_000)] = 500,
    seed: Annotated[int, typer.Option(help="The same number makes the same people.")] = 1,
    sandbox_port: SandboxPort = None,
    data_dir: DataDir = None,
) -> None:
    """Make demo subscribers for the demo creator, who is made where missing."""
    from lastlink_ui.commands import children, prepare  # noqa: PLC0415
    from lastlink_ui.commands import seed as command  # noqa: PLC0415

    with sentences():
        settings = settings_for(sandbox_port=sandbox_port, data_dir=data_dir)
        prepare.prepare_database(settings)
        with children.sandbox_unless_running(settings):
            command.seed_demo(settings, subscribers, seed=seed)


@app.command()
def sandbox(
    port: SandboxPort = None,
    data_dir: DataDir = None,
) -> None:
    """Serve the payment sandbox by itself, on 127.0.0.1."""
    from lastlink_ui.commands import children  # noqa: PLC0415
    from lastlink_ui.sandbox.__main__ import serve  # noqa: PLC0415

    with sentences():
        settings = settings_for(sandbox_port=port, data_dir=data_dir)
        children.require_free_port("127.0.0.1", settings.sandbox_port, "--port")
        serve(settings.sandbox_port, settings.data_dir)


@app.command()
def reconcile(sandbox_port: SandboxPort = None, data_dir: DataDir = None) -> None:
    """Read everything at the provider again, repair what differs here, and say what that was."""
    from lastlink_ui.commands import children, prepare  # noqa: PLC0415
    from lastlink_ui.commands import reconcile as command  # noqa: PLC0415

    with sentences():
        settings = settings_for(sandbox_port=sandbox_port, data_dir=data_dir)
        prepare.prepare_database(settings)
        with children.sandbox_unless_running(settings):
            command.reconcile(settings)


@app.command()
def doctor(sandbox_port: SandboxPort = None, data_dir: DataDir = None) -> None:
    """Say in words what is wrong with this installation."""
    from lastlink_ui.commands import doctor as command  # noqa: PLC0415

    with sentences():
        settings = settings_for(sandbox_port=sandbox_port, data_dir=data_dir)
        if not command.doctor(settings):
            raise typer.Exit(1)


@app.command()
def create_creator(
    email: Annotated[str, typer.Option(help="What the creator signs in with.")],
    name: Annotated[str, typer.Option(help="As fans read it.")],
    handle: Annotated[str, typer.Option(help="The public page's address, without @.")],
    data_dir: DataDir = None,
) -> None:
    """Open an account. The password is asked for, or read from standard input."""
    from lastlink_ui.commands import creators  # noqa: PLC0415

    with sentences():
        creators.create(settings_for(data_dir=data_dir), email, name, handle)


@app.command()
def invite(
    email: Annotated[str, typer.Argument(help="Whom to invite.")],
    data_dir: DataDir = None,
) -> None:
    """Print a link by which a creator opens an own account."""
    from lastlink_ui.commands import creators  # noqa: PLC0415

    with sentences():
        creators.invite(settings_for(data_dir=data_dir), email)


@app.command()
def reset_password(
    email: Annotated[str, typer.Argument(help="Whose password is forgotten.")],
    data_dir: DataDir = None,
) -> None:
    """Print a link by which a creator sets another password."""
    from lastlink_ui.commands import creators  # noqa: PLC0415

    with sentences():
        creators.reset_password(settings_for(data_dir=data_dir), email)


@app.command()
def second_step_off(
    email: Annotated[str, typer.Argument(help="Who lost the app and the recovery codes.")],
    data_dir: DataDir = None,
) -> None:
    """Let a creator sign in with the password alone."""
    from lastlink_ui.commands import creators  # noqa: PLC0415

    with sentences():
        creators.second_step_off(settings_for(data_dir=data_dir), email)


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="What to measure: list, search, counts …")],
    subscribers: Annotated[int, typer.Option(help="Of one creator.", min=1, max=10_000_000)] = 100_000,
    database: Annotated[
        str, typer.Option(help="A PostgreSQL database to use and fill.", show_default="SQLite")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Measure the program beside the limit in the same run; exit code 1 where a target is missed."""
    from lastlink_ui.commands import bench as command  # noqa: PLC0415

    with sentences():
        settings = settings_for(data_dir=data_dir)
        if not command.bench(settings, name, subscribers, database, as_json=json):
            raise typer.Exit(1)


@app.command()
def export(
    creator: Annotated[str, typer.Option(help="Whose subscribers: the handle of the public page.")],
    output: Annotated[
        str, typer.Option(help="The file; - for standard output.", show_default="as the page names it")
    ] = "",
    q: Annotated[str, typer.Option(help="A part of the name, the handle or the e-mail.")] = "",
    status: Annotated[
        str, typer.Option(help="active, payment_pending, canceled, refunded or charged_back.")
    ] = "",
    since: Annotated[str, typer.Option(help="7d or 30d.")] = "",
    first: Annotated[str, typer.Option("--from", help="First day of subscribing, 2026-11-22.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day of subscribing.")] = "",
    sheet: Annotated[str, typer.Option(help="all, active or inactive.")] = "",
    plan: Annotated[str, typer.Option(help="A plan's id, as in the page's address.")] = "",
    method: Annotated[str, typer.Option(help="card or boleto.")] = "",
    in_list: Annotated[str, typer.Option("--list", help="in or out.")] = "",
    sort: Annotated[str, typer.Option(help="started, name, amount or access; -name for the reverse.")] = "",
    data_dir: DataDir = None,
) -> None:
    """Write a creator's subscribers as the page's CSV file; options are as in the page's address."""
    from lastlink_ui.commands import export as command  # noqa: PLC0415

    asked = {
        "q": q,
        "status": status,
        "since": since,
        "from": first,
        "to": last,
        "sheet": sheet,
        "plan": plan,
        "method": method,
        "list": in_list,
        "sort": sort,
    }
    with sentences():
        settings = settings_for(data_dir=data_dir)
        command.export_file(settings, creator, {name: text for name, text in asked.items() if text}, output)


@events.callback(invoke_without_command=True)
def list_events(
    context: typer.Context,
    failed: Annotated[bool, typer.Option("--failed", help="Only those that have no effect yet.")] = False,
    limit: Annotated[int, typer.Option(help="At most how many.", min=1, max=10_000)] = 50,
    data_dir: DataDir = None,
) -> None:
    """List the provider's events that came in, the newest first."""
    if context.invoked_subcommand:
        return
    from lastlink_ui.commands import events as command  # noqa: PLC0415

    with sentences():
        command.list_events(settings_for(data_dir=data_dir), limit, failed=failed)


@events.command()
def replay(
    ids: Annotated[list[str] | None, typer.Argument(metavar="EVENT", help="Events to act on again.")] = None,
    all_failed: Annotated[
        bool, typer.Option("--all-failed", help="Every event that has no effect yet.")
    ] = False,
    sandbox_port: SandboxPort = None,
    data_dir: DataDir = None,
) -> None:
    """Act on events again; exit code 1 where one fails again."""
    from lastlink_ui.commands import events as command  # noqa: PLC0415

    with sentences():
        settings = settings_for(sandbox_port=sandbox_port, data_dir=data_dir)
        if not command.replay(settings, ids or [], all_failed=all_failed):
            raise typer.Exit(1)


def main() -> None:
    """The entry point of the installed command; without a command's name it is `run` that is meant."""
    typed = sys.argv[1:]
    if not typed or (typed[0].startswith("-") and typed[0] not in {"--help", "-h"}):
        typed = ["run", *typed]
    app(typed)
