"""One incident with what people said of it: statements by topic, roles, services, and when it was."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from tocsin.incidents.handover import holders_of
from tocsin.incidents.models import Incident, IncidentService
from tocsin.incidents.roles import IncidentRole
from tocsin.incidents.statements import Statement, Topic
from tocsin.incidents.stating import statements_of
from tocsin.incidents.triage.scale import Scale
from tocsin.web.api.shapes import IncidentOut
from tocsin.web.pages.analysis import Verdict


class StatementOut(Schema):
    """What somebody said on a topic. `reference`: the hypothesis that was confirmed, or the run that set it off."""

    text: str
    reference: dict[str, Any]
    version: int
    author: str
    at: datetime

    @classmethod
    def of(cls, kept: Statement) -> StatementOut:
        """A statement as it is kept."""
        return cls(text=kept.text, reference=kept.reference, version=kept.version, author=kept.author, at=kept.at)


class AffectedOut(Schema):
    """A service that it affects."""

    slug: str
    role: Annotated[str, Field(description="cause, named by an alert, named by a person, needs it")]
    reason: str


class IncidentInFull(IncidentOut):
    """An incident with what people said of it; a topic that nobody spoke on, or a role that nobody has, is left out."""

    statements: dict[Topic, StatementOut]
    roles: dict[IncidentRole, str]
    services: list[AffectedOut]
    started_at: Annotated[datetime | None, Field(description="as people say; null: as its record has it")]
    detected_at: Annotated[datetime | None, Field(description="as people say; null: when it was triggered")]

    @classmethod
    def of(cls, incident: Incident, verdict: Verdict | None, scale: Scale) -> IncidentInFull:
        """An incident loaded as for its outline; three queries more."""
        affected = IncidentService.objects.filter(incident=incident).order_by("slug")
        return cls(
            **dict(IncidentOut.of(incident, verdict, scale)),
            statements={topic: StatementOut.of(kept) for topic, kept in statements_of(incident.pk).items()},
            roles={role: held.person.username for role, held in holders_of(incident.pk).items()},
            services=[AffectedOut(slug=row.slug, role=row.role, reason=row.reason) for row in affected],
            started_at=incident.started_at,
            detected_at=incident.detected_at,
        )
