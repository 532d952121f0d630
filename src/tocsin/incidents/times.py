"""When an incident began, was noticed and ended, by what people know better than its alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db import transaction

from tocsin.incidents import changes
from tocsin.incidents.changes import BadChange
from tocsin.incidents.models import Incident


@dataclass(frozen=True, slots=True)
class Times:
    """UTC. `started` and `detected` None: as the record has it; `resolved` None: it is not over."""

    started: datetime | None
    detected: datetime | None
    resolved: datetime | None

    @classmethod
    def of(cls, incident: Incident) -> Times:
        """As they are."""
        return cls(incident.started_at, incident.detected_at, incident.resolved_at)

    def fault(self, triggered: datetime, now: datetime) -> str:
        """Why they can't be, for whoever said them; empty where they can. The record knew of it at `triggered`."""
        reached = [
            ("it began", self.started),
            ("it was detected", self.detected or triggered),
            ("it was resolved", self.resolved),
        ]
        known = [(what, at) for what, at in reached if at is not None]
        for what, at in known:
            if at > now:
                return f"That {what} can't be in the future: {at:%Y-%m-%d %H:%M} UTC."
        pairs = [*pairwise(known), (("it was triggered", triggered), ("it was resolved", self.resolved or now))]
        for (what, at), (next_one, later) in pairs:
            if at > later:
                return f"That {next_one} ({_shown(later)}) can't be before {what} ({_shown(at)})."
        return ""


@transaction.atomic
def correct(incident_id: int, to: Times, *, reason: str, actor: str, now: datetime) -> None:
    """Says when it was instead. Raises BadChange without a reason and for times that can't be; Incident.DoesNotExist."""
    incident = changes.locked(incident_id)
    was, why = Times.of(incident), " ".join(reason.replace("\x00", "").split())
    if to == was:
        return
    if (to.resolved is None) != (was.resolved is None):
        raise BadChange(
            "When it was resolved can be corrected once it is resolved; to end it or take it up again, move its stage."
        )
    if fault := to.fault(incident.triggered_at, now):
        raise BadChange(fault)
    if not why:
        raise BadChange("Say why the times change: others will ask.")
    incident.started_at, incident.detected_at, incident.resolved_at = to.started, to.detected, to.resolved
    incident.save(update_fields=["started_at", "detected_at", "resolved_at"])
    changed = ", ".join(
        f"{name} {_shown(before)} → {_shown(after)}"
        for name, before, after in (
            ("began", was.started, to.started),
            ("detected", was.detected, to.detected),
            ("resolved", was.resolved, to.resolved),
        )
        if before != after
    )
    changes.record(incident, "times", f"{changed[:1].upper()}{changed[1:]}: {why}", actor=actor, now=now)


def _shown(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "as recorded"
