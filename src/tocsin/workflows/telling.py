"""What happened to incidents becomes messages: each event is judged for each channel, once, in the order of the timeline.

Entries of timelines lie in `notifications_event` since the transaction that wrote them. One worker at a time takes them out:
two at once could tell of an end before they know that its beginning was told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from tocsin.catalog.calendar import Calendar
from tocsin.incidents import matrices
from tocsin.incidents.lifecycle import Status, is_open
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.notifications import events, outbox, store
from tocsin.notifications.facts import facts_of
from tocsin.notifications.models import Channel, Event, Thread
from tocsin.notifications.notice import Facts, Kind, Notice
from tocsin.notifications.outbox import Asked
from tocsin.notifications.rules import Judgement, Rule, judge
from tocsin.workflows import ending, escalating

MOST_AT_ONCE = 200
_ONE_AT_A_TIME = 7_104_002
# After these nobody has to be called any more: somebody has it, or it is over.
_ENDS_CALLS = frozenset({Kind.ACKNOWLEDGED, Kind.MOVED, Kind.RESOLVED, Kind.CLOSED})
# Of these it is written down why a channel with rules was not told; of the many others that would bury what matters.
_EXPLAINED = frozenset({Kind.NEW, Kind.RAISED, Kind.RESOLVED})


@dataclass(slots=True)
class _Listeners:
    """Channels with their rules, what each was told of, and each project's calendar: read once for a batch."""

    now: datetime
    channels: list[tuple[Channel, list[Rule]]]
    told: set[tuple[int, int]]
    _calendars: dict[int, Calendar] = field(default_factory=dict)

    def is_business_time(self, project_id: int) -> bool:
        """Whether the project's team works now."""
        if project_id not in self._calendars:
            self._calendars[project_id] = matrices.matrix_of(project_id).calendar
        return self._calendars[project_id].is_working(self.now)


@transaction.atomic
def tell(now: datetime) -> int:
    """Turns the next events into messages; how many events that were. Nothing where another worker is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return 0
    numbers = list(Event.objects.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    if not numbers:
        return 0
    entries = (
        TimelineEntry.objects.select_related("incident__environment__project").filter(pk__in=numbers).order_by("pk")
    )
    incidents = {entry.incident_id for entry in entries}
    facts = facts_of(incidents)
    channels = [(each, store.rules_of(each)) for each in store.in_use() if each.paused_at is None]
    told = set(Thread.objects.filter(incident__in=incidents).values_list("channel", "incident"))
    listeners = _Listeners(now, channels, told)
    for entry in entries:
        if events.kind_of(entry.kind, entry.reference) in _ENDS_CALLS:
            outbox.suppress_calls(entry.incident_id, f"{entry.actor} answered: {entry.text}", now)
    asked = [each for entry in entries for each in _of_entry(entry, facts[entry.incident_id], listeners)]
    threads = [Thread(channel_id=channel, incident_id=incident) for channel, incident in listeners.told]
    Thread.objects.bulk_create(threads, ignore_conflicts=True)
    outbox.enqueue(asked, now)
    ending.tell(entries, facts, now)
    escalating.hear(entries, now)
    Event.objects.filter(pk__in=numbers).delete()
    return len(numbers)


def _of_entry(entry: TimelineEntry, facts: Facts, listeners: _Listeners) -> Iterator[Asked]:
    """The messages about one entry, also those that are only written down."""
    incident = entry.incident
    for channel, rules in listeners.channels:
        if channel.project_id is not None and channel.project_id != incident.environment.project_id:
            continue
        was_told = (channel.pk, incident.pk) in listeners.told
        kind = _kind(entry, incident, was_told=was_told)
        judged = judge(
            rules,
            kind,
            facts,
            is_business_time=listeners.is_business_time(incident.environment.project_id),
            was_told=was_told,
            follows=store.about(channel).follows,
        )
        suppressed = _silent(incident, kind, was_told=was_told) if judged.tells else judged.reason
        if suppressed and (kind not in _EXPLAINED or not rules):
            continue
        if not suppressed:
            listeners.told.add((channel.pk, incident.pk))
        yield _asked(entry, channel, Notice("", kind, entry.at, entry.text, facts, entry.actor), judged, suppressed)


def _asked(entry: TimelineEntry, channel: Channel, notice: Notice, judged: Judgement, suppressed: str) -> Asked:
    return Asked(channel, notice, judged.reason, f"entry:{entry.pk}:{channel.pk}", suppressed=suppressed)


def _kind(entry: TimelineEntry, incident: Incident, *, was_told: bool) -> Kind:
    """What the entry tells a channel; the end of a silence is the first that it hears of an incident that was held."""
    if entry.kind == "silence" and not was_told and is_open(Status(incident.status)):
        return Kind.NEW
    return events.kind_of(entry.kind, entry.reference)


def _silent(incident: Incident, kind: Kind, *, was_told: bool) -> str:
    """Why a channel is not told of an incident; empty where it is. What was begun there is ended there."""
    if was_told and kind is Kind.RESOLVED:
        return ""
    if incident.held_until is not None:
        return f"silence {incident.held_by_id or ''} holds it".replace("  ", " ")
    if incident.merged_into_id is not None:
        return f"it is part of INC-{incident.merged_into_id:03d}"
    return ""
