"""Services that people say an incident affects: they stay, whatever its alerts tell."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tocsin.catalog.services import Service
from tocsin.incidents import assessments, changes
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident, IncidentService

MOST_SERVICES = 100
# In an error as many are named.
_MOST_TOLD = 20


def unknown_services(project_id: int, slugs: Collection[str]) -> str:
    """What is wrong with the names of services of a project, for whoever gave them; empty where nothing is."""
    if len(slugs) > MOST_SERVICES:
        return f"These are {len(slugs)} services; name {MOST_SERVICES} at most."
    known = list(Service.objects.filter(project=project_id).order_by("slug").values_list("slug", flat=True))
    strange = sorted(set(slugs) - set(known))
    if not strange:
        return ""
    there = ", ".join(known[:_MOST_TOLD]) + (" and others" if len(known) > _MOST_TOLD else "")
    return f"There is no service {', '.join(strange[:_MOST_TOLD])} in this project; there are {there or 'none yet'}."


@transaction.atomic
def name_services(
    incident_id: int, slugs: Collection[str], *, actor: str, now: datetime, seen: Collection[str] | None = None
) -> None:
    """From now on these are the services that people named; who named one first is kept. Raises BadChange.

    `seen` are those that were named when this was written: what others have named or taken back since stays so. None: all.
    """
    found = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("environment")
    incident = found.get(pk=incident_id)
    if wrong := unknown_services(incident.environment.project_id, slugs):
        raise BadChange(wrong)
    linked = {row.slug: row for row in IncidentService.objects.filter(incident=incident)}
    named = {slug for slug, row in linked.items() if row.said_by}
    added, dropped = set(slugs) - set(seen or ()), (named if seen is None else set(seen)) - set(slugs)
    new, gone = sorted(added - named), sorted(dropped & named)
    services = {
        each.slug: each for each in Service.objects.filter(project=incident.environment.project_id, slug__in=new)
    }
    for slug in new:
        row = linked.get(slug) or IncidentService(
            incident=incident,
            service=services[slug],
            slug=slug,
            role=IncidentService.Role.SAID,
            reason=f"{actor} said so",
        )
        row.said_by = actor
        row.save()
    _take_back([linked[slug] for slug in gone])
    told = ([f"Affects {', '.join(new)}."] if new else []) + ([f"Does not affect {', '.join(gone)}."] if gone else [])
    if told:
        changes.record(incident, "services", " ".join(told), actor=actor, now=now, services=new)
        assessments.request(incident_id, now)


def _take_back(rows: list[IncidentService]) -> None:
    """What alerts or the cause name too stays for their reasons."""
    for row in rows:
        if row.role == IncidentService.Role.SAID:
            row.delete()
        else:
            row.said_by = ""
            row.save(update_fields=["said_by"])
