"""Whoever was called about an incident hears of its end: calmly, once, in a way that they were called in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import Q

from tocsin.accounts.models import User
from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.notifications import contacts, events, outbox
from tocsin.notifications.models import Message
from tocsin.notifications.notice import CALLS, Facts, Kind, Notice
from tocsin.workflows import paging

# By incident and person: the contact methods that called them, since they last heard of an end.
_Called = dict[int, dict[int, set[int | None]]]


def tell(entries: Iterable[TimelineEntry], facts: Mapping[int, Facts], now: datetime) -> None:
    """Lays in what is to be said of these entries, in the caller's transaction; they come in their order."""
    moved = [(entry, events.kind_of(entry.kind, entry.reference)) for entry in entries if entry.kind == "status"]
    ends = {entry.incident_id: entry for entry, kind in moved if kind in (Kind.RESOLVED, Kind.REOPENED)}
    over = [entry for entry, kind in moved if kind is Kind.RESOLVED and ends[entry.incident_id] is entry]
    _take_back([number for number, entry in ends.items() if entry not in over], now)
    # what became part of another goes on there: of that one's end they hear
    over = [entry for entry in over if entry.incident.merged_into_id is None]
    called = _called([entry.incident_id for entry in over])
    people = User.objects.in_bulk({user for each in called.values() for user in each})
    for entry in over:
        for user, ways in called[entry.incident_id].items():
            _tell_one(people[user], ways, entry, facts[entry.incident_id], now)


def _tell_one(user: User, ways: set[int | None], entry: TimelineEntry, facts: Facts, now: datetime) -> None:
    if user.username == entry.actor:
        return
    allowed, _ = paging.person_called(user.username, entry.incident.environment.project)
    if allowed is not None:
        notice = Notice("", Kind.RESOLVED, entry.at, entry.text, facts, entry.actor)
        reason = f"{user.username} was called about it"
        contacts.say_end(user, notice, ways, key=f"end:{entry.pk}:{user.pk}", reason=reason, now=now)


def _called(incidents: Collection[int]) -> _Called:
    """Who was called about these incidents, or about what is part of them. One query."""
    found: _Called = defaultdict(lambda: defaultdict(set))
    if not incidents:
        return found
    of_them = Q(incident__in=incidents) | Q(incident__in=Incident.objects.filter(merged_into__in=incidents))
    said = Q(kind__in=CALLS, state__in=[Message.State.SENT, Message.State.CLAIMED]) | Q(kind=Kind.RESOLVED)
    messages = Message.objects.exclude(user=None).filter(of_them & (said | Q(note__startswith=outbox.BUNDLED)))
    rows = messages.exclude(~Q(note__startswith=outbox.BUNDLED), state=Message.State.SUPPRESSED).order_by("id")
    for number, root, user, kind, contact in rows.values_list(
        "incident", "incident__merged_into", "user", "kind", "contact"
    ):
        people = found[number if root is None or number in incidents else root]
        if kind == Kind.RESOLVED:
            people.pop(user, None)
        else:
            people[user].add(contact)
    return found


def _take_back(incidents: Collection[int], now: datetime) -> None:
    """What is open again is not over: a word of its end that waits is not said."""
    waiting = Message.objects.filter(incident__in=incidents, kind=Kind.RESOLVED, state=Message.State.WAITING)
    waiting.exclude(user=None).update(state=Message.State.SUPPRESSED, note="it was opened again", ended_at=now)
