"""Whoever was called hears of the end: calmly, once, and in no other case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW, make_user
from tests.notifications.made import make_channel
from tests.oncall.escalating import make_policy, make_reachable, opened, step
from tests.workflows.sending import minutes
from tests.workflows.test_escalating import run_until
from tocsin.accounts.models import User
from tocsin.incidents import changes
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.merging import merge
from tocsin.incidents.models import Incident
from tocsin.notifications import contacts
from tocsin.notifications.models import ContactMethod, ContactRule, Message
from tocsin.notifications.rules import Audience
from tocsin.workflows.telling import tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    """Whoever is called first; then bob, who can't be reached."""
    found = make_reachable("alice")
    make_user("bob")
    make_policy(step("person alice"), step("person bob"))
    return found


def called() -> Incident:
    """An incident about which alice was called."""
    incident = opened()
    run_until(NOW)
    Message.objects.filter(kind="page").update(state="sent")
    return incident


def resolve(incident: Incident, at: float = 2, actor: str = "tocsin") -> None:
    changes.change_status(
        incident.pk, Status.RESOLVED, actor=actor, now=minutes(at), resolution=Resolution.RECOVERED, reason="it is gone"
    )
    tell(minutes(at))


def reopen(incident: Incident, at: float) -> None:
    changes.change_status(incident.pk, Status.INVESTIGATING, actor="tocsin", now=minutes(at), reason="it came back")
    tell(minutes(at))


def told() -> list[tuple[str, str]]:
    """To which addresses an end was told, and how far that is."""
    return list(Message.objects.filter(kind="resolved").order_by("id").values_list("address", "state"))


@pytest.mark.usefixtures("alice")
def test_whoever_was_called_is_told_of_the_end_once() -> None:
    resolve(called())
    run_until(minutes(3), since=minutes(2))
    assert told() == [("topic-alice-0", "waiting")]
    message = Message.objects.get(kind="resolved")
    assert (message.reason, message.priority) == ("alice was called about it", contacts.PRIORITY_OF_CALM)


@pytest.mark.usefixtures("alice")
def test_who_was_not_called_or_ended_it_is_told_nothing() -> None:
    make_reachable("bob")
    resolve(called(), actor="alice")
    assert told() == []


@pytest.mark.usefixtures("alice")
def test_a_call_that_was_never_sent_needs_no_end() -> None:
    incident = opened()
    run_until(NOW)
    resolve(incident)
    assert told() == []


@pytest.mark.usefixtures("alice")
def test_an_acknowledgement_by_another_is_no_end() -> None:
    changes.change_status(called().pk, Status.ACKNOWLEDGED, actor="eve", now=minutes(1))
    tell(minutes(1))
    assert Message.objects.count() == 1


def test_the_end_comes_in_a_way_that_was_used_and_never_by_telephone(alice: User) -> None:
    phone = make_channel("voice", Audience.NOBODY, "phone")
    method = ContactMethod.objects.create(
        user=alice, channel=phone, address="+491701234567", confirmed_at=NOW, created_at=NOW
    )
    ContactRule.objects.create(method=method)
    incident = opened()
    run_until(NOW)
    Message.objects.filter(contact=method).update(state="sent")
    make_reachable("alice", delay=30)
    resolve(incident)
    assert told() == [("topic-alice-0", "waiting")]


def test_a_way_that_called_goes_before_others(alice: User) -> None:
    incident = called()
    ContactRule.objects.update(delay_minutes=10)
    make_reachable("alice", delay=5)
    resolve(incident)
    assert told() == [("topic-alice-0", "waiting")]


def test_quiet_hours_hold_it_whatever_the_severity_and_what_comes_back_takes_it_back(alice: User) -> None:
    incident = called()
    Incident.objects.update(severity="critical")
    contacts.set_quiet(alice, "00:00", "23:59", "UTC")
    resolve(incident)
    assert Message.objects.get(kind="resolved").next_try_at > NOW + timedelta(hours=1)
    reopen(incident, 3)
    assert told() == [("topic-alice-0", "suppressed")]
    resolve(incident, 4)
    assert told()[1:] == [("topic-alice-0", "waiting")]


@pytest.mark.usefixtures("alice")
def test_an_end_after_which_nobody_was_called_again_is_told_once() -> None:
    incident = called()
    resolve(incident)
    Message.objects.filter(kind="resolved").update(state="sent")
    reopen(incident, 3)
    resolve(incident, 4)
    assert len(told()) == 1


@pytest.mark.usefixtures("alice")
def test_of_what_became_part_of_another_they_hear_when_that_is_over() -> None:
    duplicate, into = called(), opened()
    merge(duplicate.pk, into.pk, actor="ada", now=minutes(1), reason="the same failure")
    tell(minutes(1))
    assert told() == []
    resolve(into)
    assert told() == [("topic-alice-0", "waiting")]


@pytest.mark.usefixtures("alice")
def test_a_call_that_another_spoke_for_is_ended_too() -> None:
    incident = called()
    Message.objects.filter(kind="page").update(state="suppressed", note="bundled into message 7")
    resolve(incident)
    assert told() == [("topic-alice-0", "waiting")]
