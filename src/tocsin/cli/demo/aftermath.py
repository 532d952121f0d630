"""What follows in the demonstration: people resolve one critical incident and tell outsiders; its postmortem waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.catalog.models import Environment
    from tocsin.incidents.models import Incident


def play_aftermath(environment: Environment, actor: str, fixed_by: str) -> Incident | None:
    """Resolves the first critical incident of an environment as `actor` would; None where there is none that is open."""
    from tocsin.accounts.models import User
    from tocsin.cli.demo import outsiders
    from tocsin.incidents import changes, followup, handover, stating
    from tocsin.incidents.actions import Horizon, Kind, Plan
    from tocsin.incidents.lifecycle import Resolution, Status
    from tocsin.incidents.models import Incident
    from tocsin.incidents.roles import IncidentRole
    from tocsin.incidents.statements import Topic
    from tocsin.incidents.stating import Words

    found = Incident.objects.filter(environment=environment, severity="critical", resolved_at=None)
    incident = found.order_by("id").first()
    if incident is None:
        return None
    number, person, now = incident.pk, User.objects.get(username=actor), datetime.now(UTC)
    changes.assign(number, person.pk, actor, actor=actor, now=now)
    handover.hand_over(number, IncidentRole.LEAD, person.pk, actor, actor=actor, now=now)
    for stage in (Status.ACKNOWLEDGED, Status.MITIGATING):
        changes.change_status(number, stage, actor=actor, now=now)
    outsiders.tell(incident, outsiders.BROKEN, now, is_over=False, actor=actor)
    impact = {
        Topic.FEATURE: Words("Making a booking"),
        Topic.USERS: Words("Everybody who wanted to book"),
        Topic.DATA_LOSS: Words("no"),
        Topic.DETECTED: Words("alert"),
    }
    stating.say(number, impact, actor=actor, now=now)
    changes.change_status(number, Status.RESOLVED, actor=actor, now=now, resolution=Resolution.FIXED, reason=fixed_by)
    outsiders.tell(incident, outsiders.MENDED, datetime.now(UTC), is_over=True, actor=actor)
    plan = Plan(
        "Refuse a Service that selects no pod, before it is deployed",
        Kind.PREVENT,
        Horizon.SPRINT,
        criteria="The pipeline fails for a chart whose Service selects nothing.",
        owner=person.pk,
        due_on=(now + timedelta(days=10)).date(),
    )
    followup.add(number, plan, actor=actor, now=now)
    return incident
