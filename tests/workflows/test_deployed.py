"""What the investigation of a failed deployment looks at."""

from __future__ import annotations

import gzip
import json
from typing import Any

import msgspec
import pytest
from django.utils import timezone

from tests.deployments.test_receiving import KEY, SECRET, document
from tests.factories import NOW, make_environment, make_incident, make_source
from tocsin.catalog.models import Cluster
from tocsin.deployments.models import Deployment, DeploymentRecord
from tocsin.deployments.receiving import understand
from tocsin.incidents.models import Incident, IncidentDeployment
from tocsin.investigation.diagnosis import Report, diagnose, parse_snapshot
from tocsin.investigation.models import Investigation, StoredReport
from tocsin.workflows.deployed import snapshot
from tocsin.workflows.respond import investigate

pytestmark = pytest.mark.django_db(transaction=True)
ALERT = {"title": "terraform apply failed", "resource": {"kind": "Configuration", "name": "network"}, "labels": {}}


def fail(incident: Incident, run: str, role: str = "failed", **section: Any) -> Deployment:
    """A run of the incident, kept as it would have been."""
    found = understand(document(**section), [], KEY)
    source, _ = make_source("deployment", make_environment())
    values = {"run": run, "tool": "terraform", "configuration": "network", "outcome": "failed", "reason": "it failed"}
    deployment = Deployment.objects.create(
        environment=source.environment, source=source, signal_id=1, received_at=timezone.now(), **values
    )
    kept = {"section": found.record.section, "log": found.record.log, "lines": found.record.lines}
    DeploymentRecord.objects.create(deployment=deployment, **kept)
    IncidentDeployment.objects.create(incident=incident, deployment=deployment, role=role)
    return deployment


def test_the_run_is_the_world() -> None:
    incident = make_incident("terraform apply failed: network")
    fail(incident, "1")
    found = snapshot(incident, ALERT, KEY)
    assert found is not None
    section = msgspec.json.decode(found)["deployment"]
    assert section["log"].startswith("terraform_data.ok: Creation complete")
    assert SECRET not in found.decode()
    assert parse_snapshot(found).deployed is not None


def test_of_several_the_newest_that_failed_is_looked_at() -> None:
    incident = make_incident()
    for run, role in (("1", "failed"), ("2", "failed"), ("3", "succeeded since")):
        fail(incident, run, role, log=f"Error: run {run}\n\n")
    found = snapshot(incident, ALERT, KEY)
    assert found is not None
    assert json.loads(found)["deployment"]["log"] == "Error: run 2\n\n"


def test_an_incident_without_runs_is_looked_at_elsewhere() -> None:
    assert snapshot(make_incident(), ALERT, KEY) is None


def test_where_its_sender_told_only_how_it_ended_that_is_the_gap() -> None:
    incident = make_incident()
    run = fail(incident, "1")
    DeploymentRecord.objects.all().delete()
    Deployment.objects.filter(pk=run.pk).update(url="https://ci.example.com/7")
    found = snapshot(incident, ALERT, KEY)
    assert found is not None
    report = diagnose(parse_snapshot(found))
    assert (report.outcome, len(report.gaps)) == ("inconclusive", 1)
    assert "told how it ended, not what it printed; look at https://ci.example.com/7" in report.gaps[0]


def test_a_cluster_tells_more_than_a_notice() -> None:
    incident = make_incident()
    fail(incident, "1")
    DeploymentRecord.objects.all().delete()
    Cluster.objects.create(environment=incident.environment, kind=Cluster.Kind.AGENT, name="main")
    assert snapshot(incident, ALERT, KEY) is None


def test_its_investigation_names_the_cause() -> None:
    incident = make_incident("terraform apply failed: network", subject=ALERT["resource"])
    fail(incident, "1")
    Investigation.objects.create(incident=incident, ordinal=1, requested_by="tocsin", requested_at=NOW)
    investigate(incident.pk, 1, is_last_attempt=True)
    report = StoredReport.objects.get()
    assert "terraform_data.bad" in report.summary
    assert SECRET not in gzip.decompress(bytes(report.investigation.snapshot.content)).decode()


def test_a_later_run_that_explains_nothing_takes_no_named_cause_away() -> None:
    incident = make_incident("terraform apply failed: network", subject=ALERT["resource"])
    fail(incident, "1")
    fail(incident, "2", log="something odd happened\n")
    Investigation.objects.create(incident=incident, ordinal=2, requested_by="tocsin", requested_at=NOW)
    investigate(incident.pk, 2, is_last_attempt=True)
    report = Report.from_json(StoredReport.objects.get().content)
    assert report.hypotheses[0].cause == "provisioner-failed"
    assert report.elsewhere[0].startswith(
        "terraform of network (run 2): it failed since, and nothing that it left tells why"
    )
    assert report.gaps == ()


def test_a_later_run_that_names_a_cause_of_its_own_is_the_one_to_look_at() -> None:
    incident = make_incident()
    fail(incident, "1")
    fail(incident, "2", log="Error: Saved plan is stale\n\n")
    assert b"Saved plan is stale" in (snapshot(incident, ALERT, KEY) or b"")


def test_where_no_run_explains_anything_the_newest_is_looked_at() -> None:
    incident = make_incident()
    for run in ("1", "2"):
        fail(incident, run, log=f"odd {run}\n")
    assert json.loads(snapshot(incident, ALERT, KEY) or b"")["deployment"]["log"] == "odd 2\n"
