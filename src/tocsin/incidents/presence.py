"""Who is looking at an incident just now, and who is writing: told by open pages every few seconds, forgotten by itself.

A row for each person and incident. Pages hear of it through the notifications that they hear of changes by, but only when
somebody comes, goes or begins to write: that somebody still is there is news to nobody.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import connection, models, transaction

# Pages tell this often (see presence.js), and one message may get lost.
TOLD_EVERY = timedelta(seconds=15)
STAYS = 2 * TOLD_EVERY + timedelta(seconds=5)


class Doing(StrEnum):
    """What somebody does with an incident's page."""

    READING = "reading"
    WRITING = "writing"


class Presence(models.Model):
    """A person at an incident; counts until `STAYS` after it was last told."""

    incident = models.ForeignKey("incidents.Incident", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    doing = models.TextField(choices=[(d.value, d.value) for d in Doing])
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "person"], name="presence_once")]

    @property
    def is_writing(self) -> bool:
        """Whether they have begun to write."""
        return self.doing == Doing.WRITING


@transaction.atomic
def be_there(incident_id: int, person_id: int, doing: Doing, now: datetime) -> None:
    """Notes that a person is at an incident, which is known to exist; open pages hear of it where that is news."""
    before = Presence.objects.filter(incident=incident_id, person=person_id).first()
    is_news = before is None or before.doing != doing or before.seen_at < now - STAYS
    Presence.objects.update_or_create(
        incident_id=incident_id, person_id=person_id, defaults={"doing": doing.value, "seen_at": now}
    )
    if is_news:
        Presence.objects.filter(incident=incident_id, seen_at__lt=now - STAYS).delete()
        _tell(incident_id)


@transaction.atomic
def leave(incident_id: int, person_id: int) -> None:
    """Notes that a person has closed the page."""
    if Presence.objects.filter(incident=incident_id, person=person_id).delete()[0]:
        _tell(incident_id)


def others_at(incident_id: int, person_id: int, now: datetime) -> list[Presence]:
    """Who else is there, by name, with the person loaded."""
    found = Presence.objects.filter(incident=incident_id, seen_at__gte=now - STAYS).exclude(person=person_id)
    return list(found.select_related("person").order_by("person__username"))


def _tell(incident_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('tocsin', %s)", [json.dumps({"present": incident_id})])
