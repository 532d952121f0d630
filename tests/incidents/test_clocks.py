"""Clocks of acknowledgement: told of once each, and never where somebody has the incident."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.factories import NOW, make_incident
from tocsin.ground.models import Timer
from tocsin.incidents.changes import change_status
from tocsin.incidents.clocks import TIMER, tell, wind
from tocsin.incidents.lifecycle import Status
from tocsin.incidents.models import Assessment, Incident, TimelineEntry
from tocsin.incidents.triage.matrix import Matrix

pytestmark = pytest.mark.django_db


def wound(**values: Any) -> Incident:
    """An incident of medium severity, triggered just now, with its clock running."""
    incident = make_incident(severity="medium", triggered_at=NOW, **values)
    kept = Assessment.objects.create(incident=incident)
    wind(incident, kept, Matrix(), NOW)
    kept.save()
    return incident


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def told() -> list[str]:
    return [
        text.partition(":")[0] for text in TimelineEntry.objects.filter(kind="clock").values_list("text", flat=True)
    ]


def test_risk_and_breach_are_told_once_each() -> None:
    incident = wound()
    for minute in (44, 45, 46, 60, 61):
        tell(incident.pk, after(minute))
    assert told() == ["Acknowledgement at risk", "Acknowledgement breached"]


def test_the_timer_looks_first_when_it_is_at_risk_then_when_it_is_due() -> None:
    incident = wound()
    assert Timer.objects.get(kind=TIMER).due_at == after(45)
    tell(incident.pk, after(45))
    assert Timer.objects.get(kind=TIMER).due_at == after(60)


@pytest.mark.parametrize("stage", [Status.ACKNOWLEDGED, Status.MITIGATING])
def test_nothing_is_told_of_what_somebody_has(stage: Status) -> None:
    incident = wound()
    change_status(incident.pk, stage, actor="alice", now=after(10))
    tell(incident.pk, after(60))
    assert told() == []


def test_a_worse_severity_counts_from_the_trigger_and_may_be_late_at_once() -> None:
    incident = wound()
    incident.severity = "critical"
    kept = Assessment.objects.get()
    wind(incident, kept, Matrix(), after(30))
    kept.save()
    tell(incident.pk, after(30))
    assert told() == ["Acknowledgement breached"]


def test_while_a_silence_holds_it_the_clock_does_not_run() -> None:
    wound(held_until=after(120))
    assert Assessment.objects.get().acknowledge_by == after(180)


def test_a_silence_that_comes_later_stops_the_clock_too() -> None:
    incident = wound()
    Incident.objects.update(held_until=after(120))
    tell(incident.pk, after(60))
    assert told() == []
    assert Assessment.objects.get().acknowledge_by == after(180)


def test_when_a_silence_ends_early_the_clock_runs_from_then() -> None:
    incident = wound(held_until=after(120))
    incident.held_until = None
    kept = Assessment.objects.get()
    wind(incident, kept, Matrix(), after(30))
    assert kept.acknowledge_by == after(90)


def test_of_an_incident_without_a_clock_nothing_is_told() -> None:
    tell(make_incident().pk, after(600))
    tell(0, after(600))
    assert told() == []
