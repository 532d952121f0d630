"""`tocsin channel` and `tocsin message`, against a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_incident import Tocsin, alice, tocsin  # noqa: F401  # fixtures
from tests.notifications.made import lay_in, make_channel
from tests.notifications.vendor import Vendor, http_vendor
from tocsin.accounts.models import ApiToken, User
from tocsin.notifications.models import Channel

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager(alice: Tocsin) -> Tocsin:  # noqa: F811
    User.objects.update(role="manager")
    ApiToken.objects.update(scope="manager")
    return alice


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with http_vendor() as running:
        yield running


def test_a_channel_is_added_with_its_secret_from_a_file(manager: Tocsin, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("tk_canary\n")
    told = manager("channel", "add", "ntfy", "--set", "topic=ops", "--secret-file", "token", str(file))
    made = Channel.objects.get()
    assert f"Try it: tocsin channel test {made.pk}" in told.output
    assert "any: new, severity raised, resolved" in manager("channel", "list").output
    assert "canary" not in told.output + str(made.settings)


def test_kinds_say_what_they_need(manager: Tocsin) -> None:
    assert "slack        Slack" in manager("channel", "kinds").output
    assert "  token            Bot token (secret). It begins with xoxb-." in manager("channel", "kinds", "slack").output
    assert manager("channel", "kinds", "pigeon").exit_code == 2


def test_a_test_shows_what_the_vendor_says(manager: Tocsin, vendor: Vendor) -> None:
    make_channel("ntfy", name="ops", url=vendor.url)
    assert manager("channel", "test", "ops").output == "Sent: 200 ok\n"
    vendor.answers = [(403, b"no such topic", {})]
    refused = manager("channel", "test", "ops")
    assert (refused.exit_code, refused.output) == (1, "Failed: answered 403: no such topic\n")


def test_a_channel_is_paused_used_again_and_removed(manager: Tocsin) -> None:
    make_channel(name="ops")
    assert "ops is paused." in manager("channel", "pause", "ops").output
    assert "ops is in use again." in manager("channel", "pause", "ops", "--end").output
    assert "Removed." in manager("channel", "remove", "ops").output
    assert (
        manager("channel", "remove", "ops").stderr == "tocsin: there is no channel “ops”; see `tocsin channel list`\n"
    )


def test_who_may_not_set_channels_up_is_told_so(alice: Tocsin) -> None:  # noqa: F811
    refused = alice("channel", "list")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "needs the role manager" in refused.stderr


def test_messages_are_listed_and_shown(alice: Tocsin) -> None:  # noqa: F811
    assert alice("message", "list").output == "No such messages.\n"
    message = lay_in(make_channel())
    assert "waiting" in alice("message", "list", "--state", "waiting").output
    [listed] = json.loads(alice("message", "list", "--output", "json").output)["items"]
    assert listed["id"] == message.pk
    assert "Cart is down." in alice("message", "show", str(message.pk)).output
    assert alice("message", "show", "9999").stderr == "tocsin: There is no such message.\n"
