"""Merge and split by hand: occurrences become part of another incident, nothing is rewritten, and it is remembered.

A merge ends one incident as a duplicate of the other; a split opens a new one for some of its alerts. Where they were,
occurrences keep a row that says when they left.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import product

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tocsin.alerts.grouping import subject, subject_key
from tocsin.alerts.models import Alert, Occurrence
from tocsin.catalog.directory import Directory
from tocsin.catalog.store import directory_of
from tocsin.ground.models import Timer
from tocsin.incidents import assessments, changes
from tocsin.incidents.changes import BadChange
from tocsin.incidents.lifecycle import OPEN, Resolution, Status, is_open
from tocsin.incidents.models import Incident, IncidentOccurrence, LearntPair
from tocsin.incidents.relation import NO_TRAITS, Traits, pair_key, traits_of
from tocsin.incidents.triage import triage

# Of many alerts the first kinds are remembered; each pair of kinds is a row.
MOST_KINDS = 5


@transaction.atomic
def merge(from_id: int, into_id: int, *, actor: str, now: datetime, reason: str) -> Incident:
    """Makes one incident part of another. Raises BadChange, or Incident.DoesNotExist."""
    duplicate, into = _both(from_id, into_id)
    if not reason.strip():
        raise BadChange("Say why they are one: it is remembered, and others will ask.")
    if duplicate.environment_id != into.environment_id:
        raise BadChange("They are in different environments, and so two incidents.")
    for one in (duplicate, into):
        if not is_open(Status(one.status)):
            raise BadChange(f"{one.name} is {one.status}: only open incidents can be merged.")
    kinds, others = _kinds(duplicate), _kinds(into)
    _move(_present(duplicate), into, f"{duplicate.name} was merged into this: {reason}", now)
    duplicate.merged_into = into
    duplicate.save(update_fields=["merged_into"])
    changes.change_status(
        from_id,
        Status.RESOLVED,
        actor=actor,
        now=now,
        resolution=Resolution.DUPLICATE,
        reason=f"of {into.name}: {reason}",
    )
    _grow(into, duplicate)
    changes.record(
        into, "merge", f"{duplicate.name} was merged into this: {reason}", actor=actor, now=now, other=from_id
    )
    if duplicate.held_by_id is None:
        _let_go(into, duplicate, now)
    assessments.request(into_id, now)
    _remember(into.environment_id, kinds, others, is_together=True, actor=actor, now=now, reason=reason)
    return into


@transaction.atomic
def unmerge(number: int, *, actor: str, now: datetime) -> Incident:
    """Undoes a merge: what came from the incident goes back to it, and it is open again. Raises BadChange."""
    into_id = Incident.objects.get(pk=number).merged_into_id
    if into_id is None:
        raise BadChange("This incident is not merged into another.")
    duplicate, into = _both(number, into_id)
    came = _present(into).filter(moved_from=duplicate)
    if not is_open(Status(into.status)):
        raise BadChange(f"{into.name} is {into.status}: reopen it first.")
    kinds = _kinds(duplicate, came)
    _move(came, duplicate, f"no longer part of {into.name}", now)
    duplicate.merged_into = None
    duplicate.save(update_fields=["merged_into"])
    reason = f"it is not part of {into.name}"
    changes.change_status(number, _before(duplicate), actor=actor, now=now, reason=reason)
    changes.record(into, "merge", f"{duplicate.name} was taken out again.", actor=actor, now=now, other=number)
    _renew_traits(into)
    _quiet_if_all_ended(duplicate, now)
    _quiet_if_all_ended(into, now)
    for one in (duplicate, into):
        assessments.request(one.pk, now)
    _forget(into.environment_id, kinds, _kinds(into))
    return duplicate


@transaction.atomic
def split(number: int, alert_ids: Iterable[int], *, actor: str, now: datetime, reason: str) -> Incident:
    """Opens a new incident for some alerts of another. Raises BadChange, or Incident.DoesNotExist."""
    incident = changes.locked(number)
    chosen = _present(incident).filter(alert__in=list(alert_ids))
    rest = _present(incident).exclude(alert__in=list(alert_ids))
    if not is_open(Status(incident.status)):
        raise BadChange(f"{incident.name} is {incident.status}: only open incidents can be split.")
    if not reason.strip():
        raise BadChange("Say why they are two: it is remembered, and others will ask.")
    if not chosen.exists() or not rest.exists():
        raise BadChange("Choose some of the alerts, and leave some.")
    kinds, others = _kinds(incident, chosen), _kinds(incident, rest)
    opened = _open_for(_alerts(chosen), now, incident)
    _move(chosen, opened, f"split from {incident.name}: {reason}", now)
    text = f"Split from {incident.name}: {reason}"
    changes.record(opened, "opened", text, actor=actor, now=now, other=number)
    _after_leaving(incident, opened, reason, actor=actor, now=now)
    _quiet_if_all_ended(opened, now)
    assessments.request(opened.pk, now)
    _remember(incident.environment_id, kinds, others, is_together=False, actor=actor, now=now, reason=reason)
    return opened


@transaction.atomic
def gather(alert_ids: Iterable[int], *, actor: str, now: datetime, reason: str) -> Incident:
    """Opens an incident for these alerts' newest firings, wherever they are now. Raises BadChange."""
    newest = Occurrence.objects.filter(alert__in=list(alert_ids)).order_by("alert", "-starts_at").distinct("alert")
    firings = list(newest.select_related("alert__environment"))
    if len({firing.alert.environment_id for firing in firings}) != 1:
        raise BadChange("Choose alerts of one environment: an incident belongs to one.")
    present = IncidentOccurrence.objects.filter(occurrence__in=firings, left_at=None)
    owners = list(
        Incident.objects.select_for_update(no_key=True).filter(pk__in=present.values("incident")).order_by("pk")
    )
    why = reason.strip() or "chosen from the list of alerts"
    opened = _open_for([firing.alert for firing in firings], now)
    owned = set(present.values_list("occurrence", flat=True))
    _move(present, opened, why, now)
    IncidentOccurrence.objects.bulk_create(
        IncidentOccurrence(incident=opened, occurrence=firing, alert=firing.alert, reason=why)
        for firing in firings
        if firing.pk not in owned
    )
    changes.record(opened, "opened", f"Opened for {_names(opened)}: {why}.", actor=actor, now=now)
    for owner in owners:
        _after_leaving(owner, opened, why, actor=actor, now=now)
    _quiet_if_all_ended(opened, now)
    assessments.request(opened.pk, now)
    return opened


