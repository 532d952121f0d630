"""Runs of infrastructure tools come in: those that call somebody fire alerts, and all are kept with their incidents.

Part of ingest's one transaction. A run that came before changes nothing; bad news that good news has overtaken is kept,
and calls nobody.
"""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tocsin.alerts import store as alert_store
from tocsin.alerts.calling import alerts_of
from tocsin.alerts.firing import Report
from tocsin.alerts.grouping import fingerprint
from tocsin.alerts.parsed import ParsedAlert
from tocsin.alerts.runs import ReportedRun, is_elsewhere, place
from tocsin.alerts.store import Connection, Keyed
from tocsin.deployments import store
from tocsin.deployments.store import Arrived
from tocsin.incidents import deployments as links
from tocsin.incidents import store as incident_store
from tocsin.incidents.deployments import Told
from tocsin.investigation import store as investigation_store
from tocsin.workflows import jobs

if TYPE_CHECKING:
    from tocsin.workflows.ingest import Received


def arrived(ids: list[int], batch: list[Received]) -> list[Arrived]:
    """The runs of a batch whose signals have these ids, in their order; those without a name are named after the signal."""
    return [
        Arrived(r.sender.environment_id, r.sender.id, r.sender.kind, id_, r.received_at, _with_name(run, id_), r.record)
        for id_, r in zip(ids, batch, strict=True)
        if r.parsed is not None
        for run in r.parsed.runs
        if not is_elsewhere(run, r.sender.environment)
    ]


def _with_name(run: ReportedRun, signal: int) -> ReportedRun:
    return run if run.run else replace(run, run=f"signal {signal}")


async def called(connection: Connection, runs: list[Arrived]) -> list[Report]:
    """What these runs say about alerts."""
    late = await store.overtaken(connection, runs)
    return [
        Report(one.environment_id, one.source_id, one.source_kind, one.signal_id, one.received_at, alert)
        for one in runs
        if one.key not in late
        for alert in alerts_of(one.run)
    ]


def heard_of(keyed: Keyed, known: Set[tuple[int, str]]) -> Keyed:
    """Without news about what never fired: most runs go well, and an alert for each would be one too many."""
    fired = {key for key, report in keyed if report.parsed.firing and not report.parsed.acknowledged}
    return [(key, r) for key, r in keyed if key in known or key in fired or _stands_alone(r.parsed)]


def _stands_alone(alert: ParsedAlert) -> bool:
    """Whether a report is worth keeping of an alert that was never heard of."""
    return bool(alert.title) and not alert.is_event and not alert.acknowledged


async def keep(connection: Connection, runs: list[Arrived]) -> None:
    """Writes these runs, links them to their incidents, and asks for an investigation of those that failed again."""
    ids = (await alert_store.new_ids(connection, deployments_deployment=len(runs)))["deployments_deployment"]
    kept = dict(zip(ids, runs, strict=True))
    await store.write(connection, list(kept.items()))
    now = max(one.received_at for one in runs)
    failed = await links.link_failed(connection, _told(kept, firing=True))
    recovered = await links.link_succeeded(connection, _told(kept, firing=False))
    if failed:
        again = await investigation_store.request_another(connection, sorted({i for i, _ in failed}), now)
        if again:
            await jobs.defer_investigations(connection, again)
    offers = [links.offer(incident, run, _named(kept[run]), now) for incident, run in recovered]
    await incident_store.write_entries(connection, offers)
    await incident_store.tell_pages(connection, {incident for incident, _ in [*failed, *recovered]})


def _told(kept: dict[int, Arrived], *, firing: bool) -> list[Told]:
    return [
        Told(id_, one.signal_id, one.environment_id, fingerprint(one.source_kind, alert.identity))
        for id_, one in kept.items()
        for alert in alerts_of(one.run)
        if alert.firing is firing
    ]


def _named(one: Arrived) -> str:
    return f"{one.run.tool} {one.run.command} of {place(one.run)}".replace("  ", " ")
