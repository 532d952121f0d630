"""The timeline of an incident as its page shows it: narrowed and paged by the page's address, so that both can be shared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, QueryDict

from tocsin.incidents.models import Incident, TimelineEntry
from tocsin.incidents.timeline import Group, Run, is_turn, page, runs
from tocsin.web.pages.addresses import row_number

MOST_ENTRIES = 100
_NAMES = {Group.KEY: "Key moments"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to narrow the timeline to: its name, whether it is chosen, and the address that turns that round."""

    name: str
    is_chosen: bool
    query: str


@dataclass(frozen=True, slots=True)
class ShownRun:
    """Entries in a row, as `timeline.Run`; `is_turn` marks what turned the course of the incident."""

    run: Run
    is_turn: bool

    @property
    def first(self) -> TimelineEntry:
        """The earliest of them, which stays the same while others come."""
        return self.run.entries[-1]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of it. `earlier` is the address of the page before in time, empty at the beginning; `query` is its own."""

    rows: list[ShownRun]
    choices: list[Choice]
    query: str
    earlier: str
    newest: str
    version: str

    @property
    def is_narrowed(self) -> bool:
        """Whether only some kinds of entries are shown."""
        return any(choice.is_chosen for choice in self.choices)


def timeline_of(incident: Incident, asked: QueryDict) -> Timeline:
    """What ?kind=…&before=…&entry=… ask for; one query, or two for an entry that is not among the newest. Raises Http404."""
    groups = _groups(asked.getlist("kind"))
    before, entry = row_number(asked.get("before", "")), row_number(asked.get("entry", ""))
    entries, has_earlier = page(incident.pk, groups, MOST_ENTRIES, before)
    if entry is not None and before is None and has_earlier and entry < entries[-1].pk:
        before = entry + 1
        entries, has_earlier = page(incident.pk, groups, MOST_ENTRIES, before)
    together = [Run((entry,)) for entry in entries] if Group.ALERTS in groups else runs(entries)
    query = _query(groups, before)
    return Timeline(
        [ShownRun(run, is_turn(run.entries[0])) for run in together],
        [Choice(_NAMES.get(group, group.capitalize()), group in groups, _toggled(groups, group)) for group in Group],
        query,
        earlier=_query(groups, entries[-1].pk) if has_earlier else "",
        newest=_query(groups) if before is not None else "",
        version=_version(query, entries),
    )


def _groups(asked: list[str]) -> tuple[Group, ...]:
    try:
        return tuple(group for group in Group if group in {Group(name) for name in asked})
    except ValueError as error:
        raise Http404(f"A timeline can be narrowed to {', '.join(Group)}.") from error


def _toggled(groups: tuple[Group, ...], group: Group) -> str:
    return _query(tuple(one for one in Group if (one in groups) != (one is group)))


def _query(groups: tuple[Group, ...], before: int | None = None) -> str:
    """The part of an address that shows this; it begins with a question mark."""
    asked = [("kind", group.value) for group in groups] + ([("before", str(before))] if before is not None else [])
    return "?" + urlencode(asked)


def _version(query: str, entries: list[TimelineEntry]) -> str:
    """Changes when there is something else to show: an entry may commit after one with a greater id."""
    shown = f"{query} {' '.join(str(entry.pk) for entry in entries)}"
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