def _let_go(incident: Incident, because_of: Incident, now: datetime) -> None:
    """A silence holds only what it is about."""
    if incident.held_by_id is None:
        return
    text = f"No longer held: silence {incident.held_by_id} is not about {because_of.name}."
    changes.record(incident, "silence", text, actor=changes.TOCSIN, now=now, silence=incident.held_by_id)
    incident.held_by = incident.held_until = None
    incident.save(update_fields=["held_by", "held_until"])


def _after_leaving(incident: Incident, opened: Incident, reason: str, *, actor: str, now: datetime) -> None:
    text = f"{opened.name} was opened for {_names(opened)}: {reason}"
    changes.record(incident, "merge", text, actor=actor, now=now, other=opened.pk)
    _renew_traits(incident)
    _quiet_if_all_ended(incident, now)
    assessments.request(incident.pk, now)


def _both(one: int, other: int) -> tuple[Incident, Incident]:
    """Both, locked in the order of their numbers, as ingest does."""
    if one == other:
        raise BadChange("This is the incident itself.")
    locked = {
        i.pk: i for i in Incident.objects.select_for_update(no_key=True).filter(pk__in=[one, other]).order_by("pk")
    }
    if len(locked) < 2:
        raise BadChange("There is no such incident.")
    return locked[one], locked[other]


def _present(incident: Incident) -> QuerySet[IncidentOccurrence]:
    return IncidentOccurrence.objects.filter(incident=incident, left_at=None)


def _move(links: QuerySet[IncidentOccurrence], to: Incident, reason: str, now: datetime) -> None:
    rows = list(links.values_list("pk", "incident", "occurrence", "alert"))
    IncidentOccurrence.objects.filter(pk__in=[row[0] for row in rows]).update(left_at=now)
    IncidentOccurrence.objects.bulk_create(
        IncidentOccurrence(incident=to, occurrence_id=occurrence, alert_id=alert, reason=reason, moved_from_id=source)
        for _, source, occurrence, alert in rows
    )


def _before(incident: Incident) -> Status:
    """The stage it had reached before it ended."""
    reached = [stage for stage in OPEN if getattr(incident, f"{stage}_at") is not None]
    return reached[-1] if reached else Status.TRIGGERED


def _alerts(links: QuerySet[IncidentOccurrence]) -> list[Alert]:
    return list(Alert.objects.filter(pk__in=links.values("alert")).order_by("-firing", "first_seen", "pk"))


