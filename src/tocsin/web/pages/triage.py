"""What triage makes of an incident, as pages show it: the card, and the clock of its acknowledgement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tocsin.incidents import clocks, matrices
from tocsin.incidents.lifecycle import Status, is_open
from tocsin.incidents.models import Assessment, Incident
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.classes import Class
from tocsin.incidents.triage.classification import response_of
from tocsin.incidents.triage.clock import Standing
from tocsin.incidents.triage.matrix import Level
from tocsin.incidents.triage.scale import Scale


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when it must be acknowledged, and how that stands; `is_running` while nobody has it."""

    due: datetime
    standing: Standing

    @property
    def is_running(self) -> bool:
        """Whether somebody is still waited for."""
        return self.standing in (Standing.OK, Standing.AT_RISK, Standing.BREACHED)


@dataclass(frozen=True, slots=True)
class Triaged:
    """The card. `assessment` is None until the incident was judged first; `response` is what its class calls for."""

    assessment: Assessment | None
    response: str
    level: Level
    deadline: Deadline | None
    scale: Scale

    @property
    def version(self) -> str:
        """Changes when the card does."""
        judged = self.assessment
        standing = self.deadline.standing if self.deadline else ""
        return f"{judged.assessed_at} {judged.workaround} {judged.severity_set_by} {standing}" if judged else ""


def deadline_of(incident: Incident, now: datetime) -> Deadline | None:
    """The clock of an incident as it stands; None where it has none, or where it ended before anybody turned to it."""
    clock = clocks.clock_of(incident, getattr(incident, "assessment", None))
    if clock is None or (not is_open(Status(incident.status)) and clock.acknowledged_at is None):
        return None
    return Deadline(clock.due, clock.standing(now))


def triage_of(incident: Incident, now: datetime) -> Triaged:
    """The card of an incident."""
    kept = getattr(incident, "assessment", None)
    judged = kept if kept is not None and kept.assessed_at is not None else None
    found = Class(judged.classification) if judged is not None and judged.classification else None
    matrix = matrices.matrix_of(incident.environment.project_id)
    level = matrix.levels[Severity(incident.severity)]
    return Triaged(judged, response_of(found), level, deadline_of(incident, now), matrix.scale)


def severity_scale(request: HttpRequest) -> dict[str, object]:
    """For every template: how this installation calls its severities, looked up where one is shown."""
    return {"severity_scale": SimpleLazyObject(lambda: scale_at(request))}


def scale_at(request: HttpRequest) -> Scale:
    """The same for a view; looked up once a request."""
    if not hasattr(request, "severity_scale"):
        request.severity_scale = matrices.scale()  # type: ignore[attr-defined]
    found: Scale = request.severity_scale  # type: ignore[attr-defined]
    return found
