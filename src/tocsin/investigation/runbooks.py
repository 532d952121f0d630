"""Runbooks as people keep them: of one incident, and of a service for one cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tocsin.catalog.models import Project
from tocsin.ground.edits import BadEdit, revised
from tocsin.incidents import changes
from tocsin.incidents.models import Incident, IncidentDeployment
from tocsin.investigation.models import RunbookVersion, ServiceRunbook


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


def of_incident(incident: Incident) -> QuerySet[RunbookVersion]:
    """The versions that people wrote for an incident, newest first."""
    return RunbookVersion.objects.filter(incident=incident).order_by("-version")


def of_service(wanted: About) -> QuerySet[ServiceRunbook]:
    """The versions of the service's runbook, newest first."""
    return (
        ServiceRunbook.objects.select_related("incident")
        .filter(project=wanted.project_id, service=wanted.service, cause=wanted.cause)
        .order_by("-version")
    )


@transaction.atomic
def keep(incident_id: int, text: str, *, version: int, actor: str, now: datetime) -> RunbookVersion:
    """Keeps a runbook with its incident. `version` is the one that was edited, 0 the generated one.

    Raises BadEdit for an empty text, one that is too long, and where somebody else has changed it meanwhile.
    """
    incident = changes.locked(incident_id)
    held = of_incident(incident).first()
    newest, author = (held.version, held.edited_by) if held else (0, "")
    text = revised(text, seen=version, newest=newest, author=author, what="the runbook")
    if not text:
        raise BadEdit("The runbook is empty.")
    kept = RunbookVersion.objects.create(
        incident=incident, version=newest + 1, text=text, edited_by=actor, edited_at=now
    )
    changes.record(incident, "runbook", f"Edited the runbook: version {kept.version}.", actor=actor, now=now)
    return kept


@transaction.atomic
def promote(
    incident_id: int, text: str, wanted: About, *, version: int, replaces: int, actor: str, now: datetime
) -> ServiceRunbook:
    """Makes `text`, this version of an incident's runbook (0: as it was generated), that of the service.

    `replaces` is the service's version that it takes the place of, 0 for none. Raises BadEdit where either is not the
    newest any more: nobody has seen then what would be promoted, or what it would replace.
    """
    incident = changes.locked(incident_id)
    Project.objects.select_for_update(no_key=True).get(pk=wanted.project_id)  # incidents of one service take turns
    held, before = of_incident(incident).first(), of_service(wanted).first()
    if held is not None and held.version != version:
        raise BadEdit(f"{held.edited_by} has changed the runbook meanwhile. Read it, then promote it again.")
    if before is not None and before.version != replaces:
        raise BadEdit(f"{before.promoted_by} has given {wanted.service} another runbook meanwhile. Read it first.")
    promoted = ServiceRunbook.objects.create(
        project_id=wanted.project_id,
        service=wanted.service,
        cause=wanted.cause,
        version=before.version + 1 if before else 1,
        text=text,
        incident=incident,
        promoted_by=actor,
        promoted_at=now,
    )
    entry = f"Made the runbook that of {wanted.service} for {wanted.cause}."
    changes.record(incident, "runbook", entry, actor=actor, now=now)
    return promoted
