"""An incident that a person declares: nobody's alert opened it, and Tocsin looks at it all the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tocsin.catalog.models import Environment
from tocsin.incidents import assessments, changes
from tocsin.incidents.models import Incident
from tocsin.incidents.triage import Severity
from tocsin.investigation.models import Investigation
from tocsin.workflows import jobs

LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Declaration:
    """What somebody says of a new incident; `assignee` is a person's id."""

    title: str
    environment: Environment
    severity: Severity
    description: str = ""
    assignee: int | None = None


@transaction.atomic
def declare(said: Declaration, *, actor: str, now: datetime, quiet_period: timedelta) -> Incident:
    """Opens an incident by hand and asks for an investigation. Raises BadChange without a usable title."""
    title = " ".join(said.title.replace("\x00", "").split())
    if not title:
        raise changes.BadChange("Give it a title: what is broken, in a few words.")
    if len(title) > LONGEST_TITLE:
        raise changes.BadChange(
            f"The title is too long: {LONGEST_TITLE} characters at most; the rest is a description."
        )
    incident = Incident.objects.create(
        environment=said.environment,
        title=title,
        severity=said.severity.value,
        severity_reason=f"declared by {actor}",
        opened_by="declared",
        assignee_id=said.assignee,
        triggered_at=now,
        quiet_period=quiet_period,
    )
    changes.record(incident, "opened", "Declared by hand.", actor=actor, now=now)
    assessments.begin(incident.pk, actor, now)
    if said.description.strip():
        changes.add_note(incident.pk, said.description, actor=actor, now=now)
    Investigation.objects.create(incident=incident, ordinal=1, requested_by=actor, requested_at=now)
    jobs.defer_investigation(incident.pk, 1)
    return incident
