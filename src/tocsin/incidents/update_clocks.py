"""The clock of status updates in the database: wound when an incident opens or is judged anew, and by each update.

It stands while the incident is open. When it runs out the timeline says so, once for each time that it was wound.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tocsin.ground.models import Timer
from tocsin.incidents import changes
from tocsin.incidents.audience import Moment
from tocsin.incidents.communication import the_rhythm
from tocsin.incidents.lifecycle import Status, is_open
from tocsin.incidents.models import Assessment, Incident
from tocsin.incidents.rhythm import Said, due
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.clock import Clock
from tocsin.incidents.updates import StatusUpdate, UpdateClock

TIMER = "update-due"


def request(incident_id: int, now: datetime) -> None:
    """Asks that the clock be looked at soon: something that it depends on is different."""
    Timer.objects.update_or_create(kind=TIMER, key=str(incident_id), defaults={"due_at": now})


@transaction.atomic
def look(incident_id: int, now: datetime) -> None:
    """Winds the clock by all that is known now, and says on the timeline that it has run out, once."""
    incident = Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
    wound = _due(incident) if incident is not None and is_open(Status(incident.status)) else None
    if incident is None or wound is None:
        UpdateClock.objects.filter(pk=incident_id).delete()
        return
    since, due_at = wound
    clock, _ = UpdateClock.objects.get_or_create(incident=incident, defaults={"since": since, "due_at": due_at})
    if (clock.since, clock.due_at) != (since, due_at):
        clock.since, clock.due_at, clock.is_told = since, due_at, False
        clock.save()
    if now < due_at:
        Timer.objects.update_or_create(kind=TIMER, key=str(incident_id), defaults={"due_at": due_at})
    elif not clock.is_told:
        clock.is_told = True
        clock.save()
        said = "Status update overdue: whoever waits for news has heard nothing in time."
        changes.record(incident, "clock", said, actor=changes.TOCSIN, now=now, of="updates", due=due_at.isoformat())


def clock_of(incident: Incident) -> Clock | None:
    """The clock of an open incident; None where no update is due."""
    if not is_open(Status(incident.status)):
        return None
    kept = UpdateClock.objects.filter(pk=incident.pk).first()
    return Clock(kept.since, kept.due_at) if kept else None


def overdue(incident_ids: list[int], now: datetime) -> set[int]:
    """Which of these incidents, where they are open, should have been told of again by now; one query."""
    late = UpdateClock.objects.filter(pk__in=incident_ids, due_at__lte=now, incident__resolved_at=None)
    return set(late.filter(incident__closed_at=None).values_list("pk", flat=True))


def _due(incident: Incident) -> tuple[datetime, datetime] | None:
    newest = StatusUpdate.objects.filter(incident=incident).order_by("audience", "-id").distinct("audience")
    said = [Said(u.sent_at, u.next_update_at, is_last=u.moment == Moment.RESOLVED) for u in newest]
    began = _began(incident, is_again=any(one.is_last for one in said))
    return due(the_rhythm()[Severity(incident.severity)], began, said)


def _began(incident: Incident, *, is_again: bool) -> datetime:
    """When it opened, was opened again, or when the silence that held it ended; while one holds, nobody is waiting."""
    counted_from = Assessment.objects.filter(incident=incident).values_list("counted_from", flat=True).first()
    times = [incident.triggered_at, counted_from, incident.held_until]
    if is_again:
        times += [incident.acknowledged_at, incident.investigating_at, incident.mitigating_at]
    return max(at for at in times if at is not None)
