"""An incident is judged (anew): when it opens, when alerts join it, when a report on it is there, when people say more.

Asked for by a timer, so that any number of reasons within a moment are one look.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from tocsin.alerts.grouping import subject_key
from tocsin.alerts.models import Alert
from tocsin.catalog.directory import Directory
from tocsin.catalog.store import directory_of
from tocsin.incidents import assessments
from tocsin.incidents.lifecycle import Status, is_open
from tocsin.incidents.models import Assessment, Incident
from tocsin.incidents.storms import Pulse
from tocsin.incidents.triage import Severity, Triage
from tocsin.incidents.triage.assessment import AlertFacts, Facts, assess
from tocsin.incidents.triage.assessment import Assessment as Judged
from tocsin.incidents.triage.priority import Workaround
from tocsin.incidents.triage.scope import Topology
from tocsin.incidents.triage.words import MOST_READ
from tocsin.investigation.models import StoredReport
from tocsin.workflows import affecting

# In a storm an incident is judged at most this often.
IN_A_STORM = timedelta(seconds=5)
# Reasons name titles; a whole page of one tells no more.
LONGEST_TITLE = 200
# A diagnosis below this is a guess.
LEAST_CONFIDENCE = 0.6
MOST_CRITICAL_TIER = 1


def judge(incident_id: int, now: datetime) -> None:
    """Looks anew at which services an incident affects and at how bad it is; only then is it locked, and written to."""
    if not _is_due(incident_id, now):
        return
    seen, judged = affecting.look(incident_id, now), look(incident_id)
    if seen is not None:
        affecting.write(incident_id, seen, now)
    if judged is not None:
        write(incident_id, judged, now)


def reassess(incident_id: int, now: datetime) -> None:
    """Judges one incident by all that is known now, and writes down what is different. Nothing for one that is over."""
    if _is_due(incident_id, now) and (judged := look(incident_id)) is not None:
        write(incident_id, judged, now)


def look(incident_id: int) -> Judged | None:
    """A judgement; None for an incident that is over. Holds no lock on it: signals go on joining it meanwhile.

    What joins after the look asks for another one by itself.
    """
    incident = Incident.objects.select_related("environment", "assessment").filter(pk=incident_id).first()
    return assess(facts_of(incident)) if incident is not None and is_open(Status(incident.status)) else None


def write(incident_id: int, judged: Judged, now: datetime) -> None:
    """Writes a judgement, unless the incident is over by now."""
    held = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("environment")
    incident = held.filter(pk=incident_id).first()
    if incident is not None and is_open(Status(incident.status)):
        assessments.keep(incident, judged, now)


def _is_due(incident_id: int, now: datetime) -> bool:
    """In a storm there is news all the time, and little in it: one look now and then is enough. The next is asked for here."""
    kept = Assessment.objects.select_related("incident").filter(incident=incident_id).first()
    if kept is None or kept.assessed_at is None:
        return True
    later = kept.assessed_at + IN_A_STORM
    if later <= now or not msgspec.convert(kept.incident.pulse, Pulse).is_storm(kept.assessed_at):
        return True
    assessments.request(incident_id, later)
    return False


def facts_of(incident: Incident) -> Facts:
    """What is known of an incident: its alerts, the services they are about, the cause that was found, what people said."""
    alerts = affecting.alerts_of(incident)
    directory = directory_of(incident.environment_id)
    services = [directory.service_of(alert.labels, alert.subject) for alert in alerts]
    slugs = [service.slug if service else "" for service in services]
    critical = sorted({s.name for s in services if s is not None and s.tier == MOST_CRITICAL_TIER})
    cause, category = _cause(incident)
    kept = getattr(incident, "assessment", None)
    return Facts(
        environment_kind=incident.environment.kind,
        alerts=[_facts(alert, slug) for alert, slug in zip(alerts, slugs, strict=True)] or [AlertFacts(incident.title)],
        topology=_topology(directory, slugs),
        cause=cause,
        category=category,
        critical_feature=", ".join(critical),
        workaround=Workaround(kept.workaround) if kept is not None else Workaround.UNKNOWN,
        so_far=None if kept is not None and kept.severity_set_by else _so_far(incident),
    )


def _so_far(incident: Incident) -> Triage:
    return Triage(Severity(incident.severity), incident.severity_reason or "as it was judged before")


def _facts(alert: Alert, slug: str) -> AlertFacts:
    said = " ".join([alert.description, *(str(alert.annotations.get(name, "")) for name in ("summary", "message"))])
    component = slug or subject_key(alert.subject)
    title, kind = alert.title[:LONGEST_TITLE], alert.source.kind
    return AlertFacts(title, alert.severity, said.strip()[:MOST_READ], kind, component, alert.labels)


def _topology(directory: Directory, slugs: Sequence[str]) -> Topology:
    touched = {slug for slug in slugs if slug}
    dependents = {slug for one in touched for slug in directory.downstream(one)} - touched
    return Topology(len(directory.services), tuple(sorted(dependents)))


class _Hypothesis(msgspec.Struct):
    cause: str
    category: str
    confidence: float


class _Report(msgspec.Struct):
    hypotheses: list[_Hypothesis] = []


def _cause(incident: Incident) -> tuple[str, str]:
    """Cause and category that the newest diagnosis names with some confidence; empty where none does."""
    diagnosed = StoredReport.objects.filter(
        investigation__incident=incident, outcome="diagnosed", confidence__gte=LEAST_CONFIDENCE
    )
    newest = diagnosed.order_by("-investigation__ordinal").values_list("content", flat=True).first()
    found = msgspec.json.decode(newest, type=_Report).hypotheses if newest else []
    return (found[0].cause, found[0].category) if found else ("", "")
