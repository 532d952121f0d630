"""Runbooks as people keep them: of one incident, and of a service for one cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tocsin.incidents import changes
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident, IncidentDeployment
from tocsin.investigation.models import IncidentRunbook, ServiceRunbook

LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class About:
    """What a service's runbook is for: this service of this project, when it has this cause."""

    project_id: int
    service: str
    cause: str


def about(incident: Incident, cause: str) -> About | None:
    """What a runbook of this incident would be for; None where nobody knows which service it is, or what its cause."""
    deployed = IncidentDeployment.objects.filter(incident=incident).select_related("deployment").first()
    service = deployed.deployment.configuration if deployed else incident.subject.get("name") or ""
    return About(incident.environment.project_id, service, cause) if service and cause else None


def of_service(wanted: About) -> ServiceRunbook | None:
    """The service's runbook."""
    return (
        ServiceRunbook.objects.select_related("incident")
        .filter(project=wanted.project_id, service=wanted.service, cause=wanted.cause)
        .first()
    )


@transaction.atomic
def keep(incident_id: int, text: str, *, version: int, actor: str, now: datetime) -> IncidentRunbook:
    """Keeps a runbook with its incident. `version` is the one that was edited, 0 the generated one.

    Raises BadChange for an empty text, one that is too long, and where somebody else has changed it meanwhile.
    """
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise BadChange("The runbook is empty.")
    if len(text) > LONGEST:
        raise BadChange(f"The runbook is too long: {len(text):,} characters, {LONGEST:,} at most.")
    held = IncidentRunbook.objects.filter(incident=incident).first()
    if held is not None and held.version != version:
        raise BadChange(
            f"{held.edited_by} has changed the runbook meanwhile. Take over what is theirs, then save again."
        )
    known = {"text": text, "version": version + 1, "edited_by": actor, "edited_at": now}
    kept, _ = IncidentRunbook.objects.update_or_create(incident=incident, defaults=known)
    changes.record(incident, "runbook", "Edited the runbook.", actor=actor, now=now)
    return kept


@transaction.atomic
def promote(incident_id: int, text: str, wanted: About, *, actor: str, now: datetime) -> ServiceRunbook:
    """Makes a runbook that of the service, in place of the one it may have."""
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    known = {"text": text, "incident": incident, "promoted_by": actor, "promoted_at": now}
    promoted, _ = ServiceRunbook.objects.update_or_create(
        project_id=wanted.project_id, service=wanted.service, cause=wanted.cause, defaults=known
    )
    entry = f"Made the runbook that of {wanted.service} for {wanted.cause}."
    changes.record(incident, "runbook", entry, actor=actor, now=now)
    return promoted
