"""From a batch's reports to incidents and their investigations; part of ingest's one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from tocsin.alerts import store as alert_store
from tocsin.alerts.firing import AlertChanges, StoredAlert
from tocsin.alerts.store import Keyed
from tocsin.incidents import assessments
from tocsin.incidents import store as incident_store
from tocsin.incidents.batch import Open
from tocsin.investigation import store as investigation_store
from tocsin.workflows import jobs, trials
from tocsin.workflows.arriving import Arriving, arriving, keys_of
from tocsin.workflows.board import Board
from tocsin.workflows.deploying import heard_of
from tocsin.workflows.memory import Connection, Memory, keep_rates, surroundings_of
from tocsin.workflows.placing import Placing
from tocsin.workflows.surroundings import Surroundings

# Ids for a first placing; above all real ones, so that the order among incidents is the same.
PROVISIONAL = 1 << 62


@dataclass(frozen=True, slots=True)
class Origins:
    """Where a batch's reports come from: the kinds of their environments, the names of their sources, the signals in trial."""

    kinds: Mapping[int, str]
    sources: Mapping[int, str] = field(default_factory=dict)
    on_trial: Set[int] = frozenset()


async def follow(
    connection: Connection, keyed: Keyed, origins: Origins, quiet_period: timedelta, memory: Memory
) -> None:
    """Writes what these reports change about alerts and incidents, and asks for the investigations of those that open."""
    now = max(report.received_at for _, report in keyed)
    known = await alert_store.known_alerts(connection, {key for key, _ in keyed})
    keyed = heard_of(_in_force(keyed, known, origins), known.keys())
    known = {key: known[key] for key, _ in keyed if key in known}
    firing = [alert.open_occurrence for alert in known.values() if alert.open_occurrence is not None]
    abandoned = await incident_store.abandoned(connection, firing, now) | _tried(keyed, known, origins)
    seen_before = {alert.id for alert in known.values()}
    changed = await alert_store.take_reports(connection, keyed, known, abandoned, now)
    around = await _surroundings(connection, changed, origins, now, memory)
    effective = arriving((one for one in changed.began if one.signal_id not in origins.on_trial), around)
    in_trial = arriving((one for one in changed.began if one.signal_id in origins.on_trial), around)
    found = await _candidates(connection, [*effective, *in_trial], around, seen_before, now)
    taken_on = _taken_on(keyed, changed, origins)
    ended = changed.ended.keys() | taken_on.keys()
    home = await incident_store.homes(connection, sorted(ended - changed.new_occurrences), now)

    def place(ids: Iterable[int]) -> Placing:
        return Placing(Board.of(found), around, quiet_period, now, iter(ids)).place_all(effective, changed, home)

    # How many incidents open is known only after placing, and their numbers should have no holes: placed twice, then.
    placing = place(count(PROVISIONAL))
    if placing.changes.opened:
        ids = await alert_store.new_ids(connection, incidents_incident=len(placing.changes.opened))
        placing = place(ids["incidents_incident"])
    placing.acknowledge(taken_on, home)
    await alert_store.write_changes(connection, changed, origins.on_trial)
    await incident_store.write_changes(connection, placing.changes, now)
    await trials.keep_holds(connection, placing.on_trial, now)
    await trials.keep_outcomes(connection, in_trial, found, around, quiet_period, now)
    await _look(connection, placing, now)


async def _look(connection: Connection, placing: Placing, now: datetime) -> None:
    """Asks for investigations: of what opened, and of what turned out to be about something else. Tells open pages."""
    opened = [opening.id for opening in placing.changes.opened]
    if opened:
        await investigation_store.request_first(connection, opened, now)
        await jobs.defer_investigations(connection, [(incident, 1) for incident in opened])
    if renamed := sorted(placing.changes.renamed.keys() - set(opened)):
        again = await investigation_store.request_another(connection, renamed, now)
        if again:
            await jobs.defer_investigations(connection, again)
    if placing.touched:
        await assessments.request_all(connection, placing.touched, now)
        await incident_store.tell_pages(connection, placing.touched)


async def _surroundings(
    connection: Connection, changed: AlertChanges, origins: Origins, now: datetime, memory: Memory
) -> dict[int, Surroundings]:
    """The surroundings of the environments in which something began, with these firings counted."""
    counts = Counter(one.alert.environment_id for one in changed.began if one.signal_id not in origins.on_trial)
    kinds = {one.alert.environment_id: origins.kinds[one.alert.environment_id] for one in changed.began}
    if not kinds:
        return {}
    found = await surroundings_of(connection, kinds, origins.sources, now, memory)
    counted = {id_: around.with_firings(counts[id_], now) for id_, around in found.items()}
    await keep_rates(connection, {id_: around.rate for id_, around in counted.items()})
    return counted


async def _candidates(
    connection: Connection,
    arrived: list[Arriving],
    around: Mapping[int, Surroundings],
    seen_before: set[int],
    now: datetime,
) -> list[Open]:
    """The incidents the firings might belong to; an alert never seen before was in none."""
    if not arrived:
        return []
    subjects = {(one.firing.environment_id, one.firing.subject_key) for one in arrived}
    alerts = [one.firing.alert_id for one in arrived if one.firing.alert_id in seen_before]
    return await incident_store.candidates(connection, alerts, subjects, keys_of(arrived, around), now)


def _in_force(keyed: Keyed, known: Mapping[tuple[int, str], StoredAlert], origins: Origins) -> Keyed:
    """Without what a trial says of alerts that others report in earnest: it would end their firings, or rename them."""
    earnest = {key for key, report in keyed if report.signal_id not in origins.on_trial}
    earnest |= {key for key, alert in known.items() if alert.open_occurrence is not None and not alert.is_trial}
    return [(key, r) for key, r in keyed if r.signal_id not in origins.on_trial or key not in earnest]


def _tried(keyed: Keyed, known: Mapping[tuple[int, str], StoredAlert], origins: Origins) -> set[int]:
    """The firings without effect that are now reported in earnest: they end, and begin anew."""
    earnest = (known[key] for key, report in keyed if key in known and report.signal_id not in origins.on_trial)
    return {alert.open_occurrence for alert in earnest if alert.is_trial and alert.open_occurrence is not None}


def _taken_on(keyed: Keyed, changed: AlertChanges, origins: Origins) -> dict[int, str]:
    """The open occurrences that somebody at the sender has taken on, and who says so."""
    found = {}
    for key, report in keyed:
        occurrence = changed.alerts[key].open_occurrence
        if report.parsed.acknowledged and occurrence is not None and report.signal_id not in origins.on_trial:
            found[occurrence] = f"source {origins.sources.get(report.source_id, report.source_kind)}"
    return found
