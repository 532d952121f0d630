"""An incident is investigated: look (once), think (once), write the report (once), however often the job runs.

Each step leaves its result in the database before the next begins; a worker that is killed anywhere in between is followed
by one that goes on from there. The last step writes the report, the incident's state and the timeline together.
"""

from __future__ import annotations

import gzip
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from msgspec.structs import replace

from tocsin.alerts.models import Alert
from tocsin.catalog.clusters import NoCluster, choose
from tocsin.catalog.models import Cluster
from tocsin.ground.secrets import redaction_key
from tocsin.incidents import assessments, changes
from tocsin.incidents.documents import Part, keep_words
from tocsin.incidents.models import Incident
from tocsin.investigation import agents
from tocsin.investigation.collectors import observe
from tocsin.investigation.collectors.reading import nothing
from tocsin.investigation.diagnosis import Report, diagnose, parse_snapshot
from tocsin.investigation.models import AgentRequest, Investigation, StoredReport, StoredSnapshot
from tocsin.workflows import deployed, discovering


def investigate(incident: int, ordinal: int, *, is_last_attempt: bool) -> None:
    """The job: one investigation of one incident. Done already: nothing happens. A failure is raised, for the retry."""
    try:
        investigation = Investigation.objects.select_related("incident").get(incident=incident, ordinal=ordinal)
        if _begin(investigation, timezone.now()):
            snapshot = _snapshot(investigation)
            _conclude(investigation, snapshot)
            _discover(investigation.incident, snapshot, timezone.now())
    except (
        Exception
    ) as error:  # the outermost loop of an investigation: whatever went wrong is written down, then retried
        if is_last_attempt:
            give_up(incident, ordinal, f"{type(error).__name__}: {error}", timezone.now())
        raise


@transaction.atomic
def _begin(investigation: Investigation, now: datetime) -> bool:
    """Takes the investigation on; False where another run has finished it."""
    held = Investigation.objects.select_for_update().get(pk=investigation.pk)
    if held.finished_at is not None:
        return False
    if held.started_at is None:
        held.started_at = now
        changes.record(investigation.incident, "analysis", "Investigation started.", actor=changes.TOCSIN, now=now)
    held.attempts += 1
    held.save(update_fields=["attempts", "started_at"])
    Incident.objects.filter(pk=held.incident_id).update(analysis=Incident.Analysis.RUNNING)
    return True


def _snapshot(investigation: Investigation) -> bytes:
    stored = StoredSnapshot.objects.filter(investigation=investigation).first()
    if stored is None:
        content = gzip.compress(_look(investigation), 6)
        stored, _ = StoredSnapshot.objects.get_or_create(investigation=investigation, defaults={"content": content})
    AgentRequest.objects.filter(investigation=investigation).delete()  # what it brought is kept now
    return gzip.decompress(stored.content)


def _look(investigation: Investigation) -> bytes:
    """Reads the world. What can't be read becomes a gap in the snapshot, never an exception here."""
    config, incident = settings.CONFIG, investigation.incident
    alert, key = alert_of(incident), redaction_key(settings.SECRET_KEY)
    run = deployed.snapshot(incident, alert, key)
    if run is not None:
        return run
    clusters = {cluster.name: cluster for cluster in Cluster.objects.filter(environment=incident.environment_id)}
    try:
        cluster = clusters[choose(list(clusters), alert["labels"])]
    except NoCluster as why:
        return nothing(alert, timezone.now(), str(why), key)
    if cluster.kind == Cluster.Kind.AGENT:
        return agents.look(investigation, cluster, alert, timeout_s=config.cluster_timeout, key=key)
    how = config.secret_metadata, cluster.prometheus
    place = observe.Place(cluster.kind, cluster.path, cluster.context, cluster.name, *how)
    return observe.observe(place, alert, now=timezone.now(), timeout_s=config.cluster_timeout, key=key)


