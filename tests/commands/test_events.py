"""`lastlink events` beside a program that runs: what failed is listed, and told again."""

import json
from pathlib import Path

import pytest

from lastlink_ui.commands.console import CommandError
from lastlink_ui.commands.events import list_events, replay
from lastlink_ui.settings import Settings
from tests.commands.test_cli import lastlink
from tests.support.sandbox import LOOK
from tests.support.server import Server
from tests.support.webhooks import an_event, post_event


def _settings(server: Server) -> Settings:
    return Settings(data_dir=server.data_dir, sandbox_port=int(server.sandbox.origin.rsplit(":", 1)[1]))


def test_an_event_that_failed_is_listed_and_replayed_until_it_has_its_effect(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox, settings = server.sandbox, _settings(server)
    (subscription,) = sandbox.get("/v1/subscriptions", limit="1")["data"]
    event = an_event(type="customer.subscription.updated", data={"object": subscription})
    sandbox.fail(LOOK, "status_500", times=1000)
    assert post_event(server, json.dumps(event).encode()).status_code == 500

    listed = lastlink("events", "--failed", folder=server.data_dir)
    (line,) = [line for line in listed.stdout.splitlines() if event["id"] in line]
    assert ("customer.subscription.updated" in line, "ProviderUnavailable" in line) == (True, True)
    at = ("--sandbox-port", str(settings.sandbox_port))
    again = lastlink("events", "replay", event["id"], *at, folder=server.data_dir)
    assert (again.returncode, f"✗ {event['id']}" in again.stdout) == (1, True)

    sandbox.heal()
    replay(settings, [], all_failed=True)
    capsys.readouterr()
    assert replay(settings, [event["id"]], all_failed=False)
    assert "had its effect before" in capsys.readouterr().out
    list_events(settings, 1000, failed=True)
    assert event["id"] not in capsys.readouterr().out


def test_what_cannot_be_replayed_is_said(server: Server, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no event called evt_nobody"):
        replay(_settings(server), ["evt_nobody"], all_failed=False)
    with pytest.raises(CommandError, match="--all-failed"):
        replay(_settings(server), [], all_failed=False)
    with pytest.raises(CommandError, match="the database is not this version's yet"):
        list_events(Settings(data_dir=tmp_path), 10, failed=False)
