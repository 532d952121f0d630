"""Channels and the delivery log, as people see them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.factories import NOW, make_incident, make_user
from tests.notifications.made import lay_in, make_channel
from tests.notifications.saying import SECRETS, settings_of
from tests.notifications.vendor import Vendor, http_vendor
from tocsin.accounts.models import Role
from tocsin.incidents import changes
from tocsin.notifications.facts import facts_of
from tocsin.notifications.models import Channel, Message
from tocsin.workflows.telling import tell


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(make_user("ada", Role.ADMIN))
    return client


@pytest.fixture
def manager(db: None) -> Client:
    client = Client()
    client.force_login(make_user("mona", Role.MANAGER))
    return client


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with http_vendor() as running:
        yield running


def form(kind: str, **more: str) -> dict[str, str]:
    return {"kind": kind, **{f"set-{name}": value for name, value in settings_of(kind).items()}, **more}


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_begins_with_how_to_add_one(manager: Client) -> None:
    page = text(manager, "/settings/channels")
    assert "Nobody is told of anything yet" in page
    assert "/settings/channels/new?kind=slack" in page


def test_a_channel_is_added_from_its_own_description(manager: Client) -> None:
    assert "It begins with xoxb-." in text(manager, "/settings/channels/new?kind=slack")
    answer = manager.post("/settings/channels/new", form("slack", name="payments", audience="a team"))
    made = Channel.objects.get()
    assert answer.headers["Location"] == f"/settings/channels/{made.pk}"
    assert (made.name, made.may_reach_inside) == ("payments", False)
    assert "Critical or high or medium: new" in text(manager, f"/settings/channels/{made.pk}")


def test_a_secret_is_never_shown_again(admin: Client) -> None:
    channel = make_channel("slack")
    page = text(admin, f"/settings/channels/{channel.pk}") + str(channel.settings)
    assert "canary-path" in page
    assert [secret for secret in SECRETS.values() if secret in page] == []


def test_what_is_missing_is_said_and_what_was_typed_stays(manager: Client) -> None:
    answer = manager.post("/settings/channels/new", form("slack") | {"set-token": "", "set-channel": "C99"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Bot token: this is needed. It begins with xoxb-." in page
    assert "C99" in page


def test_a_secret_that_is_left_empty_stays_unless_it_would_go_elsewhere(manager: Client) -> None:
    channel = make_channel("slack")
    kept = form("slack") | {"set-token": "", "set-signing_secret": "", "set-channel": "C2"}
    assert manager.post(f"/settings/channels/{channel.pk}/settings", kept).status_code == 302
    channel.refresh_from_db()
    assert (channel.settings["channel"], channel.may_reach_inside) == ("C2", False)
    answer = manager.post(f"/settings/channels/{channel.pk}/settings", kept | {"set-api_url": "https://evil.example"})
    assert "It goes elsewhere now" in answer.content.decode()


def test_only_an_admin_sets_up_what_goes_past_the_one_door(manager: Client) -> None:
    assert "only an admin" in manager.post("/settings/channels/new", form("email")).content.decode()


def test_a_test_shows_what_the_vendor_said(admin: Client, vendor: Vendor) -> None:
    channel = make_channel("ntfy", url=vendor.url)
    vendor.answers = [(403, b"forbidden: canary-token", {})]
    answer = admin.post(f"/settings/channels/{channel.pk}/test", {}, follow=True)
    assert "The test was not taken." in answer.content.decode()
    assert "answered 403: forbidden" in answer.content.decode()
    vendor.answers = [(200, b"thanks", {})]
    answer = admin.post(f"/settings/channels/{channel.pk}/test", {}, follow=True)
    assert "200 thanks" in answer.content.decode()
    assert vendor.bodies()[-1]["title"].startswith("A test of the channel")


def test_rules_are_written_and_those_without_events_go(manager: Client) -> None:
    channel = make_channel("ntfy")
    wanted = {
        "0-kinds": ["new", "resolved"],
        "0-severities": ["high"],
        "0-projects": "shop, bank",
        "1-services": "cart",
    }
    manager.post(f"/settings/channels/{channel.pk}/rules", wanted)
    channel.refresh_from_db()
    [rule] = channel.rules
    assert (rule["kinds"], rule["projects"], rule["hours"]) == (["new", "resolved"], ["bank", "shop"], "always")


def test_what_is_paused_can_be_used_again_and_what_is_removed_keeps_its_log(manager: Client) -> None:
    channel = make_channel("ntfy")
    state = f"/settings/channels/{channel.pk}/state"
    manager.post(state, {"to": "paused"})
    assert "Paused" in text(manager, f"/settings/channels/{channel.pk}")
    manager.post(state, {"to": "in use"})
    manager.post(state, {"to": "removed"})
    assert manager.get(f"/settings/channels/{channel.pk}").status_code == 404
    assert make_channel("ntfy").pk != channel.pk


def test_the_log_says_what_was_told_and_why_and_why_not(manager: Client) -> None:
    make_channel("ntfy")
    make_channel("pagerduty")
    incident = make_incident(severity="low")
    changes.record(incident, "opened", "Opened.", actor="tocsin", now=NOW)
    tell(NOW)
    page = text(manager, "/messages")
    assert "severity low is not among critical" in page
    assert "Waiting" in page
    assert "severity low" not in text(manager, "/messages?state=waiting")
    told = Message.objects.get(state="waiting")
    assert "Because of the rule" in text(manager, f"/messages/{told.pk}")


def test_the_log_says_what_a_message_waits_for(manager: Client) -> None:
    channel, incident = make_channel("ntfy"), make_incident()
    facts = facts_of([incident.pk])[incident.pk]
    first, second = (lay_in(channel, key, facts=facts) for key in ("one", "two"))
    assert f">message {first.pk}</a>, which goes first" in text(manager, f"/messages/{second.pk}")
    assert "It goes out in a moment" in text(manager, f"/messages/{first.pk}")
    manager.post(f"/settings/channels/{channel.pk}/state", {"to": "paused"})
    assert "Its channel is paused" in text(manager, f"/messages/{second.pk}")
