"""Answers from Slack and from links, as they come in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_environment, make_incident, make_user
from tests.notifications.made import make_channel
from tests.notifications.saying import SECRETS
from tests.notifications.test_presses import body, signed
from tests.oncall.escalating import make_policy, step
from tocsin.accounts.models import Role, User
from tocsin.incidents import changes
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.models import Incident
from tocsin.notifications import contacts
from tocsin.notifications.facts import facts_of
from tocsin.notifications.models import Channel, ContactMethod, ContactRule, Message
from tocsin.notifications.notice import Kind
from tocsin.notifications.outbox import notice_of
from tocsin.workflows import escalating
from tocsin.workflows.telling import tell

pytestmark = pytest.mark.django_db


def reachable(user: User, channel: Channel, address: str) -> None:
    now = timezone.now()
    method = ContactMethod.objects.create(user=user, channel=channel, address=address, created_at=now, confirmed_at=now)
    ContactRule.objects.create(method=method)


def press(channel: Channel, incident: Incident, action: str = "acknowledge", secret: str = "") -> Any:
    told, stamp = body(action, str(incident.pk)), str(int(timezone.now().timestamp()))
    proof = signed(told, secret or SECRETS["signing_secret"], stamp)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": proof}
    form = "application/x-www-form-urlencoded"
    return Client().post(f"/slack/{channel.pk}", told, content_type=form, headers=headers)


def status(incident: Incident) -> str:
    incident.refresh_from_db()
    return incident.status


def test_a_button_acknowledges_in_the_name_of_who_pressed_it() -> None:
    channel, incident = make_channel("slack"), make_incident()
    reachable(make_user("ayse"), channel, "U1")
    assert press(channel, incident).status_code == 200
    assert status(incident) == "acknowledged"
    assert incident.timeline.get().actor == "ayse"


def test_a_button_that_slack_did_not_sign_does_nothing() -> None:
    channel, incident = make_channel("slack"), make_incident()
    reachable(make_user("ayse"), channel, "U1")
    assert press(channel, incident, secret="a guess").status_code == 401
    assert status(incident) == "triggered"


@pytest.mark.parametrize(("role", "why"), [(None, "How to reach me"), (Role.VIEWER, "may not work")])
def test_who_may_not_is_told_so_in_slack(role: str | None, why: str) -> None:
    channel, incident = make_channel("slack"), make_incident()
    if role:
        reachable(make_user("vera", role), channel, "U1")
    press(channel, incident)
    assert status(incident) == "triggered"
    assert why in Message.objects.get(address="U1").notice["text"]


def test_a_button_of_a_projects_channel_is_for_its_incidents() -> None:
    channel, incident = make_channel("slack"), make_incident()
    Channel.objects.update(project=make_environment(project="another").project)
    reachable(make_user("ayse"), channel, "U1")
    press(channel, incident)
    assert status(incident) == "triggered"
    assert "for another project" in Message.objects.get(address="U1").notice["text"]


def test_who_takes_it_has_it() -> None:
    channel, incident = make_channel("slack"), make_incident()
    reachable(make_user("ayse"), channel, "U1")
    press(channel, incident, "assign")
    assert status(incident) == "acknowledged"
    assert incident.assignee == User.objects.get(username="ayse")


def called(user: User) -> tuple[Incident, str]:
    """An incident that somebody was called about, and the path of the link in the call."""
    incident = make_incident()
    reachable(user, make_channel(), "pager")
    facts = facts_of([incident.pk])[incident.pk]
    contacts.call(user, Kind.PAGE, facts, "Down.", key="e1", reason="a test", now=timezone.now())
    found = re.search(r"/acknowledge/\S+", notice_of(Message.objects.get()).answer_url)
    assert found
    return incident, found[0]


def test_a_link_asks_before_it_acknowledges_and_works_once() -> None:
    incident, link = called(make_user("ayse"))
    assert "as ayse" in Client().get(link).content.decode()
    assert status(incident) == "triggered"
    assert Client().post(link).status_code == 200
    assert status(incident) == "acknowledged"
    assert Client().post(link).status_code == 410


def test_a_link_says_who_has_it_already() -> None:
    incident, link = called(make_user("ayse"))
    make_policy(step("person ayse"))
    escalating.look(incident.pk, timezone.now())
    escalating.answer(incident.pk, actor="bo", now=timezone.now())
    escalating.look(incident.pk, timezone.now())
    assert "<strong>bo has it</strong>" in Client().get(link).content.decode()


def test_a_link_to_what_is_over_asks_for_nothing() -> None:
    incident, link = called(make_user("ayse"))
    changes.change_status(incident.pk, Status.RESOLVED, actor="bo", now=timezone.now(), resolution=Resolution.FIXED)
    shown = Client().get(link).content.decode()
    assert "It is over" in shown
    assert "<button" not in shown


def test_a_link_that_was_changed_is_refused() -> None:
    _, link = called(make_user("ayse"))
    assert Client().post(link[:-1] + "~").status_code == 410


def test_an_answer_stops_all_calls_that_still_wait() -> None:
    _, link = called(make_user("ayse"))
    Client().post(link)
    tell(timezone.now())
    assert Message.objects.get(kind="page").state == "suppressed"
