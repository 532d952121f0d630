"""A storm on an incident's timeline: what joined since the last line, minute by minute, and that it is over."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction

from tocsin.ground.models import Timer
from tocsin.incidents import changes, storms
from tocsin.incidents.models import Incident

TIMER = "storm"


@transaction.atomic
def look(incident_id: int, now: datetime) -> None:
    """The timer's action, each minute while a storm goes on."""
    incident = Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
    if incident is None:
        return
    pulse = msgspec.convert(incident.pulse, storms.Pulse)
    if pulse.storm_at is None:
        return
    step = storms.told(pulse, now)
    lines, pulse = [step.line] if step.line else [], step.pulse
    if pulse.is_storm(now):
        Timer.objects.update_or_create(kind=TIMER, key=str(incident_id), defaults={"due_at": now + storms.TELL_EVERY})
    else:
        lines.append(storms.over(pulse))
        pulse = msgspec.structs.replace(pulse, storm_at=None)
    incident.pulse = msgspec.to_builtins(pulse)
    incident.save(update_fields=["pulse"])
    for line in lines:
        changes.record(incident, "storm", line, actor=changes.TOCSIN, now=now)
