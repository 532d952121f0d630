"""What follows in the demonstration: people resolve one critical incident and tell outsiders; its postmortem waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.accounts.models import User
    from tocsin.catalog.models import Environment
    from tocsin.incidents.models import Incident


def play_aftermath(environment: Environment, actor: str, fixed_by: str) -> Incident | None:
    """Resolves the first critical incident of an environment as `actor` would; None where there is none that is open."""
    from tocsin.accounts.models import User
    from tocsin.cli.demo import outsiders
    from tocsin.incidents import changes
    from tocsin.incidents.lifecycle import Resolution, Status
    from tocsin.incidents.models import Incident

    found = Incident.objects.filter(environment=environment, severity="critical", resolved_at=None)
    incident = found.order_by("id").first()
    if incident is None:
        return None
    number, person, now = incident.pk, User.objects.get(username=actor), datetime.now(UTC)
    _take(incident, person, now)
    outsiders.tell(incident, outsiders.BROKEN, now, is_over=False, actor=actor)
    changes.change_status(number, Status.RESOLVED, actor=actor, now=now, resolution=Resolution.FIXED, reason=fixed_by)
    outsiders.tell(incident, outsiders.MENDED, datetime.now(UTC), is_over=True, actor=actor)
    _plan(incident, person, now)
    return incident


def _take(incident: Incident, person: User, now: datetime) -> None:
    """Takes the lead, mitigates, and says what it did to whom."""
    from tocsin.incidents import changes, handover, stating
    from tocsin.incidents.lifecycle import Status
    from tocsin.incidents.roles import IncidentRole
    from tocsin.incidents.statements import Topic

    number, actor = incident.pk, person.username
    changes.assign(number, person.pk, actor, actor=actor, now=now)
    handover.hand_over(number, IncidentRole.LEAD, person.pk, actor, actor=actor, now=now)
    for stage in (Status.ACKNOWLEDGED, Status.MITIGATING):
        changes.change_status(number, stage, actor=actor, now=now)
    impact = {
        Topic.FEATURE: stating.Words("Making a booking"),
        Topic.USERS: stating.Words("Everybody who wanted to book"),
        Topic.DATA_LOSS: stating.Words("no"),
        Topic.DETECTED: stating.Words("alert"),
    }
    stating.say(number, impact, actor=actor, now=now)


def _plan(incident: Incident, person: User, now: datetime) -> None:
    """What is to be done, so that it does not come back."""
    from tocsin.incidents import followup
    from tocsin.incidents.actions import Horizon, Kind, Plan

    plan = Plan(
        "Refuse a Service that selects no pod, before it is deployed",
        Kind.PREVENT,
        Horizon.SPRINT,
        criteria="The pipeline fails for a chart whose Service selects nothing.",
        owner=person.pk,
        due_on=(now + timedelta(days=10)).date(),
    )
    followup.add(incident.pk, plan, actor=person.username, now=now)
