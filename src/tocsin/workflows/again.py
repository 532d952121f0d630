"""Another look, asked for by a person. Apart from the look itself, so that the web process need not load what looks."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tocsin.incidents import changes
from tocsin.incidents.models import Incident
from tocsin.investigation.models import Investigation
from tocsin.workflows import jobs


@transaction.atomic
def investigate_again(incident_id: int, *, actor: str, now: datetime) -> Investigation:
    """Asks for another look. Raises BadChange while one is still going on."""
    incident = changes.locked(incident_id)
    if incident.investigations.filter(finished_at=None).exists():
        raise changes.BadChange("An investigation is going on; wait for its report.")
    ordinal = incident.investigations.count() + 1
    investigation = Investigation.objects.create(
        incident=incident, ordinal=ordinal, requested_by=actor, requested_at=now
    )
    incident.analysis = Incident.Analysis.PENDING
    incident.save()
    changes.record(incident, "analysis", "Asked for another investigation.", actor=actor, now=now)
    jobs.defer_investigation(incident_id, ordinal)
    return investigation
