"""Channels and messages over the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.factories import NOW, make_environment, make_incident, make_user
from tests.notifications.made import lay_in, make_channel
from tests.notifications.saying import SECRETS, settings_of
from tests.notifications.vendor import Vendor, http_vendor
from tests.web.api.conftest import Program, program
from tocsin.accounts.access import Role
from tocsin.catalog.memberships import Membership
from tocsin.notifications import contacts
from tocsin.notifications.channels import channels
from tocsin.notifications.facts import facts_of
from tocsin.notifications.models import Channel, Message
from tocsin.notifications.outbox import notice_of


@pytest.fixture
def manager(db: None) -> Program:
    return program("maria", Role.MANAGER)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with http_vendor() as running:
        yield running


def send(caller: Program, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    client = Client(headers={"Authorization": f"Bearer {caller.token}"})
    return client.generic(method, f"/api/v1/channels{path}", json.dumps(body), "application/json")


def test_every_kind_describes_itself(manager: Program) -> None:
    found = {each["kind"]: each for each in manager.get("/channels/kinds").json()["items"]}
    assert set(found) == set(channels())
    assert found["slack"]["fields"][0] | {"hint": ""} == {
        "name": "token", "label": "Bot token", "is_secret": True, "is_required": True, "hint": "", "default": "",
    }  # fmt: skip


def test_a_channel_is_added_without_its_secrets_coming_back(manager: Program) -> None:
    made = manager.post("/channels", {"kind": "slack", "name": "ops", "settings": settings_of("slack")})
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/channels/{made.json()['id']}")
    assert made.json()["rules"][0]["kinds"] == ["new", "severity raised", "resolved", "reopened"]
    listed = manager.get("/channels").content.decode()
    assert '"ops"' in listed
    assert [secret for secret in SECRETS.values() if secret in listed + made.content.decode()] == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"kind": "pigeon"}, "“pigeon” is no kind of channel"),
        ({"settings": {}}, "this is needed"),
        ({"project": "nowhere"}, "no such project"),
        ({"kind": "email"}, "only an admin may"),
    ],
)
def test_what_can_not_work_is_refused(manager: Program, wrong: dict[str, Any], why: str) -> None:
    answer = manager.post("/channels", {"kind": "slack", "settings": settings_of("slack")} | wrong)
    assert answer.status_code == 400
    assert why in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/messages/9999", "message"),
        ("/channels/9999", "channel"),
        ("/projects/nowhere/status-page", "project"),
        ("/escalation/policies/nowhere", "escalation policy"),
    ],
)
def test_what_is_not_there_is_named_by_its_kind(manager: Program, path: str, said: str) -> None:
    answer = manager.get(path)
    assert (answer.status_code, answer.json()["detail"]) == (404, f"There is no such {said}.")


def test_its_rules_are_said_anew(manager: Program) -> None:
    path = f"/{make_channel('ntfy').pk}/rules"
    rule = {"kinds": ["new"], "severities": ["critical"], "projects": ["shop"], "services": [], "hours": "always"}
    assert send(manager, "PUT", path, {"rules": [rule]}).json()["rules"] == [rule]
    assert send(manager, "PUT", path, {"rules": [{"kinds": ["page"]}]}).status_code == 400
    assert send(manager, "PUT", path, {"rules": [{"kinds": []}]}).status_code == 422


def test_a_channel_is_changed_paused_and_removed(manager: Program) -> None:
    path = f"/{make_channel('ntfy').pk}"
    settings = settings_of("ntfy") | {"topic": "other"}
    assert send(manager, "PUT", path, {"settings": settings}).json()["settings"]["topic"] == "other"
    assert send(manager, "PATCH", path, {"is_paused": True}).json()["paused_at"]
    assert send(manager, "PATCH", path, {"is_paused": False}).json()["paused_at"] is None
    assert [send(manager, "DELETE", path).status_code for _ in range(2)] == [204, 404]
    assert Channel.objects.get().removed_at


@pytest.mark.django_db(transaction=True)
def test_a_test_answers_what_the_vendor_said(vendor: Vendor) -> None:
    vendor.answers = [(403, b"no such topic", {})]
    channel = make_channel("ntfy", url=vendor.url)
    tried = program("maria", Role.MANAGER).post(f"/channels/{channel.pk}/test").json()
    assert (tried["state"], tried["attempts"][0]["outcome"]) == ("failed", "answered 403: no such topic")


def test_messages_are_listed_by_pages(viewer: Program) -> None:
    channel = make_channel()
    for key in ("a", "b", "c"):
        lay_in(channel, key)
    first = viewer.get("/messages?limit=2").json()
    rest = viewer.get(f"/messages?limit=2&cursor={first['next']}").json()
    assert ([len(page["items"]) for page in (first, rest)], rest["next"]) == ([2, 1], None)
    assert viewer.get("/messages?state=sent").json()["items"] == []
    assert len(viewer.get(f"/messages?channel={channel.pk}").json()["items"]) == 3


def test_who_works_in_one_project_sees_what_was_said_of_its_incidents(db: None) -> None:
    channel = make_channel()
    shop, bank = make_environment(), make_environment(project="bank")
    incidents = [make_incident(environment=each).pk for each in (shop, bank)]
    for pk, facts in facts_of(incidents).items():
        lay_in(channel, str(pk), facts=facts)
    person = make_user("pam", "")
    Membership.objects.create(project=shop.project, user=person, role=Role.VIEWER)
    client = Client()
    client.force_login(person)
    page = client.get("/messages").content.decode()
    assert page.count("c-incident") == 1


def test_a_code_is_for_whoever_was_sent_it(viewer: Program) -> None:
    contacts.add(make_user("ayse"), make_channel(), "pager", NOW)
    message = Message.objects.get()
    code = notice_of(message).text[:6]
    answer = viewer.get(f"/messages/{message.pk}")
    assert "is the code that confirms" in answer.json()["text"]
    assert code not in answer.content.decode()
