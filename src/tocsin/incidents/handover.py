"""Roles of an incident are taken, given and handed over: each a line of its timeline, with what the next has to know."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tocsin.incidents import changes
from tocsin.incidents.changes import BadChange
from tocsin.incidents.roles import IncidentRole, RoleHolder


def holders_of(incident_id: int) -> dict[IncidentRole, RoleHolder]:
    """Who has which role, with the person; a role that nobody has is left out. In the order of the roles; one query."""
    held = {
        IncidentRole(each.role): each
        for each in RoleHolder.objects.filter(incident=incident_id).select_related("person")
    }
    return {role: held[role] for role in IncidentRole if role in held}


@transaction.atomic
def hand_over(
    incident_id: int,
    role: IncidentRole,
    user_id: int | None,
    user_name: str,
    *,
    actor: str,
    now: datetime,
    note: str = "",
) -> None:
    """Gives a role to a person, or to nobody. Raises BadChange where that is so already, Incident.DoesNotExist."""
    incident = changes.locked(incident_id)
    held = RoleHolder.objects.filter(incident=incident, role=role.value).select_related("person").first()
    if (held.person_id if held else None) == user_id:
        raise BadChange(f"{role.label} already is {user_name or 'nobody'}.")
    if user_id is None:
        RoleHolder.objects.filter(incident=incident, role=role.value).delete()
    else:
        kept = {"person_id": user_id, "since": now}
        RoleHolder.objects.update_or_create(incident=incident, role=role.value, defaults=kept)
    before = held.person.username if held else "nobody"
    said = " ".join(note.replace("\x00", "").split())
    told = f"{role.label}: {before} → {user_name or 'nobody'}" + (f": {said}" if said else ".")
    moved = {"role": role.value, "was": held.person_id if held else None, "to": user_id}
    changes.record(incident, "role", told, actor=actor, now=now, **moved)
