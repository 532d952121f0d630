"""What happens to an incident is told where the rules say, once, in its order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.factories import NOW, make_incident, make_user
from tests.notifications.made import make_channel
from tests.workflows.sending import alert, send, sender_of
from tocsin.incidents import assessments, changes
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.merging import merge
from tocsin.incidents.models import Incident
from tocsin.incidents.triage import Severity
from tocsin.notifications.models import Event, Message, Thread
from tocsin.notifications.rules import Audience
from tocsin.workflows.telling import tell

pytestmark = pytest.mark.django_db


def opened(**values: Any) -> Incident:
    incident = make_incident(**values)
    changes.record(incident, "opened", "Opened.", actor="tocsin", now=NOW)
    return incident


def told() -> list[tuple[str, str]]:
    """What was laid in, by channel; what was not told is left out."""
    waiting = Message.objects.exclude(state="suppressed").order_by("id")
    return list(waiting.values_list("channel__name", "kind"))


def test_an_event_is_there_when_its_entry_is_and_not_otherwise() -> None:
    incident = make_incident()
    with transaction.atomic():
        changes.add_note(incident.pk, "x", actor="ada", now=NOW)
        transaction.set_rollback(True)
    assert Event.objects.count() == 0
    changes.add_note(incident.pk, "x", actor="ada", now=NOW)
    assert Event.objects.count() == 1


def test_a_new_incident_is_told_once() -> None:
    make_channel("ntfy")
    opened()
    assert (tell(NOW), tell(NOW)) == (1, 0)
    assert told() == [("ntfy", "new")]
    assert Message.objects.get().reason == "of the rule “any severity: new, severity raised, resolved, reopened”"


@pytest.mark.django_db(transaction=True)
def test_what_ingest_opens_is_told() -> None:
    make_channel("ntfy")
    send(sender_of(), alert())
    tell(NOW)
    assert told() == [("ntfy", "new")]


def test_what_nobody_is_told_has_its_reason() -> None:
    make_channel("pagerduty")
    opened(severity="low")
    tell(NOW)
    assert told() == []
    assert Message.objects.get().note == "severity low is not among critical"


def test_what_pagerduty_was_told_it_is_told_the_end_of() -> None:
    make_channel("pagerduty")
    incident = opened(severity="critical")
    for status in (Status.ACKNOWLEDGED, Status.INVESTIGATING):
        changes.change_status(incident.pk, status, actor="ada", now=NOW)
    changes.change_status(incident.pk, Status.RESOLVED, actor="ada", now=NOW, resolution=Resolution.FIXED)
    tell(NOW)
    assert [kind for _, kind in told()] == ["new", "acknowledged", "resolved"]


def test_a_severity_that_is_raised_reaches_those_who_hear_of_the_new_one() -> None:
    make_channel("pagerduty")
    incident = opened(severity="low")
    tell(NOW)
    assessments.set_severity(incident.pk, Severity.CRITICAL, actor="ada", now=NOW, note="it is the checkout")
    tell(NOW)
    assert told() == [("pagerduty", "severity raised")]


def test_everything_goes_to_a_webhook() -> None:
    make_channel("webhook")
    incident = opened()
    changes.add_note(incident.pk, "x", actor="ada", now=NOW)
    changes.assign(incident.pk, make_user("ayse").pk, "ayse", actor="ada", now=NOW)
    tell(NOW)
    assert [kind for _, kind in told()] == ["new", "note", "assigned"]


def test_of_an_incident_that_is_held_nobody_hears_until_it_is_let_go() -> None:
    make_channel("ntfy")
    incident = opened(held_until=NOW + timedelta(hours=1))
    tell(NOW)
    assert told() == []
    Incident.objects.update(held_until=None)
    changes.record(incident, "silence", "Silence 3 ended, still firing.", actor="tocsin", now=NOW)
    tell(NOW)
    assert told() == [("ntfy", "new")]


def test_a_channel_of_a_project_hears_of_that_alone() -> None:
    channel = make_channel("ntfy")
    mine = opened()
    channel.project = mine.environment.project
    channel.save()
    tell(NOW)
    assert told() == [("ntfy", "new")]
    assert Thread.objects.get().incident == mine


def test_a_paused_channel_is_told_nothing() -> None:
    channel = make_channel("ntfy", Audience.EVERYTHING)
    channel.paused_at = NOW
    channel.save()
    opened()
    tell(NOW)
    assert told() == []


def test_a_channel_without_rules_needs_no_explanation() -> None:
    make_channel("sms")
    opened()
    tell(NOW)
    assert Message.objects.count() == 0


def test_what_a_channel_was_told_of_is_ended_there_when_it_becomes_part_of_another() -> None:
    make_channel("pagerduty")
    folded, into = opened(severity="critical"), opened(severity="critical")
    tell(NOW)
    Incident.objects.filter(pk=folded.pk).update(status="resolved", resolution="duplicate", merged_into=into)
    changes.record(folded, "merge", f"Became part of {into.name}.", actor="tocsin", now=NOW, into=into.pk)
    tell(NOW)
    assert told() == [("pagerduty", "new"), ("pagerduty", "new"), ("pagerduty", "resolved")]


def test_a_merge_by_hand_ends_it_too() -> None:
    make_channel("pagerduty")
    duplicate, into = opened(severity="critical"), opened(severity="critical")
    tell(NOW)
    merge(duplicate.pk, into.pk, actor="ada", now=NOW, reason="the same failure")
    tell(NOW)
    assert told()[2:] == [("pagerduty", "resolved")]


def test_who_heard_of_a_beginning_hears_of_the_end_whatever_the_severity_is_by_then() -> None:
    make_channel("ntfy", Audience.LEADERSHIP)
    incident = opened(severity="critical")
    tell(NOW)
    assessments.set_severity(incident.pk, Severity.LOW, actor="ada", now=NOW, note="it is the test shop")
    changes.change_status(incident.pk, Status.RESOLVED, actor="ada", now=NOW, resolution=Resolution.FIXED)
    tell(NOW)
    assert told() == [("ntfy", "new"), ("ntfy", "resolved")]
