"""Silences take effect: when one begins, what fires already is held; when it ends, what still fires is looked at again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from tocsin.alerts import silences
from tocsin.alerts.models import Alert, Silence
from tocsin.alerts.silencing import Silence as Rule
from tocsin.catalog.directory import Directory
from tocsin.catalog.store import directory_of
from tocsin.incidents import assessments, changes
from tocsin.incidents.lifecycle import Status, is_open
from tocsin.incidents.models import Incident, IncidentOccurrence

# Of very many open incidents the newest are held when a silence begins; those that open later are held as they open.
MOST_HELD_AT_ONCE = 1000


@transaction.atomic
def look(silence_id: int, now: datetime) -> None:
    """A silence's timer: it has begun, has ended, or begins again."""
    silence = Silence.objects.select_for_update(no_key=True).filter(pk=silence_id).first()
    if silence is None:
        return
    window_end = silence.active_until
    goes_on = silences.roll(silence, now)
    if not goes_on or window_end <= now:
        let_go(silence, now)
    if not goes_on:
        return
    if silence.active_from <= now:
        hold(silence, now)
        silences.set_timer(silence, silence.active_until)
    else:
        silences.set_timer(silence, silence.active_from)


def hold(silence: Silence, now: datetime) -> int:
    """Holds the open incidents of which every firing alert is silenced; how many."""
    if silence.is_trial:
        return 0
    open_ = Incident.objects.filter(resolved_at=None, closed_at=None, held_by=None, quiet_since=None).order_by("-id")
    if silence.environment_id is not None:
        open_ = open_.filter(environment=silence.environment_id)
    incidents = _locked(open_.values_list("pk", flat=True)[:MOST_HELD_AT_ONCE])
    rules, firing, service_of = silences.active_rules(now), _firing(incidents), service_names()
    held = 0
    for incident in incidents:
        rule = silences.are_all_matched(firing[incident.pk], rules, service_of)
        if rule is not None and is_open(Status(incident.status)):
            _hold(incident, rule, now)
            held += 1
    return held


def let_go(silence: Silence, now: datetime) -> None:
    """A silence has ended: of what it held, what still fires is held by another, or released and told of."""
    incidents = _locked(Incident.objects.filter(held_by=silence).values_list("pk", flat=True))
    rules, firing, service_of = silences.active_rules(now), _firing(incidents), service_names()
    for incident in incidents:
        if incident.held_by_id != silence.pk:  # something else that fires in it was faster
            continue
        rule = silences.are_all_matched(firing[incident.pk], rules, service_of)
        if rule is not None and is_open(Status(incident.status)):
            _hold(incident, rule, now)
        else:
            _release(incident, silence, now, is_firing=bool(firing[incident.pk]))


def _locked(numbers: Iterable[int]) -> list[Incident]:
    """These incidents, in the order in which ingest locks them. Only then can be asked what fires in them: nothing joins
    them any more."""
    return list(Incident.objects.select_for_update(no_key=True).filter(pk__in=list(numbers)).order_by("pk"))


def _hold(incident: Incident, rule: Rule, now: datetime) -> None:
    incident.held_by_id, incident.held_until = rule.id, rule.until
    incident.save(update_fields=["held_by", "held_until"])
    text = f"Held by silence {rule.id} ({rule.reason}): nobody is told while it lasts."
    changes.record(incident, "silence", text, actor=changes.TOCSIN, now=now, silence=rule.id)
    assessments.request(incident.pk, now)  # its clock stands still, or runs again


def _release(incident: Incident, silence: Silence, now: datetime, *, is_firing: bool) -> None:
    incident.held_by = incident.held_until = None
    incident.save(update_fields=["held_by", "held_until"])
    if not is_open(Status(incident.status)):
        return
    still = "still firing: no longer held" if is_firing else "nothing fires any more"
    text = f"Silence {silence.pk} ({silence.reason}) ended, {still}."
    changes.record(incident, "silence", text, actor=changes.TOCSIN, now=now, silence=silence.pk)
    assessments.request(incident.pk, now)


def _firing(incidents: list[Incident]) -> dict[int, list[Alert]]:
    """The alerts that fire in each of these incidents."""
    found: dict[int, list[Alert]] = defaultdict(list)
    links = IncidentOccurrence.objects.filter(incident__in=incidents, left_at=None, occurrence__ends_at=None)
    for link in links.select_related("alert__source").distinct():
        found[link.incident_id].append(link.alert)
    return found


def service_names() -> Callable[[Alert], str]:
    """Names an alert's service in the catalogue, which is loaded once for each environment."""
    directories: dict[int, Directory] = {}

    def service_of(alert: Alert) -> str:
        if alert.environment_id not in directories:
            directories[alert.environment_id] = directory_of(alert.environment_id)
        found = directories[alert.environment_id].service_of(alert.labels, alert.subject)
        return found.slug if found else ""

    return service_of
