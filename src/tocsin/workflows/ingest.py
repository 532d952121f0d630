"""A signal comes in: one transaction keeps it, updates its alerts, finds their incidents, and asks for investigations.

`ingest` takes whatever has arrived since the last commit. Everything of it is committed, or nothing.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection

from tocsin.alerts import store as alert_store
from tocsin.alerts.firing import Report
from tocsin.alerts.parsed import Parsed, as_of
from tocsin.deployments import store as deployment_store
from tocsin.deployments.record import Record
from tocsin.workflows.deploying import arrived, called, keep
from tocsin.workflows.following import Origins, follow
from tocsin.workflows.memory import Memory

Connection = AsyncConnection[tuple[Any, ...]]
# A replica that hangs must not hold up the others without end; the sender is told to come again.
WAIT_AT_MOST = "SET LOCAL lock_timeout = '4s'"


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


async def ingest(
    connection: Connection, batch: list[Received], quiet_period: timedelta, memory: Memory | None = None
) -> list[int]:
    """Commits a batch, in order, and returns the signals' ids. Raises psycopg.Error when nothing of it was kept.

    `memory` keeps what seldom changes from one batch to the next.
    """
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
            keyed = alert_store.keyed(reports)
            await follow(connection, keyed, _origins(ids, batch), quiet_period, memory or Memory())
        if runs:
            await keep(connection, runs)
    return ids


def _origins(ids: list[int], batch: list[Received]) -> Origins:
    return Origins(
        {r.sender.environment_id: r.sender.environment_kind for r in batch},
        {r.sender.id: r.sender.name or r.sender.kind for r in batch},
        {id_ for id_, r in zip(ids, batch, strict=True) if r.sender.trial or r.is_test},
    )


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
