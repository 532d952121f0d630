"""What triage makes of an incident, in the database and on its timeline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOW, make_incident
from tocsin.ground.models import Timer
from tocsin.incidents.assessments import keep, set_severity, set_workaround
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Assessment, Incident, TimelineEntry
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.assessment import AlertFacts, Facts, assess
from tocsin.incidents.triage.priority import Workaround

pytestmark = pytest.mark.django_db
SLOW = AlertFacts("CheckoutSlow", "warning", component="checkout")
DOWN = AlertFacts("MysqlDown", "warning", component="db")


def judge(incident: Incident, *alerts: AlertFacts) -> Incident:
    """Assesses the incident by these alerts."""
    incident.refresh_from_db()
    keep(incident, assess(Facts("production", alerts)), NOW)
    return Incident.objects.get(pk=incident.pk)


def lines(incident: Incident, kind: str) -> list[str]:
    return list(
        TimelineEntry.objects.filter(incident=incident, kind=kind).order_by("id").values_list("text", flat=True)
    )


def test_the_first_judgement_is_written_with_all_its_reasons() -> None:
    incident = judge(make_incident(severity="medium", severity_reason="the alert says “warning”"), SLOW)
    [line] = lines(incident, "triage")
    assert line.startswith("Severity medium: the alert says “warning”. Class network/latency: “slow” in the title of")
    assert "Scope one component, users unknown: " in line
    assert "Priority medium: " in line
    assert incident.assessment.classification == "network/latency"


def test_judging_again_without_news_says_nothing() -> None:
    incident = judge(judge(make_incident(severity="medium"), SLOW), SLOW)
    assert len(lines(incident, "triage")) == 1


def test_a_wider_scope_raises_the_severity_with_its_terms() -> None:
    incident = judge(judge(make_incident(severity="medium"), SLOW), SLOW, DOWN)
    assert incident.severity == "high"
    [line] = lines(incident, "severity")
    assert line.startswith("Severity raised from medium to high: the alert says “warning”")
    assert line.endswith("raised to high: it touches many components.")


def test_it_is_never_lowered() -> None:
    incident = judge(judge(make_incident(severity="medium"), SLOW, DOWN), SLOW)
    assert (incident.severity, incident.assessment.scope) == ("high", "one component, users unknown")


def test_what_a_person_has_set_stands_and_the_evidence_only_suggests_once() -> None:
    incident = make_incident(severity="medium")
    set_severity(incident.pk, Severity.LOW, actor="alice", now=NOW, note="nobody uses it")
    incident = judge(judge(incident, SLOW, DOWN), SLOW, DOWN)
    assert incident.severity == "low"
    [_, suggested] = lines(incident, "severity")
    assert suggested.startswith("The evidence suggests high: ")
    assert suggested.endswith(" alice set low, which stands.")


def test_a_persons_severity_needs_a_note_and_a_difference() -> None:
    incident = make_incident(severity="high")
    with pytest.raises(BadChange, match="Say why"):
        set_severity(incident.pk, Severity.LOW, actor="alice", now=NOW, note=" ")
    with pytest.raises(BadChange, match="already is high"):
        set_severity(incident.pk, Severity.HIGH, actor="alice", now=NOW, note="sure")
    set_severity(incident.pk, Severity.LOW, actor="alice", now=NOW, note="only one customer")
    assert lines(incident, "severity") == ["Severity high → low: only one customer"]


def test_the_clock_counts_from_the_trigger_when_the_severity_changes() -> None:
    incident = judge(make_incident(severity="medium"), SLOW)
    assert incident.assessment.acknowledge_by == incident.triggered_at + timedelta(hours=1)
    set_severity(incident.pk, Severity.HIGH, actor="alice", now=NOW, note="customers call")
    assert Assessment.objects.get().acknowledge_by == incident.triggered_at + timedelta(minutes=15)


def test_a_way_around_it_is_kept_and_judged_soon() -> None:
    incident = judge(make_incident(severity="medium"), SLOW)
    set_workaround(incident.pk, Workaround.EXISTS, actor="alice", now=NOW, note="use the other button")
    assert lines(incident, "triage")[-1] == "Workaround: there is one: use the other button"
    assert Timer.objects.filter(kind="assess", key=str(incident.pk), due_at=NOW).exists()
    with pytest.raises(BadChange, match="known already"):
        set_workaround(incident.pk, Workaround.EXISTS, actor="alice", now=NOW, note="")
