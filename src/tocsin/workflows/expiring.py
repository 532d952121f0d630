"""Sweeps firings that have expired, and lets their incidents become quiet."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import connection, transaction

from tocsin.alerts import expiry
from tocsin.ground.models import Timer
from tocsin.incidents import changes
from tocsin.incidents.models import Incident, IncidentOccurrence
from tocsin.incidents.store import QUIETEN

MOST_NAMED = 5


@transaction.atomic
def sweep(now: datetime) -> None:
    """The timer's action: ends what has expired, unless we were away, and sets the next sweep while there is what may expire."""
    timer = Timer.objects.filter(kind=expiry.TIMER, key="").first()
    if timer is None:
        return
    if expiry.is_late(now, timer.due_at):
        Timer.objects.filter(pk=timer.pk).update(due_at=now + expiry.TIME_TO_REPEAT)
        return
    ended = expiry.end_expired(now)
    if ended:
        _tell(ended, now)
        with connection.cursor() as cursor:
            cursor.execute(QUIETEN, {"now": now, "ended": [occurrence for occurrence, _ in ended]})
    if expiry.may_expire():
        Timer.objects.filter(pk=timer.pk).update(due_at=now + expiry.EVERY)


def _tell(ended: list[tuple[int, str]], now: datetime) -> None:
    titles = dict(ended)
    of_incident: dict[int, list[str]] = defaultdict(list)
    for link in IncidentOccurrence.objects.filter(occurrence__in=titles, left_at=None):
        of_incident[link.incident_id].append(titles[link.occurrence_id])
    for incident in Incident.objects.filter(pk__in=of_incident).order_by("pk"):
        names = of_incident[incident.pk]
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        text = f"{', '.join(names[:MOST_NAMED])}{more} expired: no longer reported by the sender."
        changes.record(incident, "alert", text, actor=changes.TOCSIN, now=now)
