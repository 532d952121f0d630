"""What the API takes and gives, as schemas."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field

from tocsin.incidents import matrices
from tocsin.incidents.lifecycle import Resolution, Status
from tocsin.incidents.models import Assessment, Incident, TimelineEntry
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.scale import Scale, read, shown
from tocsin.web.pages.analysis import Verdict

Text = Annotated[str, Field(max_length=100_000)]
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Line = Annotated[str, Field(min_length=1, max_length=300)]


def _severity(said: object) -> object:
    return read(said, matrices.scale()) if isinstance(said, str) else said


# A severity as the team says it (P2, SEV2) is taken too.
SaidSeverity = Annotated[Severity, BeforeValidator(_severity)]


class Asked(Schema):
    """A body: a field that is not known is refused, since it would be ignored otherwise."""

    model_config = ConfigDict(extra="forbid")


class Declared(Asked):
    """A new incident, declared by hand."""

    title: Line
    environment: Annotated[str, Field(description="PROJECT/ENVIRONMENT", examples=["shop/production"])]
    severity: SaidSeverity
    description: Text = ""
    assignee: Annotated[str | None, Field(description="a user name")] = None
    services: Annotated[list[str], Field(description="slugs of services that it affects", default_factory=list)]
    alerts: Annotated[list[RowId], Field(description="ids of alerts that it is about", default_factory=list)]


class Moved(Asked):
    """Another stage."""

    to: Status
    resolution: Annotated[Resolution | None, Field(description="how it ended; needed to resolve")] = None
    reason: Annotated[Text, Field(description="needed to reopen; what fixed it")] = ""


class Judged(Asked):
    """A severity, with a note that says why."""

    severity: SaidSeverity
    note: Text


class Given(Asked):
    """Whose it is; null: nobody's."""

    assignee: str | None


class Noted(Asked):
    """A note in Markdown, or a decision, which stands out."""

    text: Text
    kind: Literal["note", "decision"] = "note"


class Cause(Schema):
    """What the newest report says first."""

    outcome: Annotated[str, Field(description="diagnosed, inconclusive or healthy")]
    summary: str
    confidence: float | None


class Triage(Schema):
    """What triage makes of it, each with its reason; null until it was judged first."""

    classification: Annotated[str, Field(description="its class, empty where nothing tells")]
    classification_reason: str
    scope: str
    scope_reason: str
    priority: Severity
    priority_reason: str
    workaround: Annotated[str, Field(description="none, exists or empty: not known")]
    acknowledge_by: datetime | None


class IncidentOut(Schema):
    """An incident."""

    number: int
    id: Annotated[str, Field(examples=["INC-023"])]
    title: str
    status: Status
    severity: Severity
    severity_shown: Annotated[str, Field(description="as this installation says it: High, P2, SEV2 …")]
    severity_reason: str
    triage: Triage | None
    analysis: Annotated[str, Field(description="pending, running, complete or failed")]
    cause: Cause | None
    resolution: str
    project: str
    environment: str
    subject: dict[str, Any]
    assignee: str | None
    triggered_at: datetime
    acknowledged_at: datetime | None
    investigating_at: datetime | None
    mitigating_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    recurrence_of: int | None

    @classmethod
    def of(cls, incident: Incident, verdict: Verdict | None, scale: Scale) -> IncidentOut:
        """An incident, with its environment, project, assignee and assessment loaded, and what its newest report says."""
        told = {name: getattr(incident, name) for name in _AS_STORED}
        return cls(
            **told,
            number=incident.pk,
            id=incident.name,
            severity_shown=shown(incident.severity, scale),
            triage=_triage(getattr(incident, "assessment", None)),
            cause=Cause(outcome=verdict.outcome, summary=verdict.summary, confidence=verdict.confidence)
            if verdict
            else None,
            project=incident.environment.project.slug,
            environment=incident.environment.slug,
            assignee=incident.assignee.username if incident.assignee else None,
            recurrence_of=incident.recurrence_of_id,
        )


def _triage(kept: Assessment | None) -> Triage | None:
    if kept is None or kept.assessed_at is None:
        return None
    return Triage(**{name: getattr(kept, name) for name in Triage.model_fields})


_AS_STORED = [
    *("title", "status", "severity", "severity_reason", "analysis", "resolution", "subject"),
    *("triggered_at", "acknowledged_at", "investigating_at", "mitigating_at", "resolved_at", "closed_at"),
]


class Incidents(Schema):
    """A page of incidents, newest first; `next` is the cursor of the page that follows, null at the end."""

    items: list[IncidentOut]
    next: str | None


class EntryOut(Schema):
    """A line of the timeline."""

    id: int
    at: datetime
    kind: str
    actor: str
    text: str
    reference: dict[str, Any]

    @classmethod
    def of(cls, entry: TimelineEntry) -> EntryOut:
        """An entry as it is stored."""
        return cls(
            id=entry.pk,
            at=entry.at,
            kind=entry.kind,
            actor=entry.actor,
            text=entry.text,
            reference=entry.reference,
        )


class Timeline(Schema):
    """A page of the timeline, newest first."""

    items: list[EntryOut]
    next: str | None


class Me(Schema):
    """Whose token this is, and what it may do."""

    username: str
    role: Annotated[
        str, Field(description="in every project: the person's, or the token's scope if that is less; empty: none")
    ]
    projects: Annotated[dict[str, str], Field(description="where the person is a member: the role there, likewise")]
    token: str
