"""Reading a timeline: which kinds of entries belong together, a page of them, what marks a turn, and what only repeats."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from django.db.models import Q, QuerySet

from tocsin.incidents.models import TimelineEntry


class Group(StrEnum):
    """What a timeline can be narrowed to."""

    KEY = "key"
    ALERTS = "alerts"
    ANALYSIS = "analysis"
    NOTES = "notes"
    DECISIONS = "decisions"
    ACTIONS = "actions"
    MESSAGES = "messages"
    CHANGES = "changes"


_KINDS: dict[Group, tuple[str, ...]] = {
    Group.ALERTS: ("alert", "storm", "silence"),
    Group.ANALYSIS: ("analysis", "lead", "triage", "services", "runbook"),
    Group.NOTES: ("note", "evidence"),
    Group.DECISIONS: ("decision",),
    Group.ACTIONS: ("action", "postmortem"),
    Group.MESSAGES: ("update", "message", "escalation", "alarm"),
}
# What turned the course of an incident; of the analyses those that found something.
_TURNS = ("opened", "status", "severity", "decision", "cause", "merge", "alarm")
_FOUND = Q(kind="analysis", reference__has_key="ordinal")
# Kinds that come by the dozen, and how many in a row are told in one line.
_REPEATING = frozenset({"alert"})
MANY = 4


def narrowed(entries: QuerySet[TimelineEntry], groups: Collection[Group]) -> QuerySet[TimelineEntry]:
    """Those of `entries` that belong to any of these groups; all of them where there are none."""
    if not groups:
        return entries
    wanted = Q(kind__in=[kind for group in groups for kind in _KINDS.get(group, ())])
    if Group.KEY in groups:
        wanted |= Q(kind__in=_TURNS) | _FOUND
    if Group.CHANGES in groups:  # whatever else is done to an incident
        wanted |= ~Q(kind__in=[kind for kinds in _KINDS.values() for kind in kinds])
    return entries.filter(wanted)


def page(
    incident_id: int, groups: Collection[Group], limit: int, before: int | None = None
) -> tuple[list[TimelineEntry], bool]:
    """The newest entries, or those before an entry's id, newest first; and whether there are earlier ones."""
    entries = TimelineEntry.objects.filter(incident=incident_id).order_by("-id")
    if before is not None:
        entries = entries.filter(pk__lt=before)
    found = list(narrowed(entries, groups)[: limit + 1])
    return found[:limit], len(found) > limit


def is_turn(entry: TimelineEntry) -> bool:
    """Whether the course of the incident turned there."""
    return entry.kind in _TURNS or (entry.kind == "analysis" and "ordinal" in entry.reference)


@dataclass(frozen=True, slots=True)
class Run:
    """Entries in a row, newest first; those that only repeat are `is_folded` into one line."""

    entries: tuple[TimelineEntry, ...]
    is_folded: bool = False


def runs(entries: Iterable[TimelineEntry]) -> list[Run]:
    """The entries in their order, repeats in a row put together."""
    found = []
    for kind, same in groupby(entries, lambda entry: entry.kind):
        together = tuple(same)
        is_folded = kind in _REPEATING and len(together) >= MANY
        found += [Run(together, is_folded=True)] if is_folded else [Run((entry,)) for entry in together]
    return found
