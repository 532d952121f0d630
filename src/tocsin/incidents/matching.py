"""To which incident a firing alert belongs: `match` decides and says why. Pure; the caller fetches the candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tocsin.alerts.grouping import ALWAYS_FIRING
from tocsin.catalog.directory import Directory
from tocsin.incidents import relation
from tocsin.incidents.lifecycle import incident_name
from tocsin.incidents.relation import NO_PAIRS, NO_TRAITS, Pairs, Traits

# Alerts about the same resource are one failure while it is going on: while it fires, and for this long after it began.
SAME_SUBJECT_WINDOW = timedelta(hours=1)
# A recurrence soon after the last one is flapping: each one waits twice as long before it resolves by itself.
FLAPPING_WINDOW = timedelta(hours=1)
LONGEST_QUIET_PERIOD = timedelta(hours=1)


NO_DIRECTORY = Directory()
# How the key of a subject begins that is the configuration of an infrastructure tool.
OF_A_RUN = "Configuration/"


@dataclass(slots=True)
class Firing:
    """An alert that has just begun to fire. What most decisions do not need is worked out when it is first asked for."""

    alert_id: int
    environment_id: int
    title: str
    subject_key: str
    labels: Mapping[str, str] = field(default_factory=dict)
    subject: Mapping[str, str] = field(default_factory=dict)
    directory: Directory = NO_DIRECTORY
    _service: str | None = None
    _traits: Traits | None = None

    @property
    def service(self) -> str:
        """The slug of its service in the catalogue; empty where it has none."""
        if self._service is None:
            found = self.directory.service_of(self.labels, self.subject) if self.directory.services else None
            self._service = found.slug if found else ""
        return self._service

    @property
    def traits(self) -> Traits:
        """What it can have in common with incidents."""
        if self._traits is None:
            self._traits = relation.traits_of(self.title, self.labels, self.subject, self.subject_key, self.service)
        return self._traits


@dataclass(frozen=True, slots=True)
class Candidate:
    """An incident this firing might belong to: those of the same alert (open or not), and open ones that could be related.

    `is_untouched`: nobody has acknowledged it yet, so that it may still become part of another.
    """

    id: int
    environment_id: int
    subject_key: str
    alert_ids: Set[int]
    is_open: bool
    is_firing: bool
    last_firing_at: datetime | None
    resolved_at: datetime | None
    quiet_period: timedelta
    traits: Traits = NO_TRAITS
    opened_at: datetime | None = None
    is_untouched: bool = False

    @property
    def name(self) -> str:
        """How people call it."""
        return incident_name(self.id)


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision may know besides: what people taught, whether alerts come in a storm, and how rare words are."""

    pairs: Pairs = NO_PAIRS
    is_storm: bool = False
    rarity: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joins:
    """It belongs to an incident that is open. `folds`: others that turn out to be the same failure, and become part of it."""

    incident_id: int
    reason: str
    folds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Opens:
    """It is a new incident; a recurrence of an earlier one where that is named."""

    reason: str
    quiet_period: timedelta
    recurrence_of: int | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """It is kept, but nobody's incident."""

    reason: str


Match = Joins | Opens | Ignored
NOTHING_KNOWN = Context()


def match(
    firing: Firing,
    candidates: Sequence[Candidate],
    now: datetime,
    quiet_period: timedelta,
    context: Context = NOTHING_KNOWN,
) -> Match:
    """Where `firing` belongs. `quiet_period` is the usual one; a quick recurrence gets a longer one.

    First the incident that already has this alert, then one about the same subject, then the one it has most to do with
    (`relation`). What people split stays apart, and so does what would go unseen; a resolved incident is never joined. Of
    several that fit as well the oldest wins, so that the order of arrival does not matter.
    """
    if firing.title in ALWAYS_FIRING:
        return Ignored(f"{firing.title} fires by design")
    here = sorted((c for c in candidates if c.environment_id == firing.environment_id), key=lambda c: c.id)
    for candidate in here:
        if candidate.is_open and firing.alert_id in candidate.alert_ids:
            return Joins(candidate.id, f"{firing.title} is already part of {candidate.name}")
    allowed = [c for c in here if c.is_open and not _are_kept_apart(firing, c, context.pairs)]
    why_new = "no open incident has this alert or is about its subject"
    for candidate in (c for c in allowed if _about_the_same(firing, c, now)):
        about = f"{candidate.name} is about {firing.subject_key or firing.service} too"
        if not _would_go_unseen(firing, candidate, now):
            return Joins(candidate.id, about)
        why_new = f"{about}, but somebody has that already, and it is of a kind that others do not feel"
    if related := _related(firing, allowed, now, context):
        return related
    earlier = [c for c in here if not c.is_open and firing.alert_id in c.alert_ids]
    if earlier:
        return _recurs(earlier[-1], firing, now, quiet_period)
    return Opens(why_new, quiet_period)