def _open_for(alerts: list[Alert], now: datetime, split_from: Incident | None = None) -> Incident:
    """A new incident that is about these alerts; its severity is that of where it came from, until it is assessed."""
    first = alerts[0]
    about = subject(first.labels)
    key = subject_key(about)
    where = key.removeprefix(f"{about.get('kind')}/") or about.get("name", "")
    judged = triage(first.severity, first.environment.kind)
    opened = Incident(
        environment=first.environment,
        title=f"{first.title}: {where}" if where else first.title,
        subject=about,
        subject_key=key,
        severity=split_from.severity if split_from else judged.severity,
        opened_by=split_from.opened_by if split_from else first.source.kind,
        severity_reason=f"as {split_from.name}, from which it was split" if split_from else judged.reason,
        triggered_at=now,
        last_firing_at=now,
        quiet_period=split_from.quiet_period if split_from else timedelta(seconds=settings.CONFIG.quiet_period),
        traits=_row(_traits(alerts, directory_of(first.environment_id))),
        held_by=split_from.held_by if split_from else None,
        held_until=split_from.held_until if split_from else None,
    )
    opened.save()
    return opened


def _names(incident: Incident) -> str:
    titles = sorted({alert.title for alert in _alerts(_present(incident))})
    return ", ".join(titles[:MOST_KINDS]) + (
        f" and {len(titles) - MOST_KINDS} more" if len(titles) > MOST_KINDS else ""
    )


def _traits(alerts: Iterable[Alert], directory: Directory) -> Traits:
    traits = NO_TRAITS
    for alert in alerts:
        about = subject(alert.labels)
        service = directory.service_of(alert.labels, about)
        told = traits_of(alert.title, alert.labels, about, subject_key(about), service.slug if service else "")
        traits = traits.joined_by(told) if traits.words else told
    return traits


def _row(traits: Traits) -> dict[str, list[str]]:
    return {"keys": sorted(traits.keys), "words": sorted(traits.words)}


def _renew_traits(incident: Incident) -> None:
    """What an incident is about, after some of it left."""
    incident.traits = _row(_traits(_alerts(_present(incident)), directory_of(incident.environment_id)))
    incident.save(update_fields=["traits"])


def _grow(into: Incident, duplicate: Incident) -> None:
    known, more = (
        Traits(frozenset(i.traits.get("keys", ())), frozenset(i.traits.get("words", ()))) for i in (into, duplicate)
    )
    into.traits = _row(known.joined_by(more))
    into.last_firing_at = max((t for t in (into.last_firing_at, duplicate.last_firing_at) if t), default=None)
    if _present(into).filter(occurrence__ends_at=None).exists():
        into.quiet_since = None
    into.save(update_fields=["traits", "last_firing_at", "quiet_since"])


def _quiet_if_all_ended(incident: Incident, now: datetime) -> None:
    if _present(incident).filter(occurrence__ends_at=None).exists():
        return
    still_open = Incident.objects.filter(pk=incident.pk, resolved_at=None, closed_at=None)
    if still_open.update(quiet_since=now):
        due_at = now + incident.quiet_period
        Timer.objects.update_or_create(kind="quiet", key=str(incident.pk), defaults={"due_at": due_at})


def _kinds(incident: Incident, links: QuerySet[IncidentOccurrence] | None = None) -> list[str]:
    """The kinds of its alerts as they are remembered, the first few."""
    directory = directory_of(incident.environment_id)
    found: dict[str, None] = {}
    for alert in _alerts(links if links is not None else _present(incident)):
        about = subject(alert.labels)
        service = directory.service_of(alert.labels, about)
        found[pair_key(alert.title, subject_key(about), service.slug if service else "")] = None
    return list(found)[:MOST_KINDS]


def _pairs(kinds: list[str], others: list[str]) -> set[tuple[str, str]]:
    return {(min(pair), max(pair)) for pair in product(kinds, others) if pair[0] != pair[1]}


def _remember(
    environment: int, kinds: list[str], others: list[str], *, is_together: bool, actor: str, now: datetime, reason: str
) -> None:
    """What was taught last counts."""
    for one, other in sorted(_pairs(kinds, others)):
        LearntPair.objects.update_or_create(
            environment_id=environment,
            one=one,
            other=other,
            defaults={"is_together": is_together, "actor": actor, "at": now, "reason": reason},
        )


def _forget(environment: int, kinds: list[str], others: list[str]) -> None:
    for one, other in _pairs(kinds, others):
        LearntPair.objects.filter(environment=environment, one=one, other=other, is_together=True).delete()
