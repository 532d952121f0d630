"""An incident's affected services are looked at anew, whenever its triage is: what is new is said on its timeline."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from tocsin.alerts.models import Alert
from tocsin.catalog.services import Service
from tocsin.catalog.store import directory_of
from tocsin.incidents import changes
from tocsin.incidents.affected import DEPENDENT, About, Affected, affected
from tocsin.incidents.lifecycle import Status, is_open
from tocsin.incidents.models import Incident, IncidentOccurrence, IncidentService
from tocsin.investigation.models import StoredReport
from tocsin.workflows import discovering

# A storm's alerts are looked at as far as this: what they tell is told by the first hundreds.
MOST_ALERTS = 500
# More services than this are on the page, not in one line of a timeline.
MOST_NAMED = 5


class Seen(NamedTuple):
    """What was seen of an incident: the services it affects, and when their alerts were last heard of."""

    affected: list[Affected]
    heard_at: datetime


def refresh(incident_id: int, now: datetime) -> None:
    """Writes which services an incident affects by all that is known now. Nothing for one that is over."""
    if (seen := look(incident_id, now)) is not None:
        write(incident_id, seen, now)


def look(incident_id: int, now: datetime) -> Seen | None:
    """What is to be written; None for an incident that is over. Holds no lock on it: signals go on joining it meanwhile.

    What joins after the look asks for another one by itself.
    """
    incident = Incident.objects.select_related("environment__project").filter(pk=incident_id).first()
    if incident is None or not is_open(Status(incident.status)):
        return None
    alerts = alerts_of(incident)
    directory = directory_of(incident.environment_id)
    if discovering.from_alerts(alerts, incident.environment, directory, now):
        directory = directory_of(incident.environment_id)
    told = [About(alert.title, alert.labels, alert.subject) for alert in alerts]
    said = dict(IncidentService.objects.filter(incident=incident).exclude(said_by="").values_list("slug", "said_by"))
    found = affected(told or [About(incident.title, {}, incident.subject)], _causes(incident), directory, said)
    return Seen(found, max((alert.last_seen for alert in alerts), default=now))


def write(incident_id: int, seen: Seen, now: datetime) -> None:
    """Writes what was seen, unless the incident is over by now."""
    held = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("environment__project")
    incident = held.filter(pk=incident_id).first()
    if incident is None or not is_open(Status(incident.status)):
        return
    _keep(incident, seen.affected, now)
    named = [one.slug for one in seen.affected if one.role != DEPENDENT]
    Service.objects.filter(project=incident.environment.project_id, slug__in=named).update(heard_at=seen.heard_at)


def alerts_of(incident: Incident) -> list[Alert]:
    """The first of the distinct alerts that belong to an incident, with their sources."""
    belonging = IncidentOccurrence.objects.filter(incident=incident, left_at=None).values("alert_id")
    return list(Alert.objects.filter(pk__in=belonging).select_related("source").order_by("pk")[:MOST_ALERTS])


class _Subject(msgspec.Struct):
    kind: str = ""
    namespace: str | None = ""
    name: str = ""


class _Hypothesis(msgspec.Struct):
    cause: str
    subject: _Subject


class _Report(msgspec.Struct):
    hypotheses: list[_Hypothesis] = []


def _causes(incident: Incident) -> list[About]:
    """The cause that the newest investigation is sure of; none where it is not."""
    newest = StoredReport.objects.filter(investigation__incident=incident).order_by("-investigation__ordinal").first()
    if newest is None or newest.outcome != "diagnosed":
        return []
    best = msgspec.json.decode(newest.content, type=_Report).hypotheses[:1]
    return [About(one.cause, {}, {k: v for k, v in msgspec.structs.asdict(one.subject).items() if v}) for one in best]


def _keep(incident: Incident, found: list[Affected], now: datetime) -> None:
    held = {row.slug: row for row in IncidentService.objects.filter(incident=incident)}
    ids = dict(incident.environment.project.services.values_list("slug", "id"))
    for one in found:
        row = held.pop(one.slug, None) or IncidentService(incident=incident, slug=one.slug)
        if (row.service_id, row.role, row.reason) != (ids.get(one.slug), one.role, one.reason):
            row.service_id, row.role, row.reason = ids.get(one.slug), one.role, one.reason
            row.save()
    new = [one for one in found if one.role != DEPENDENT and one.slug not in _told(incident)]
    IncidentService.objects.filter(pk__in=[row.pk for row in held.values()], said_by="").delete()
    if new:
        dependents = sum(one.role == DEPENDENT for one in found)
        needing = f"{dependents} others need" if dependents > 1 else "1 other needs"
        others = f" {needing} {'it' if len(new) == 1 else 'them'}." if dependents else ""
        said = "; ".join(f"{one.slug} ({one.reason})" for one in new[:MOST_NAMED])
        said += f"; and {len(new) - MOST_NAMED} more" if len(new) > MOST_NAMED else ""
        slugs = [one.slug for one in new]
        changes.record(incident, "services", f"Affects {said}.{others}", actor=changes.TOCSIN, now=now, services=slugs)


def _told(incident: Incident) -> set[str]:
    """The services that the timeline has named already."""
    entries = incident.timeline.filter(kind="services").values_list("reference", flat=True)
    return {slug for reference in entries for slug in reference.get("services", [])}
