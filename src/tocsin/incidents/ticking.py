"""The checklist of an incident: what Tocsin has seen, and what people tick by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tocsin.incidents import changes
from tocsin.incidents.audience import Audience, Impact, Moment
from tocsin.incidents.changes import BadChange
from tocsin.incidents.checklist import Done, Fact, Item, Line, Seen, read_checklist, standing
from tocsin.incidents.clocks import acknowledged_at
from tocsin.incidents.communication import ChecklistTick, checklist_key, text_of
from tocsin.incidents.models import Incident
from tocsin.incidents.roles import IncidentRole, RoleHolder
from tocsin.incidents.triage import Severity
from tocsin.incidents.updates import StatusUpdate


def items_of(incident: Incident) -> tuple[Item, ...]:
    """The checklist for its severity, as it was when the incident began: what is agreed on later holds for later ones."""
    return read_checklist(text_of(checklist_key(Severity(incident.severity)), at=incident.triggered_at).text)


def lines_of(
    incident: Incident, postmortem_at: datetime | None, *, needs_postmortem: bool, now: datetime
) -> list[Line]:
    """How its checklist stands. When a postmortem was opened, and whether one is needed, is the matter of a later stage."""
    updates = list(StatusUpdate.objects.filter(incident=incident).order_by("id"))
    facts = {
        Fact.ACKNOWLEDGED: acknowledged_at(incident),
        Fact.LEAD: _lead_since(incident),
        Fact.INTERNAL: next((u.sent_at for u in updates if u.audience == Audience.INTERNAL), None),
        Fact.EXTERNAL: next((u.sent_at for u in updates if u.audience == Audience.EXTERNAL), None),
        Fact.END_TOLD: _end_told(updates),
        Fact.POSTMORTEM: postmortem_at,
    }
    not_needed = {Fact.POSTMORTEM} if not needs_postmortem else set()
    if updates and updates[-1].impact == Impact.NONE and facts[Fact.EXTERNAL] is None:
        not_needed.add(Fact.EXTERNAL)
    if not updates:
        not_needed.add(Fact.END_TOLD)
    seen = Seen(
        began=incident.triggered_at,
        ended=incident.resolved_at,
        facts={fact: at for fact, at in facts.items() if at is not None},
        not_needed=frozenset(not_needed),
        ticks={t.item: Done(t.ticked_at, t.ticked_by) for t in ChecklistTick.objects.filter(incident=incident)},
    )
    return standing(items_of(incident), seen, now)


@transaction.atomic
def tick(incident_id: int, words: str, *, done: bool, actor: str, now: datetime) -> None:
    """Says by hand that an item is done, or is not after all. Raises BadChange, Incident.DoesNotExist."""
    incident = changes.locked(incident_id)
    if done and words not in {item.words for item in items_of(incident)}:
        raise BadChange(f"“{words[:60]}” is not on the checklist of {incident.name}.")
    ticks = ChecklistTick.objects.filter(incident=incident, item=words)
    if ticks.exists() == done:
        return
    if done:
        ChecklistTick.objects.create(incident=incident, item=words, ticked_by=actor, ticked_at=now)
    else:
        ticks.delete()
    said = f"Ticked on the checklist: {words}." if done else f"Not done after all: {words}."
    changes.record(incident, "message", said, actor=actor, now=now, item=words)


def _lead_since(incident: Incident) -> datetime | None:
    return RoleHolder.objects.filter(incident=incident, role=IncidentRole.LEAD).values_list("since", flat=True).first()


def _end_told(updates: list[StatusUpdate]) -> datetime | None:
    """When every audience that was told of it knew that it is over; None while one does not."""
    newest = {update.audience: update for update in updates}
    is_known = bool(newest) and all(update.moment == Moment.RESOLVED for update in newest.values())
    return max(update.sent_at for update in newest.values()) if is_known else None