def _are_kept_apart(firing: Firing, candidate: Candidate, pairs: Pairs) -> bool:
    return bool(pairs.apart) and relation.are_kept_apart(firing.traits, candidate.traits, pairs)


def _about_the_same(firing: Firing, candidate: Candidate, now: datetime) -> bool:
    keys = candidate.traits.keys
    same = bool(firing.subject_key) and (
        firing.subject_key == candidate.subject_key or f"about:{firing.subject_key}" in keys
    )
    same = same or (bool(firing.service) and f"service:{firing.service}" in keys)
    lately = candidate.last_firing_at is not None and now - candidate.last_firing_at <= SAME_SUBJECT_WINDOW
    return same and (lately or candidate.is_firing)


def _would_go_unseen(firing: Firing, candidate: Candidate, now: datetime) -> bool:
    """Whether it is trouble that others feel, and the incident was taken up as something that stays where it is (a certificate, a
    backup), some time ago: nobody is told again of what somebody has."""
    if candidate.is_untouched or relation.is_near(candidate.last_firing_at, now):
        return False
    keys = candidate.traits.keys
    return bool(keys) and "spreads:" not in keys and "spreads:" in firing.traits.keys


def _related(firing: Firing, candidates: Sequence[Candidate], now: datetime, context: Context) -> Joins | None:
    """The open incident it has most to do with; with others that it explains too, where it is what they all stand on."""
    found = []
    for candidate in candidates:
        if not relation.is_near(candidate.last_firing_at, now) or _are_two_deployments(firing, candidate):
            continue
        connected = relation.connection(
            firing.traits, candidate.traits, firing.directory, context.pairs, is_storm=context.is_storm
        )
        if not connected[0]:
            continue
        assert candidate.last_firing_at is not None
        since = now - candidate.last_firing_at
        scored = relation.score(firing.traits, candidate.traits, since, connected, context.rarity)
        if scored.total >= relation.THRESHOLD:
            found.append((scored, candidate))
    if not found:
        return None
    best, joined = max(found, key=lambda one: (one[0].total, -one[1].id))
    folds = tuple(c.id for _, c in found if c.id != joined.id and _may_fold(firing, joined, c, now))
    reason = f"it is related to {joined.name}: {best.terms}; together {best.total:.2f}, {relation.THRESHOLD} is enough"
    return Joins(joined.id, reason, folds)


def _are_two_deployments(firing: Firing, candidate: Candidate) -> bool:
    """Whether both are failed runs, of different configurations: each has a log, a cause and a way out of its own."""
    return firing.subject_key.startswith(OF_A_RUN) and candidate.subject_key.startswith(OF_A_RUN)


def _may_fold(firing: Firing, into: Candidate, other: Candidate, now: datetime) -> bool:
    """Whether an incident that nobody has taken up yet is only another consequence of what this firing is about."""
    is_young = other.opened_at is not None and now - other.opened_at <= relation.WINDOW
    both = (relation.explains(firing.traits, one.traits, firing.directory) for one in (into, other))
    return is_young and other.is_untouched and all(both)


def _recurs(last: Candidate, firing: Firing, now: datetime, quiet_period: timedelta) -> Opens:
    if last.resolved_at is not None and now - last.resolved_at <= FLAPPING_WINDOW:
        longer = max(quiet_period, min(last.quiet_period * 2, LONGEST_QUIET_PERIOD))
        return Opens(
            f"{firing.title} came back soon after {last.name}; it now must stay quiet for {_minutes(longer)}",
            longer,
            last.id,
        )
    return Opens(f"{firing.title} fired before, in {last.name}", quiet_period, last.id)


def _minutes(span: timedelta) -> str:
    return f"{span.total_seconds() / 60:g} min"
