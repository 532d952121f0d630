"""Telling the team and outsiders of an incident: what Tocsin would say, what must not be said, and the checklist of it all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tocsin.ground.secrets import redaction_key
from tocsin.incidents import matrices, publishing, telling, ticking
from tocsin.incidents.audience import Audience, DataLoss, Impact, Moment
from tocsin.incidents.checklist import Line
from tocsin.incidents.communication import template_key, text_of, the_rhythm
from tocsin.incidents.drafts import TELLING, Entry, Record, drafted
from tocsin.incidents.lifecycle import ORDER, Resolution, Status
from tocsin.incidents.models import Incident, IncidentService
from tocsin.incidents.plain_words import Finding
from tocsin.incidents.statements import Statement, Topic, parted
from tocsin.incidents.telling import Known, Said
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.scale import shown
from tocsin.incidents.undoing import UNDONE
from tocsin.incidents.updates import StatusUpdate
from tocsin.incidents.uptime import State
from tocsin.investigation.models import StoredReport
from tocsin.postmortems.models import Postmortem
from tocsin.postmortems.states import Need, need
from tocsin.workflows.naming import internal_names

# Entries since an audience was told last; more would not fit into what it is told now.
MOST_ENTRIES = 50
_MOMENT = {
    Status.MITIGATING: Moment.IDENTIFIED,
    Status.RESOLVED: Moment.RESOLVED,
    Status.POSTMORTEM: Moment.RESOLVED,
    Status.CLOSED: Moment.RESOLVED,
}
_IMPACT = {Severity.CRITICAL: Impact.MAJOR, Severity.HIGH: Impact.PARTIAL, Severity.MEDIUM: Impact.DEGRADED}
# Promised times are told to people: they end on five minutes.
STEP = timedelta(minutes=5)


def moment_of(incident: Incident) -> Moment:
    """What would be told now: by its stage, and by whether its cause is known."""
    moment = _MOMENT.get(Status(incident.status), Moment.INVESTIGATING)
    if moment is Moment.IDENTIFIED and incident.quiet_since is not None:
        return Moment.MONITORING
    return Moment.IDENTIFIED if moment is Moment.INVESTIGATING and _cause(incident) else moment


def draft(incident: Incident, audience: Audience, moment: Moment, now: datetime) -> Said:
    """What Tocsin would say to an audience now; for outsiders without a headline, until somebody has given one."""
    last = telling.updates_of(incident).filter(audience=audience.value).first()
    impact = Impact(last.impact) if last else _IMPACT.get(Severity(incident.severity), Impact.NONE)
    record = _record(incident, impact, last)
    headline = last.headline if last else "" if audience is Audience.EXTERNAL else incident.title
    return Said(
        audience=audience,
        moment=moment,
        headline=headline[: telling.LONGEST_HEADLINE],
        text=drafted(
            text_of(template_key(audience, moment)).text, record, audience, last.sent_at if last else None, now
        ),
        impact=impact,
        data_loss=record.data_loss,
        next_update_at=None if moment is Moment.RESOLVED else _next(incident, now),
    )


def check(incident: Incident, said: Said) -> list[Finding]:
    """What in an update is not for its audience; offsets are into `said.whole`."""
    return telling.found_in(said, _known(incident))


@transaction.atomic
def send(
    incident_id: int,
    said: Said,
    states: Mapping[int, State],
    *,
    began_at: datetime | None = None,
    is_read: bool,
    actor: str,
    now: datetime,
) -> StatusUpdate:
    """Sends an update; one for outsiders says how components of the status page are (`states`, by their ids), and since when.

    Raises BadChange, telling.Unread among them, and Incident.DoesNotExist.
    """
    incident = Incident.objects.select_related("environment__project").get(pk=incident_id)
    update = telling.send(incident_id, said, _known(incident), is_read=is_read, actor=actor, now=now)
    if states or began_at is not None:
        publishing.name_components(update, states, began_at)
    return update


def checklist_of(incident: Incident, now: datetime) -> list[Line]:
    """How the checklist of an incident stands."""
    held = Postmortem.objects.filter(pk=incident.pk).first()
    how = Resolution(incident.resolution) if incident.resolution else None
    needed = held is not None or need(Severity(incident.severity), how)[0] is not Need.NONE
    return ticking.lines_of(incident, held.opened_at if held else None, needs_postmortem=needed, now=now)


def _known(incident: Incident) -> Known:
    page = publishing.page_of(incident.environment.project_id)
    public = list(page.components.values_list("name", flat=True)) if page else []
    return Known(internal_names(incident), public, redaction_key(settings.SECRET_KEY))


def _record(incident: Incident, impact: Impact, last: StatusUpdate | None) -> Record:
    undone = incident.timeline.filter(kind=UNDONE).values_list("reference__undoes", flat=True)
    entries = incident.timeline.filter(kind__in=TELLING).exclude(pk__in=list(undone)).order_by("-id")
    if last is not None:
        entries = entries.filter(at__gt=last.sent_at)
    held = Postmortem.objects.filter(pk=incident.pk).first()
    stages = ((stage, getattr(incident, f"{stage}_at")) for stage in ORDER)
    return Record(
        name=incident.name,
        title=incident.title,
        severity=shown(incident.severity, matrices.scale()),
        status=Status(incident.status),
        began=incident.triggered_at,
        resolved=incident.resolved_at,
        lead=incident.assignee.username if incident.assignee else "",
        cause=_cause(incident),
        services=tuple(_services(incident)),
        components=tuple(_components(incident, impact)),
        data_loss=_data_loss(incident),
        report_due=held.due_at if held else None,
        stages=tuple((stage, at) for stage, at in stages if at is not None),
        entries=tuple(Entry(e.at, e.kind, e.actor, e.text) for e in reversed(entries[:MOST_ENTRIES])),
    )


def _services(incident: Incident) -> list[str]:
    near = IncidentService.objects.filter(incident=incident).exclude(role=IncidentService.Role.DEPENDENT)
    return list(near.order_by("slug").values_list("slug", flat=True))


def _components(incident: Incident, impact: Impact) -> list[str]:
    """The parts that outsiders notice it in; where they work again, those that were said to be broken."""
    proposed = publishing.proposed(incident, impact.value)
    return [component.name for component, state in proposed if state is not State.OPERATIONAL]


def _said(incident: Incident, topic: Topic) -> str:
    newest = Statement.objects.filter(incident=incident, topic=topic.value).order_by("-version").first()
    return newest.text if newest else ""


def _data_loss(incident: Incident) -> DataLoss:
    choice, _ = parted(Topic.DATA_LOSS, _said(incident, Topic.DATA_LOSS))
    return DataLoss(choice) if choice in set(DataLoss) else DataLoss.UNKNOWN


def _cause(incident: Incident) -> str:
    """What a person confirmed; else what the newest investigation found, which says of itself that it is supposed."""
    if confirmed := _said(incident, Topic.CAUSE):
        return confirmed
    newest = StoredReport.objects.filter(investigation__incident=incident).order_by("-investigation__ordinal").first()
    if newest is None or newest.outcome != "diagnosed":
        return ""
    sure = "" if newest.confidence is None else f", {newest.confidence * 100:.0f}\N{NO-BREAK SPACE}% sure"
    return f"{newest.summary} (supposed{sure})"


def _next(incident: Incident, now: datetime) -> datetime | None:
    every = the_rhythm()[Severity(incident.severity)]
    return rounded(now + every) if every is not None else None


def rounded(at: datetime) -> datetime:
    """A time as people promise it: the next that ends on five minutes."""
    return at + (datetime.min.replace(tzinfo=at.tzinfo) - at) % STEP
