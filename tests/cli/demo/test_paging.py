"""How the demonstration's people are told."""

from __future__ import annotations

from datetime import datetime
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone

from tests.factories import make_environment, make_incident, make_user
from tocsin.accounts.models import User
from tocsin.cli.demo import paging
from tocsin.cli.demo.colleagues import employ
from tocsin.cli.demo.receiver import receiving
from tocsin.incidents.triage import Severity
from tocsin.notifications import contacts
from tocsin.notifications.facts import facts_of
from tocsin.notifications.models import Channel, ContactMethod, Message
from tocsin.notifications.notice import Kind
from tocsin.oncall import policies
from tocsin.oncall.escalations import EscalationPolicy


@pytest.fixture
def played(db: None) -> datetime:
    """When people and all that tells them were set up."""
    now = timezone.now()
    make_user("demo")
    make_environment(project="analytics")
    employ(now, "demo")
    for _ in range(2):
        paging.set_up("http://127.0.0.1:9/events", "demo", now)
    return now


def test_everybody_can_be_reached_but_for_one(played: datetime) -> None:
    people = {name: User.objects.get(username=name) for name in ("ayse", paging.UNREACHABLE)}
    ways = {name: contacts.foreseen(person, Severity.HIGH, played).ways for name, person in people.items()}
    assert ways == {"ayse": (paging.PHONES, f"{paging.PAGERS} in 1 min"), paging.UNREACHABLE: ()}
    assert not ContactMethod.objects.filter(confirmed_at=None).exists()


def test_what_is_urgent_calls_people_and_the_rest_a_room(played: datetime) -> None:
    project = make_environment().project_id
    chosen = [policies.chosen(project, [], severity) for severity in Severity]
    assert [each and each.policy.name for each in chosen] == ["Urgent", "Urgent", "Calm", "Calm"]
    assert EscalationPolicy.objects.count() == 3


def test_somebody_answers_with_the_link_in_a_message(played: datetime) -> None:
    incident = make_incident(severity="critical", triggered_at=played)
    assert paging.acknowledge_one([incident.environment], played) == ""
    person = User.objects.get(username="ayse")
    contacts.call(person, Kind.PAGE, facts_of([incident.pk])[incident.pk], "", key="k", reason="a test", now=played)
    Message.objects.filter(incident=incident).update(state=Message.State.SENT)
    said = paging.acknowledge_one([incident.environment], played)
    assert said.startswith(f"{incident.name} is acknowledged by ayse")


def test_the_tracker_rests_when_all_is_told(played: datetime) -> None:
    paging.rest(played)
    assert [each.name for each in Channel.objects.exclude(paused_at=None)] == [paging.TRACKER]


def test_the_receiver_is_down_when_the_first_comes() -> None:
    with receiving() as address:
        wanted = Request(address, b"{}", method="POST")
        with pytest.raises(OSError, match="503"):
            urlopen(wanted)
        assert urlopen(wanted).status == 204