def alert_of(incident: Incident) -> dict[str, Any]:
    """The snapshot's `alert`: what the incident opened for, with the labels of its first alert."""
    first = incident.incident_occurrences.select_related("alert").order_by("id").first()
    labels = first.alert.labels if first else {}
    return {"title": incident.title, "resource": incident.subject, "labels": labels}


def _conclude(investigation: Investigation, snapshot: bytes) -> None:
    world = parse_snapshot(snapshot)
    report = diagnose(world, clock=time.monotonic)
    since = tuple(str(gap) for gap in world.gaps if gap.section == deployed.SINCE)
    gaps = tuple(gap for gap in report.gaps if gap not in since)
    write_report(investigation, replace(report, gaps=gaps, elsewhere=(*since, *report.elsewhere)), timezone.now())


@transaction.atomic
def _discover(incident: Incident, snapshot: bytes, now: datetime) -> None:
    """Services that were seen come into the catalogue; what the incident affects is judged by them."""
    belonging = incident.incident_occurrences.values("alert_id")
    told = Alert.objects.filter(pk__in=belonging).values_list("subject__namespace", flat=True).distinct()
    namespaces = {incident.subject.get("namespace"), *told} - {None, ""}
    discovering.from_snapshot(snapshot, incident.environment, namespaces, now)
    assessments.request(incident.pk, now)


@transaction.atomic
def write_report(investigation: Investigation, report: Report, now: datetime) -> bool:
    """Keeps the report and says so on the timeline, together; False where another run was first."""
    best = report.hypotheses[0] if report.hypotheses else None
    summary = best.summary if best else ""
    _, is_new = StoredReport.objects.get_or_create(
        investigation=investigation,
        defaults={
            "content": report.to_json().decode(),
            "outcome": report.outcome,
            "cause": best.cause if best else "",
            "summary": summary,
            "confidence": best.confidence if best else None,
        },
    )
    Investigation.objects.filter(pk=investigation.pk, finished_at=None).update(finished_at=now)
    Incident.objects.filter(pk=investigation.incident_id).update(analysis=Incident.Analysis.COMPLETE)
    if not is_new:
        return False
    assessments.request(investigation.incident_id, now)
    keep_words(investigation.incident_id, Part.ANALYSIS, _told(report))
    text = _headline(report)
    changes.record(
        investigation.incident, "analysis", text, actor=changes.TOCSIN, now=now, ordinal=investigation.ordinal
    )
    return True


def _told(report: Report) -> str:
    """What the report says of causes, in its own words: what an incident can be found by."""
    return "\n".join(f"{each.cause} {each.summary}\n{each.explanation}" for each in report.hypotheses)


def _headline(report: Report) -> str:
    if report.outcome == "healthy":
        unread = f"; {len(report.gaps)} things could not be read" if report.gaps else ""
        return f"Investigation complete: everything that was examined is healthy{unread}."
    if not report.hypotheses:
        return f"Investigation complete: no cause found; {len(report.gaps)} things could not be read."
    best = report.hypotheses[0]
    sure = "cause" if report.outcome == "diagnosed" else "unsure, best guess"
    return f"Investigation complete, {sure} ({best.confidence:.0%}): {best.summary}"


@transaction.atomic
def give_up(incident_id: int, ordinal: int, why: str, now: datetime) -> None:
    """Writes down that an investigation failed for good; nothing where it has ended."""
    investigation = Investigation.objects.select_for_update().get(incident=incident_id, ordinal=ordinal)
    if investigation.finished_at is not None:
        return
    investigation.error, investigation.finished_at = why, now
    investigation.save(update_fields=["error", "finished_at"])
    Incident.objects.filter(pk=incident_id).update(analysis=Incident.Analysis.FAILED)
    text = f"Investigation failed after {investigation.attempts} attempts: {why}"
    changes.record(investigation.incident, "analysis", text, actor=changes.TOCSIN, now=now)
