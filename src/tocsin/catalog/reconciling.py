"""What an import changes about the services of a project, as a plan that says why: decided first, written afterwards. Pure.

Whoever is trusted more is believed: people, then catalogue files, then Kubernetes objects, then what was merely seen. What an
import does not say it does not change; what it said before and no longer says goes, unless people have edited it. Of an import
without a name nobody knows what it said before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from tocsin.catalog.imports.parsed import Catalogue, ParsedService, ParsedTeam

# The fields of a service that an import may say, as they are stored.
FIELDS = (
    *("name", "kind", "description", "owner", "tier", "lifecycle", "links", "runbooks", "repositories", "tags"),
    *("aliases", "selectors", "hosts", "workspaces"),
)
HAND, FILE, KUBERNETES, DISCOVERED = "by hand", "catalogue file", "Kubernetes", "discovered"
TRUST = (HAND, FILE, KUBERNETES, DISCOVERED)


class Teller(NamedTuple):
    """Who says something: how it is known, and by whom or by which import; empty for one that is never the same again."""

    origin: str
    by: str


@dataclass(frozen=True, slots=True)
class Held:
    """A service as it is stored. `told` is who said each field; `needs` slug to who said so, None what people forgot."""

    slug: str
    teller: Teller
    fields: Mapping[str, Any]
    told: Mapping[str, Teller] = field(default_factory=dict)
    needs: Mapping[str, Teller | None] = field(default_factory=dict)
    is_forgotten: bool = False


class What(StrEnum):
    """What happens to a service."""

    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one service: fields to (before, after), and needs that come, with their reason, or go.

    `upheld` are fields and needs that were known already, and that the import says too.
    """

    what: What
    slug: str
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)
    needs_no_more: tuple[str, ...] = ()
    upheld: frozenset[str] = frozenset()
    upheld_needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """All that an import changes. `conflicts` are what it says and people do not, `notes` what was left out."""

    changes: tuple[Change, ...]
    teams: tuple[ParsedTeam, ...]
    conflicts: tuple[str, ...]
    notes: tuple[str, ...]

    def of(self, what: What) -> list[str]:
        """The services to which this happens."""
        return [change.slug for change in self.changes if change.what is what]


def plan(held: Mapping[str, Held], catalogue: Catalogue, teller: Teller) -> Plan:
    """What is to be done so that the services held say what this catalogue says."""
    conflicts: list[str] = []
    notes = list(catalogue.notes)
    described = {service.slug for service in catalogue.services}
    gone = list(_gone(held, described, teller, conflicts))
    forgotten = {slug for slug, one in held.items() if one.is_forgotten}
    hidden = forgotten if teller.origin == DISCOVERED else forgotten - described
    known = (held.keys() | described) - hidden - {change.slug for change in gone}
    changes = []
    for service in catalogue.services:
        if service.slug not in hidden:
            notes += [
                f"{service.slug} needs {n}, which is not described: left out" for n in service.needs if n not in known
            ]
            changes.append(_compared(held.get(service.slug), service, teller, known, conflicts))
    changes = sorted(changes + gone, key=lambda change: change.slug)
    return Plan(tuple(changes), catalogue.teams, tuple(conflicts), tuple(notes))


def document(service: ParsedService) -> dict[str, Any]:
    """The fields of a service in the form in which they are stored; what is not said is None."""
    said = {name: getattr(service, name) for name in FIELDS}
    return {n: msgspec.to_builtins(list(v) if isinstance(v, tuple) else v) or None for n, v in said.items()}


def is_trusted(teller: Teller, other: Teller | None) -> bool:
    """Whether what one says may replace what the other said."""
    return other is None or TRUST.index(teller.origin) <= TRUST.index(other.origin)


def _compared(
    before: Held | None, service: ParsedService, teller: Teller, known: set[str], conflicts: list[str]
) -> Change:
    said = document(service)
    needs = {slug: reason for slug, reason in service.needs.items() if slug in known and slug != service.slug}
    if before is None:
        named = {name: (None, value) for name, value in said.items() if value is not None}
        return Change(What.CREATED, service.slug, named, needs)
    fields, upheld = _fields(before, said, teller, conflicts)
    fresh = {slug: reason for slug, reason in needs.items() if slug not in before.needs}
    gone = tuple(sorted(s for s, by in before.needs.items() if by == teller and teller.by and s not in needs))
    forgotten = {slug for slug, by in before.needs.items() if by is None}
    if teller.origin == FILE:
        conflicts += [
            f"{service.slug}: needs {slug}, the import says; people said no" for slug in needs if slug in forgotten
        ]
    changed = What.CHANGED if fields or fresh or gone else What.UNCHANGED
    what = What.CREATED if before.is_forgotten else changed
    return Change(
        what, service.slug, fields, fresh, gone, upheld, frozenset(needs.keys() & (before.needs.keys() - forgotten))
    )


def _fields(
    before: Held, said: Mapping[str, Any], teller: Teller, conflicts: list[str]
) -> tuple[dict[str, tuple[Any, Any]], frozenset[str]]:
    """What an import changes in the fields of a service, and what it upholds of them."""
    fields, upheld = {}, set()
    for name, value in said.items():
        was, by = before.fields.get(name) or None, before.told.get(name)
        if value is None and (by != teller or not teller.by):
            continue
        if not is_trusted(teller, by):
            if value != was and by is not None and by.origin == HAND:
                says = f"{shown(was)}, set by {by.by}; the import says {shown(value)}"
                conflicts.append(f"{before.slug}: {name} stays {says}")
        elif value != was:
            fields[name] = (was, value)
        elif value is not None:
            upheld.add(name)
    return fields, frozenset(upheld)


def _gone(held: Mapping[str, Held], still: set[str], teller: Teller, conflicts: list[str]) -> Iterator[Change]:
    """What this import brought once and has no more."""
    for slug, one in held.items():
        if one.teller != teller or not teller.by or slug in still or one.is_forgotten:
            continue
        editors = sorted({by.by for by in one.told.values() if by.origin == HAND})
        if editors:
            conflicts.append(f"{slug}: stays, edited by {', '.join(editors)}; the import no longer has it")
        else:
            yield Change(What.REMOVED, slug)


def shown(value: object) -> str:
    """A field's value in a line of text."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
