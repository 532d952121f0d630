"""A signal comes in: one transaction keeps it, updates its alerts, finds their incidents, and asks for investigations.

`ingest` takes whatever has arrived since the last commit. Everything of it is committed, or nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from psycopg import AsyncConnection

from tocsin.alerts import grouping
from tocsin.alerts import store as alert_store
from tocsin.alerts.firing import AlertChanges, Report
from tocsin.alerts.parsed import Parsed, as_of
from tocsin.deployments import store as deployment_store
from tocsin.deployments.record import Record
from tocsin.incidents import store as incident_store
from tocsin.incidents.batch import Open
from tocsin.investigation import store as investigation_store
from tocsin.workflows import jobs
from tocsin.workflows.deploying import arrived, called, heard_of, keep
from tocsin.workflows.placing import Board, Placing

Connection = AsyncConnection[tuple[Any, ...]]
# A replica that hangs must not hold up the others without end; the sender is told to come again.
WAIT_AT_MOST = "SET LOCAL lock_timeout = '4s'"
# Ids for a first placing; above all real ones, so that the order among incidents is the same.
PROVISIONAL = 1 << 62


@dataclass(frozen=True, slots=True)
class Sender:
    """The source a signal came through, with what is needed of its environment. `trial`: understood, without effect."""

    id: int
    kind: str
    environment_id: int
    environment_kind: str
    environment: str = ""
    name: str = ""
    trial: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """One body. Either understood (`parsed`, and `body` redacted), or rejected (`error`, and `sealed` the body encrypted).

    `record` is what is kept of its one run, where the body is a deployment's. `delivery` makes a signed body the same
    when it comes again: it is kept once.
    """

    sender: Sender
    received_at: datetime
    body: str = ""
    parsed: Parsed | None = None
    error: str = ""
    sealed: bytes = b""
    record: Record | None = None
    delivery: str | None = None
    is_test: bool = False


async def ingest(connection: Connection, batch: list[Received], quiet_period: timedelta) -> list[int]:
    """Commits a batch, in order, and returns the signals' ids. Raises psycopg.Error when nothing of it was kept."""
    # In a pipeline only reading waits for an answer; what merely writes goes out together.
    async with connection.pipeline(), connection.transaction():
        await connection.execute(WAIT_AT_MOST)
        understood = {r.sender.environment_id for r in batch if r.parsed is not None}
        await alert_store.lock_environments(connection, understood)
        ids = (await alert_store.new_ids(connection, alerts_signal=len(batch)))["alerts_signal"]
        await alert_store.write_signals(connection, [_signal_row(i, r) for i, r in zip(ids, batch, strict=True)])
        runs = await deployment_store.fresh(connection, arrived(ids, batch))
        reports = [*_reports(ids, batch), *await called(connection, runs)]
        if reports:
            await _follow(
                connection, reports, {r.sender.environment_id: r.sender.environment_kind for r in batch}, quiet_period
            )
        if runs:
            await keep(connection, runs)
    return ids


def _signal_row(id_: int, received: Received) -> dict[str, Any]:
    return {
        "id": id_,
        "source_id": received.sender.id,
        "received_at": received.received_at,
        "body": received.body,
        "sealed_body": base64.b64encode(received.sealed).decode() if received.sealed else None,
        "error": received.error,
        "delivery": received.delivery,
        "is_test": received.is_test,
    }


def _reports(ids: list[int], batch: list[Received]) -> list[Report]:
    return [
        Report(r.sender.environment_id, r.sender.id, r.sender.kind, id_, r.received_at, as_of(alert, r.received_at))
        for id_, r in zip(ids, batch, strict=True)
        if r.parsed is not None
        for alert in r.parsed.alerts
    ]


async def _follow(
    connection: Connection, reports: list[Report], kinds: dict[int, str], quiet_period: timedelta
) -> None:
    """From reports to incidents and their investigations."""
    now = max(report.received_at for report in reports)
    keyed = alert_store.keyed(reports)
    known = await alert_store.known_alerts(connection, {key for key, _ in keyed})
    keyed = heard_of(keyed, known.keys())
    firing = [alert.open_occurrence for alert in known.values() if alert.open_occurrence is not None]
    abandoned = await incident_store.abandoned(connection, firing, now)
    seen_before = {alert.id for alert in known.values()}
    changed = await alert_store.take_reports(connection, keyed, known, abandoned, now)
    found = await _candidates(connection, changed, seen_before)
    home = await incident_store.homes(connection, sorted(changed.ended.keys() - changed.new_occurrences))

    def place(ids: Iterable[int]) -> Placing:
        return Placing(Board.of(found), kinds, quiet_period, now, iter(ids)).place_all(changed, home)

    # How many incidents open is known only after placing, and their numbers should have no holes: placed twice, then.
    placing = place(count(PROVISIONAL))
    if placing.changes.opened:
        ids = await alert_store.new_ids(connection, incidents_incident=len(placing.changes.opened))
        placing = place(ids["incidents_incident"])
    await alert_store.write_changes(connection, changed)
    await incident_store.write_changes(connection, placing.changes, now)
    if placing.changes.opened:
        opened = [opening.id for opening in placing.changes.opened]
        await investigation_store.request_first(connection, opened, now)
        await jobs.defer_investigations(connection, [(incident, 1) for incident in opened])
    if placing.touched:
        await incident_store.tell_pages(connection, placing.touched)


async def _candidates(connection: Connection, changed: AlertChanges, seen_before: set[int]) -> list[Open]:
    """The incidents the firings might belong to; an alert never seen before was in none."""
    if not changed.began:
        return []
    subjects = {
        (b.alert.environment_id, grouping.subject_key(grouping.subject(b.report.labels))) for b in changed.began
    }
    return await incident_store.candidates(
        connection, [b.alert.id for b in changed.began if b.alert.id in seen_before], subjects
    )
