"""From runs of infrastructure tools to deployments, incidents and offers, through the real transaction."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.factories import make_environment, make_source
from tests.workflows.test_ingest import minutes, send
from tocsin.alerts.models import Alert
from tocsin.alerts.parsed import Parsed
from tocsin.alerts.runs import Outcome, ReportedRun, Trigger
from tocsin.deployments.models import Deployment, DeploymentRecord
from tocsin.deployments.record import Record
from tocsin.incidents.changes import change_status
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.models import Incident, IncidentDeployment, TimelineEntry
from tocsin.investigation.models import Investigation
from tocsin.workflows.ingest import Received, Sender
from tocsin.workflows.timers import sweep

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sender() -> Sender:
    source, _ = make_source("deployment")
    return Sender(source.pk, source.kind, source.environment_id, source.environment.kind)


def failed(name: str, at: datetime, trigger: Trigger = Trigger.APPLY_FAILURE, command: str = "apply") -> ReportedRun:
    return ReportedRun(
        run=name,
        tool="terraform",
        command=command,
        configuration="network",
        outcome=Outcome.FAILED,
        trigger=trigger,
        reason="it exited with 1",
        started_at=at,
        finished_at=at,
    )


def succeeded(name: str, at: datetime, command: str = "apply") -> ReportedRun:
    return ReportedRun(
        run=name,
        tool="terraform",
        command=command,
        configuration="network",
        outcome=Outcome.SUCCEEDED,
        reason="it exited with 0",
        started_at=at,
        finished_at=at,
    )


def told(sender: Sender, *runs: ReportedRun, at: datetime | None = None, record: Record | None = None) -> Received:
    return Received(sender, at or runs[-1].finished_at or minutes(0), "{}", Parsed((), runs=runs), record=record)


def test_a_failed_apply_in_production_is_a_critical_incident_with_its_run(sender: Sender) -> None:
    send(told(sender, failed("1", minutes(0))))
    incident = Incident.objects.get()
    assert (incident.title, incident.severity) == ("terraform apply failed: network", "critical")
    assert incident.severity_reason == "apply failure in production"
    link = IncidentDeployment.objects.get()
    assert (link.incident, link.deployment.run, link.role) == (incident, "1", "failed")
    assert Investigation.objects.filter(incident=incident).count() == 1


@pytest.mark.parametrize(
    ("kind", "trigger", "severity"),
    [
        ("production", Trigger.SECURITY_POLICY, "critical"),
        ("production", Trigger.POLICY, "medium"),
        ("production", Trigger.DRIFT, "high"),
        ("production", Trigger.PLAN_TIMEOUT, "medium"),
        ("unknown", Trigger.APPLY_FAILURE, "critical"),
        ("staging", Trigger.APPLY_FAILURE, "high"),
        ("staging", Trigger.DRIFT, "medium"),
        ("development", Trigger.APPLY_FAILURE, "low"),
        ("development", Trigger.DRIFT, "low"),
    ],
)
def test_severity_follows_from_trigger_and_environment(kind: str, trigger: Trigger, severity: str) -> None:
    source, _ = make_source("deployment", make_environment(kind, kind))
    send(told(Sender(source.pk, source.kind, source.environment_id, kind), failed("1", minutes(0), trigger)))
    assert Incident.objects.get().severity == severity


def test_the_same_run_again_changes_nothing(sender: Sender) -> None:
    for _ in range(2):
        send(told(sender, failed("1", minutes(0))), told(sender, failed("1", minutes(0))))
    assert (Deployment.objects.count(), Incident.objects.count(), TimelineEntry.objects.count()) == (1, 1, 1)


def test_a_run_that_fails_again_joins_and_is_investigated_too(sender: Sender) -> None:
    send(told(sender, failed("1", minutes(0))))
    Investigation.objects.update(started_at=minutes(0))
    send(told(sender, failed("2", minutes(3))))
    assert Incident.objects.get().incident_deployments.count() == 2
    assert [i.ordinal for i in Investigation.objects.order_by("ordinal")] == [1, 2]


def test_a_later_success_is_linked_and_offers_to_resolve_but_does_not(sender: Sender) -> None:
    send(told(sender, failed("1", minutes(0))))
    send(told(sender, succeeded("2", minutes(5))))
    sweep(minutes(60))
    incident = Incident.objects.get()
    assert (incident.status, incident.quiet_since) == ("triggered", None)
    assert set(incident.incident_deployments.values_list("deployment__run", "role")) == {
        ("1", "failed"),
        ("2", "succeeded since"),
    }
    offered = TimelineEntry.objects.get(kind="deployment")
    assert "terraform apply of network went well since" in offered.text


def test_a_plan_that_goes_well_offers_nothing_after_a_failed_apply(sender: Sender) -> None:
    send(told(sender, failed("1", minutes(0))))
    send(told(sender, succeeded("2", minutes(5), "plan")))
    assert IncidentDeployment.objects.count() == 1


def test_a_failure_right_after_somebody_resolved_the_last_one_is_an_incident_of_its_own(sender: Sender) -> None:
    send(told(sender, failed("1", minutes(0))))
    first = Incident.objects.get()
    change_status(first.pk, Status.RESOLVED, actor="alice", now=minutes(1), resolution=Resolution.FIXED)
    send(told(sender, failed("2", minutes(2))))
    second = Incident.objects.exclude(pk=first.pk).get()
    assert second.recurrence_of == first


def test_runs_that_always_went_well_leave_no_alert(sender: Sender) -> None:
    send(told(sender, succeeded("1", minutes(0))))
    assert (Deployment.objects.count(), Alert.objects.count(), Incident.objects.count()) == (1, 0, 0)


def test_bad_news_that_good_news_has_overtaken_is_kept_and_calls_nobody(sender: Sender) -> None:
    send(told(sender, succeeded("2", minutes(5))))
    send(told(sender, failed("1", minutes(0)), at=minutes(6)))
    assert (Deployment.objects.count(), Incident.objects.count()) == (2, 0)


def test_drift_and_a_failed_apply_of_one_configuration_are_one_incident(sender: Sender) -> None:
    send(told(sender, failed("1", minutes(0), Trigger.DRIFT, "drift")))
    send(told(sender, failed("2", minutes(5))))
    sweep(minutes(5))
    incident = Incident.objects.get()
    assert (incident.severity, incident.incident_deployments.count()) == ("critical", 2)


def test_what_a_run_left_behind_is_kept_with_it(sender: Sender) -> None:
    record = Record(section=b"section", log=b"log", lines=3, counts={"add": 1}, policies=[{"rule": "R1"}])
    send(told(sender, failed("1", minutes(0)), record=record))
    kept = DeploymentRecord.objects.select_related("deployment").get()
    assert (bytes(kept.section), bytes(kept.log), kept.lines) == (b"section", b"log", 3)
    assert (kept.deployment.counts, kept.deployment.policies) == ({"add": 1}, [{"rule": "R1"}])
