"""An incident is investigated: once, whatever happens to the worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories import NOW, make_environment, make_incident
from tocsin.catalog.models import Cluster
from tocsin.catalog.services import Service, ServiceDependency
from tocsin.cli.demo.snapshots import write_snapshot
from tocsin.cli.demo.worlds import WORLDS
from tocsin.incidents import listing
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident
from tocsin.incidents.search import read
from tocsin.investigation.diagnosis import Report
from tocsin.investigation.models import Investigation, StoredReport, StoredSnapshot
from tocsin.workflows.again import investigate_again
from tocsin.workflows.respond import give_up, investigate, write_report

pytestmark = pytest.mark.django_db
MEMORY_KILL = next(world for world in WORLDS if world.project == "shop")


@pytest.fixture
def incident(tmp_path: Path) -> Incident:
    """An incident in an environment whose cluster is a recorded one, with its first investigation asked for."""
    path = write_snapshot(MEMORY_KILL, tmp_path, NOW)
    Cluster.objects.create(environment=make_environment(), name="demo", kind="snapshot", path=str(path))
    subject = {"kind": "Deployment", "namespace": "shop", "name": "cart"}
    made = make_incident(subject=subject)
    Investigation.objects.create(incident=made, ordinal=1, requested_by="tocsin", requested_at=NOW)
    return made


def lines(incident: Incident) -> list[str]:
    return list(incident.timeline.order_by("id").values_list("text", flat=True))


def test_the_cause_is_named_and_the_timeline_says_so(incident: Incident) -> None:
    investigate(incident.pk, 1, is_last_attempt=False)
    incident.refresh_from_db()
    report = StoredReport.objects.get()
    assert (incident.analysis, report.outcome, report.cause) == ("complete", "diagnosed", "oom-killed")
    assert lines(incident)[0] == "Investigation started."
    assert lines(incident)[1].startswith("Investigation complete, cause (")


def test_services_that_were_seen_come_into_the_catalogue_with_what_they_need(incident: Incident) -> None:
    investigate(incident.pk, 1, is_last_attempt=False)
    needs = {(need.source.slug, need.target.slug) for need in ServiceDependency.objects.all()}
    assert {("web", "cart"), ("cart", "redis-cart")} <= needs
    assert set(Service.objects.values_list("origin", flat=True)) == {"discovered"}


def test_an_incident_is_found_by_what_the_report_says(incident: Incident) -> None:
    investigate(incident.pk, 1, is_last_attempt=False)
    page = listing.page(read({"q": ["oom-killed memory"]}), listing.rows(), 50, person="", now=NOW)
    assert list(page.incidents) == [incident]


def test_running_it_again_does_nothing_more(incident: Incident) -> None:
    for _ in range(3):
        investigate(incident.pk, 1, is_last_attempt=False)
    assert (StoredReport.objects.count(), len(lines(incident))) == (1, 2)


def test_a_second_run_goes_on_from_the_stored_snapshot(incident: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    investigate(incident.pk, 1, is_last_attempt=False)
    stored = StoredSnapshot.objects.get()
    Investigation.objects.update(finished_at=None)
    StoredReport.objects.all().delete()
    Cluster.objects.all().delete()
    investigate(incident.pk, 1, is_last_attempt=False)
    assert StoredSnapshot.objects.get() == stored
    assert StoredReport.objects.get().cause == "oom-killed"


def test_of_two_reports_the_first_stays(incident: Incident) -> None:
    investigation = Investigation.objects.get()
    assert write_report(investigation, Report("healthy"), NOW)
    assert not write_report(investigation, Report("inconclusive"), NOW)
    assert StoredReport.objects.get().outcome == "healthy"
    assert len(lines(incident)) == 1


def test_without_a_cluster_it_says_so_and_stays_unsure() -> None:
    incident = make_incident()
    Investigation.objects.create(incident=incident, ordinal=1, requested_by="tocsin", requested_at=NOW)
    investigate(incident.pk, 1, is_last_attempt=False)
    report = StoredReport.objects.get()
    assert report.outcome == "inconclusive"
    assert "no cluster is set" in report.content


def test_of_two_clusters_none_is_read_when_the_alert_names_neither(incident: Incident) -> None:
    Cluster.objects.create(environment=incident.environment, name="other", kind="snapshot", path="/nowhere")
    investigate(incident.pk, 1, is_last_attempt=False)
    assert "this environment has demo, other" in StoredReport.objects.get().content


def test_a_failure_for_good_is_written_down_and_raised(incident: Incident) -> None:
    StoredSnapshot.objects.create(investigation=Investigation.objects.get(), content=b"not gzip")
    with pytest.raises(OSError, match="Not a gzipped file"):
        investigate(incident.pk, 1, is_last_attempt=True)
    incident.refresh_from_db()
    assert incident.analysis == "failed"
    assert "Not a gzipped file" in Investigation.objects.get().error


def test_a_failure_that_will_be_retried_leaves_it_running(incident: Incident) -> None:
    StoredSnapshot.objects.create(investigation=Investigation.objects.get(), content=b"not gzip")
    with pytest.raises(OSError, match="Not a gzipped file"):
        investigate(incident.pk, 1, is_last_attempt=False)
    incident.refresh_from_db()
    assert incident.analysis == "running"


def test_a_run_that_comes_late_does_not_undo_what_another_has_finished(incident: Incident) -> None:
    investigate(incident.pk, 1, is_last_attempt=False)
    finished = Investigation.objects.get().finished_at
    give_up(incident.pk, 1, "the worker died each time", NOW)
    investigate(incident.pk, 1, is_last_attempt=True)
    incident.refresh_from_db()
    assert (Investigation.objects.get().finished_at, incident.analysis) == (finished, "complete")


def test_a_report_without_its_end_is_ended_by_the_next_run(incident: Incident) -> None:
    investigate(incident.pk, 1, is_last_attempt=False)
    Investigation.objects.update(finished_at=None)
    investigate(incident.pk, 1, is_last_attempt=False)
    assert Investigation.objects.get().finished_at is not None
    assert StoredReport.objects.count() == 1


def test_another_look_is_a_second_investigation_and_not_while_one_is_going_on(incident: Incident) -> None:
    with pytest.raises(BadChange, match="wait for its report"):
        investigate_again(incident.pk, actor="alice", now=NOW)
    investigate(incident.pk, 1, is_last_attempt=False)
    assert investigate_again(incident.pk, actor="alice", now=NOW).ordinal == 2
